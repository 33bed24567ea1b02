"""The address of a Jekyll post, page or document of a collection.

Source: jekyll 4.3, url.rb, drops/url_drop.rb, document.rb and page.rb.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from posixpath import splitext
from urllib.parse import quote

from retrieval.reading.links.jekyll_front import Defaults, categories, document_date, with_defaults
from retrieval.reading.links.link import NoAddress
from retrieval.reading.links.slugs import slugify

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_TOKEN = re.compile(":([a-z_]+)")
_DATED = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.+)", re.ASCII)
_RENDERED = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".html", ".htm")
_SEGMENT = "-._~!$&'()*+,;=:@/"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_FROM_DATE: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda at: f"{at.year:04}",
    "month": lambda at: f"{at.month:02}",
    "day": lambda at: f"{at.day:02}",
    "hour": lambda at: f"{at.hour:02}",
    "minute": lambda at: f"{at.minute:02}",
    "second": lambda at: f"{at.second:02}",
    "i_month": lambda at: str(at.month),
    "i_day": lambda at: str(at.day),
    "short_month": lambda at: _MONTHS[at.month - 1][:3],
    "long_month": lambda at: _MONTHS[at.month - 1],
    "short_year": lambda at: f"{at.year % 100:02}",
    "w_year": lambda at: f"{at.isocalendar()[0]:04}",
    "week": lambda at: f"{at.isocalendar()[1]:02}",
    "w_day": lambda at: str(at.isoweekday()),
    "short_day": lambda at: _DAYS[at.weekday()][:3],
    "long_day": lambda at: _DAYS[at.weekday()],
    "y_day": lambda at: f"{at.timetuple().tm_yday:03}",
}


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of the site's configuration."""

    permalink: str | None = None
    output: bool = False


@dataclass(frozen=True, slots=True)
class Jekyll:
    """What of a Jekyll site's configuration settles its addresses."""

    base: str | None
    """`url` and `baseurl` together; None where they are not configured."""
    permalink: str = "date"
    collections: Mapping[str, Collection] = field(default_factory=dict)
    collections_dir: str = ""
    defaults: tuple[Defaults, ...] = ()
    timezone: str | None = None
    """Zone of the site, else of the machine that builds it; None is UTC."""
    source: str = ""
    future: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Document:
    path: str
    """Without extension, from the collection's folder on."""
    collection: str
    front: Mapping[str, object]
    date: object
    slug: str
    categories: Callable[[], list[str]]
    zone: str | None


def url(path: str, front: Mapping[str, object], site: Jekyll, now: datetime | None = None) -> str:
    """The address of the article at `path`, which is relative to the site's folder.

    Raises NoAddress where there is no page, or where its address cannot be computed.
    """
    return absolute(site, relative_url(path, front, site, now))


def relative_url(path: str, front: Mapping[str, object], site: Jekyll, now: datetime | None = None) -> str:
    """Jekyll's `page.url`: from the site's root on, and not wholly percent-encoded."""
    source = site.source.strip("./")
    below = path.removeprefix(source + "/") if source else path
    if source and below == path:
        raise NoAddress(f"not a page: it lies outside the site's {source}/ folder")
    if splitext(below)[1].lower() not in _RENDERED:
        raise NoAddress(f"not a page: Jekyll does not render {splitext(below)[1] or 'files without extension'}")
    if site.collections_dir:
        below = below.removeprefix(site.collections_dir.strip("/") + "/")
    if "_posts" in below.split("/")[:-1]:
        return _post_url(below, front, site, now)
    if below.startswith("_") and below[1:].split("/")[0] in site.collections:
        return _collection_url(below, front, site, now)
    return _page_url(below, front, site)


def _post_url(below: str, front: Mapping[str, object], site: Jekyll, now: datetime | None) -> str:
    above, _, name = f"/{below}".partition("/_posts/")
    stem, _ = splitext(name.rpartition("/")[2])
    dated = _DATED.fullmatch(stem)
    if dated is None or "/_posts/" in f"/{name}":
        raise NoAddress("not published: the name of a Jekyll post begins with its date, YYYY-MM-DD-")
    folders = [folder for folder in above.split("/") if folder]
    defaults = with_defaults({}, site.defaults, below, "posts")
    own = {**defaults, **front}
    post = _Document(
        path=f"{above}/{splitext(name)[0].rstrip('.')}",
        collection="posts",
        front={**own, "basename": stem},
        date=own.get("date") or dated[1],
        slug=dated[2].rstrip("."),
        categories=lambda: categories(front, defaults, folders),
        zone=site.timezone,
    )
    _check_published(post, site, now)
    posts = site.collections.get("posts", Collection())
    style = posts.permalink or STYLES.get(site.permalink, site.permalink)
    return _expand(_own_permalink(own) or style, post)


def _collection_url(below: str, front: Mapping[str, object], site: Jekyll, now: datetime | None) -> str:
    label, name = below[1:].split("/", 1)
    collection = site.collections[label]
    if not collection.output:
        raise NoAddress(f"not published: the collection {label} is written out only with `output: true`")
    stem, _ = splitext(name.rpartition("/")[2])
    dated = _DATED.fullmatch(stem)
    defaults = with_defaults({}, site.defaults, below, label)
    own = {**defaults, **front}
    document = _Document(
        path="/" + splitext(name)[0].rstrip("."),
        collection=label,
        front={**own, "basename": stem},
        date=own.get("date") or (dated[1] if dated else None),
        slug=(dated[2] if dated else stem).rstrip("."),
        categories=lambda: categories(front, defaults, []),
        zone=site.timezone,
    )
    _check_published(document, site, now)
    style = collection.permalink or "/:collection/:path" + _suffix(site.permalink)
    return _expand(_own_permalink(own) or style, document)


def _check_published(document: _Document, site: Jekyll, now: datetime | None) -> None:
    if document.front.get("published") is False:
        raise NoAddress("not published: `published: false`")
    if document.date is None or site.future:
        return
    if document_date(document.date, document.zone) > (now or datetime.now(timezone.utc)):
        raise NoAddress("not published: its date is in the future")


def _own_permalink(front: Mapping[str, object]) -> str | None:
    own = front.get("permalink")
    if own is not None and not isinstance(own, str):
        raise NoAddress("its permalink is not text; put it in quotes")
    return own


def _expand(template: str, document: _Document) -> str:
    path = _TOKEN.sub(lambda match: _value(match[1], document), template)
    return _sanitized(path)


def _value(name: str, document: _Document) -> str:
    if name.endswith("_") and name not in _COMPUTED:
        return _value(name.removesuffix("_"), document) + "_"
    if name in _FROM_DATE:
        return _FROM_DATE[name](document_date(document.date, document.zone))
    if name not in _COMPUTED:
        raise NoAddress(f"not published: Jekyll stops at the unknown :{name} of the permalink")
    return _escaped(_COMPUTED[name](document))


def _slug(document: _Document) -> str:
    slug = document.front.get("slug") or document.slug
    if not isinstance(slug, str):
        raise NoAddress("its slug is not text; put it in quotes")
    return slug


_COMPUTED: Mapping[str, Callable[[_Document], str]] = {
    "title": lambda document: slugify(_slug(document), pretty=True, keep_case=True),
    "slug": lambda document: slugify(_slug(document)),
    "name": lambda document: slugify(str(document.front["basename"])),
    "path": lambda document: document.path,
    "collection": lambda document: document.collection,
    "output_ext": lambda _: ".html",
    "categories": lambda document: "/".join(dict.fromkeys(name.lower() for name in document.categories())),
    "slugified_categories": lambda document: "/".join(dict.fromkeys(map(slugify, document.categories()))),
}


def _page_url(below: str, front: Mapping[str, object], site: Jekyll) -> str:
    folder, _, name = below.rpartition("/")
    stem = splitext(name)[0].rstrip(".")
    _check_page(below, front, site)
    own = with_defaults(front, site.defaults, below, "pages")
    if own.get("published") is False:
        raise NoAddress("not published: `published: false`")
    template = "/:path/" if stem == "index" else "/:path/:basename" + _suffix(site.permalink)
    values = {":path": folder, ":basename": stem, ":output_ext": ".html"}
    path = _own_permalink(own) or template
    for token, value in values.items():
        path = path.replace(token, _escaped(value))
    return _sanitized(path)


def _check_page(below: str, front: Mapping[str, object], site: Jekyll) -> None:
    if not front:
        raise NoAddress("not a page: Jekyll does not render a page without front matter")
    segments = below.split("/")
    hidden = any(part[0] in "_.#" or part.endswith("~") for part in segments if part not in site.include)
    prefixes = ["/".join(segments[:end]) for end in range(1, len(segments) + 1)]
    if hidden or any(fnmatchcase(at, entry.strip("/")) for at in prefixes for entry in site.exclude):
        raise NoAddress("not published: Jekyll passes over names that begin with _ or . and what is excluded")


def _suffix(style: str) -> str:
    if style == "pretty" or style.endswith("/"):
        return "/"
    return ":output_ext" if style in ("date", "ordinal", "none") or style.endswith(":output_ext") else ""


def _escaped(path: str) -> str:
    if "?" in path:
        raise NoAddress("its path holds a question mark, which cuts an address")
    return quote(path, safe=_SEGMENT)


def _sanitized(path: str) -> str:
    return re.sub("/{2,}", "/", f"/{path}".replace("..", "/").replace("./", ""))


def absolute(site: Jekyll, relative: str) -> str:
    """The whole address of a `page.url`."""
    if site.base is None:
        raise NoAddress("the site's own address is not configured (url in _config.yml); give it with --site-url")
    if "?" in relative or "#" in relative:
        raise NoAddress(f"its path {relative!r} does not survive as part of an address")
    return site.base.rstrip("/") + quote(relative, safe=_SEGMENT + "%")
