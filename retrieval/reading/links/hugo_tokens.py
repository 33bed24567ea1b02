"""The tokens of a Hugo permalink pattern. Source: hugo 0.168, resources/page/permalinks.go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import unquote_plus

from retrieval.reading.links.clocks import DAYS, MONTHS
from retrieval.reading.links.hugo_page import Page
from retrieval.reading.links.hugo_site import Hugo
from retrieval.reading.links.link import NoAddress
from retrieval.reading.links.scalars import text_of, title_of
from retrieval.reading.links.slugs import sanitize, without_accents

_TOKEN = re.compile(r":(\w+)(\[[^\]]+\])?")
_SLICE = re.compile(r"\[(\d*):(\d*)\]|\[(\d+|last)\]")


def expand(pattern: str, page: Page) -> str:
    """`pattern` with its tokens replaced. Raises NoAddress where one is not settled or Hugo would stop."""
    return _TOKEN.sub(lambda match: _value(match[1].lower(), match, page), pattern)


def _value(name: str, match: re.Match[str], page: Page) -> str:
    if name == "sections":
        return "/".join(_urlized(part, page) for part in _slice(_sections(page), match[2]))
    date = page.front["date"]
    if name in _FROM_DATE and isinstance(date, datetime):
        return _FROM_DATE[name](date) + (match[2] or "")
    if name in _COMPUTED:
        return _urlized(_COMPUTED[name](page), page) + (match[2] or "")
    if isinstance(date, datetime) and (formatted := go_format(match[1], date)) is not None:
        return formatted + (match[2] or "")
    unknown = "" if date else ", or the page's date is not known here"
    raise NoAddress(f"the token :{match[1]} of its permalink is not supported{unknown}")


def cleaned(path: str, site: Hugo) -> str:
    """`path` in the characters and the case that the site's addresses have."""
    path = sanitize(path if site.keep_accents else without_accents(path))
    # Go lowers letter by letter: İ is i there, without a mark, and no sigma is a final one.
    return "".join(letter.lower()[0] for letter in path) if site.lower else path


def _urlized(text: str, page: Page) -> str:
    """A value as Hugo puts it into a path: made safe, then unescaped as if it were a query."""
    if "/" in text:
        raise NoAddress("its title or slug holds a slash, which versions of Hugo treat differently")
    plain = unquote_plus(cleaned(text, page.site))
    # A single one at the end would begin an empty fragment: C# is at c/, C# vs Java at c%23-vs-java/.
    return plain[:-1] if plain.find("#") == len(plain) - 1 else plain


def title(page: Page) -> str:
    """The page's title; raises NoAddress where there is none."""
    if page.front.get("title") in (None, ""):
        raise NoAddress("the address is made of the title, and there is none")
    return title_of(page.front["title"])


def slug(page: Page) -> str:
    """The page's own slug; empty where it has none."""
    own = page.front.get("slug")
    return "" if own is None else text_of(own, "slug").strip("-")


def _sections(page: Page) -> list[str]:
    """The folders down to the nearest that has an _index file; at the first level, none is needed."""
    parts = page.folder.split("/") if page.folder else []
    ends = range(len(parts), 1, -1)
    keys = {end: f"{page.place.language.code}:{'/'.join(parts[:end])}" for end in ends}
    nearest = next((end for end in ends if keys[end] in page.site.sections), 1)
    return [part.replace(" ", "-").lower() for part in parts[:nearest]]


def _slice(parts: list[str], brackets: str | None) -> list[str]:
    if brackets is None:
        return parts
    match = _SLICE.fullmatch(brackets)
    if match is None:
        raise NoAddress(f"the token :sections{brackets} of its permalink is not supported")
    if match[3] is None:
        return parts[int(match[1] or 0) : int(match[2]) if match[2] else None]
    at = len(parts) - 1 if match[3] == "last" else int(match[3])
    return parts[at : at + 1] if at >= 0 else []


_COMPUTED: Mapping[str, Callable[[Page], str]] = {
    "title": title,
    "slug": lambda page: slug(page) or title(page),
    "section": lambda page: page.place.section,
    "filename": lambda page: page.name,
    "contentbasename": lambda page: page.name,
    "slugorfilename": lambda page: slug(page) or page.name,
    "slugorcontentbasename": lambda page: slug(page) or page.name,
}
_FROM_DATE: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda at: str(at.year),
    "month": lambda at: f"{at.month:02}",
    "monthname": lambda at: MONTHS[at.month - 1],
    "day": lambda at: f"{at.day:02}",
    "weekday": lambda at: str(at.isoweekday() % 7),
    "weekdayname": lambda at: DAYS[at.weekday()],
    "yearday": lambda at: str(at.timetuple().tm_yday),
}
_LAYOUT: Mapping[str, Callable[[datetime], str]] = {
    "January": lambda at: MONTHS[at.month - 1],
    "Monday": lambda at: DAYS[at.weekday()],
    "2006": lambda at: f"{at.year:04}",
    "Jan": lambda at: MONTHS[at.month - 1][:3],
    "Mon": lambda at: DAYS[at.weekday()][:3],
    "002": lambda at: f"{at.timetuple().tm_yday:03}",
    "06": lambda at: f"{at.year % 100:02}",
    "01": lambda at: f"{at.month:02}",
    "02": lambda at: f"{at.day:02}",
    "15": lambda at: f"{at.hour:02}",
    "03": lambda at: f"{(at.hour - 1) % 12 + 1:02}",
    "04": lambda at: f"{at.minute:02}",
    "05": lambda at: f"{at.second:02}",
    "1": lambda at: str(at.month),
    "2": lambda at: str(at.day),
    "3": lambda at: str((at.hour - 1) % 12 + 1),
    "4": lambda at: str(at.minute),
    "5": lambda at: str(at.second),
}
_LAYOUT_PART = re.compile("|".join(_LAYOUT))


def go_format(layout: str, at: datetime) -> str | None:
    """`at` in a layout of Go's reference time, Mon Jan 2 15:04:05 2006; None where `layout` is none."""
    if _LAYOUT_PART.sub("", layout).strip("_"):
        return None
    return _LAYOUT_PART.sub(lambda match: _LAYOUT[match[0]](at), layout)
