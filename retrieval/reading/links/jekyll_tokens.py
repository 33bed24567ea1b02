"""The tokens of a Jekyll permalink. Source: jekyll 4.3, drops/url_drop.rb and url.rb."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from retrieval.reading.links.clocks import DAYS, MONTHS
from retrieval.reading.links.jekyll_front import document_date
from retrieval.reading.links.link import NoAddress
from retrieval.reading.links.slugs import slugify

SEGMENT = "-._~!$&'()*+,;=:@/"
"""What stays as it is in a path, besides letters and digits."""
_TOKEN = re.compile(":([a-z_]+)")
_FROM_DATE: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda at: f"{at.year:04}",
    "month": lambda at: f"{at.month:02}",
    "day": lambda at: f"{at.day:02}",
    "hour": lambda at: f"{at.hour:02}",
    "minute": lambda at: f"{at.minute:02}",
    "second": lambda at: f"{at.second:02}",
    "i_month": lambda at: str(at.month),
    "i_day": lambda at: str(at.day),
    "short_month": lambda at: MONTHS[at.month - 1][:3],
    "long_month": lambda at: MONTHS[at.month - 1],
    "short_year": lambda at: f"{at.year % 100:02}",
    "w_year": lambda at: f"{at.isocalendar()[0]:04}",
    "week": lambda at: f"{at.isocalendar()[1]:02}",
    "w_day": lambda at: str(at.isoweekday()),
    "short_day": lambda at: DAYS[at.weekday()][:3],
    "long_day": lambda at: DAYS[at.weekday()],
    "y_day": lambda at: f"{at.timetuple().tm_yday:03}",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A post, or a document of another collection."""

    path: str
    """Without extension, from the collection's folder on."""
    collection: str
    basename: str
    """Of the file, without extension."""
    front: Mapping[str, object]
    """Completed by the defaults."""
    date: object
    """Of the front matter, else of the file name; None where neither gives one."""
    slug: str
    """Of the file name."""
    categories: Callable[[], list[str]]
    zone: str | None


def expand(template: str, document: Document) -> str:
    """The path that `template` makes. Raises NoAddress where a value is not known or Jekyll would stop."""
    path = _TOKEN.sub(lambda match: _value(match[1], document), template)
    return sanitized(path)


def _value(name: str, document: Document) -> str:
    if name.endswith("_") and name not in _COMPUTED:
        return _value(name.removesuffix("_"), document) + "_"
    if name in _FROM_DATE:
        return _FROM_DATE[name](document_date(document.date, document.zone))
    if name not in _COMPUTED:
        raise NoAddress(f"not published: Jekyll stops at the unknown :{name} of the permalink")
    return escaped(_COMPUTED[name](document))


def _slug(document: Document) -> str:
    own = document.front.get("slug")
    slug = document.slug if own is None else own
    if not isinstance(slug, str):
        raise NoAddress("its slug is not text; put it in quotes")
    return slug


_COMPUTED: Mapping[str, Callable[[Document], str]] = {
    "title": lambda document: slugify(_slug(document), pretty=True, keep_case=True),
    "slug": lambda document: slugify(_slug(document)),
    "name": lambda document: slugify(document.basename),
    "path": lambda document: document.path,
    "collection": lambda document: document.collection,
    "output_ext": lambda _: ".html",
    "categories": lambda document: "/".join(dict.fromkeys(name.lower() for name in document.categories())),
    "slugified_categories": lambda document: "/".join(dict.fromkeys(map(slugify, document.categories()))),
}


def escaped(path: str) -> str:
    """A value in percent-encoding."""
    if "?" in path:
        raise NoAddress("its path holds a question mark, which cuts an address")
    return quote(path, safe=SEGMENT)


def sanitized(path: str) -> str:
    """A path as Jekyll tidies it: one slash at the front, no double ones, no dots that lead upwards."""
    return re.sub("/{2,}", "/", f"/{path}".replace("..", "/").replace("./", ""))
