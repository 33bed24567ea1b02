"""What a person reads in a post's front matter: title, date, author, categories, tags, picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from retrieval.reading.customs import USUAL, Customs
from retrieval.reading.frontmatter import FrontMatter
from retrieval.reading.mending import unquote
from retrieval.reading.tokens import decoded
from retrieval.records import Article

MAX_TITLE = 500
_PICTURES = ("headimg", "cover", "banner", "image", "thumbnail", "feature_image", "top_img")
_PLACEHOLDERS = ("picsum.photos", "via.placeholder.com", "placehold.it", "placehold.co", "dummyimage.com")
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([AaPp][Mm]\b)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")
_DAY_FIRST = re.compile(r"(1[3-9]|2\d|3[01])[/.](\d{1,2})[/.](\d{4})\Z")
"""Where the day cannot be a month."""
_IN_WORDS = ("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")
_NAMED_DATE = re.compile(r"\A(\d{4}-\d{1,2}-\d{1,2})[-_ ](?=.)")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_EPOCH = date(1970, 1, 1)


def article(path: str, front: FrontMatter, customs: Customs = USUAL) -> Article:
    """The record of the post at `path`, without its URL, by the site's `customs`."""
    blanks = customs.blanks_separate
    return Article(
        path=path,
        title=title(path, front),
        date=published(front, customs.zone) or _date_in_name(path),
        author=_text(_first(front.values, "author", "authors")),
        categories=_names(front.values, "categories", "category", blanks=blanks),
        tags=_names(front.values, "tags", "tag", "keywords", blanks=blanks),
        image=_picture(front.values),
    )


def unpublished(front: FrontMatter) -> bool:
    """Whether the post says of itself that it is a draft, or that it is shown to those only who have its password."""
    values = {key.lower(): value for key, value in front.values.items()}
    # Hexo's hexo-blog-encrypt and its like: the page holds no text that could be read.
    locked = _text(values.get("password")) is not None
    return locked or _truth(values.get("draft")) is True or _truth(values.get("published")) is False


def title(path: str, front: FrontMatter) -> str:
    """The title as a person reads it; from the file's name where the front matter has none."""
    written = front.raw.get("title") or _text(_first(front.values, "title"))
    return _one_line(written or "")[:MAX_TITLE] or _title_of_name(path)


_EXPORTED = re.compile(r" [0-9a-f]{32}\Z")
"""What Notion puts behind the name of a page."""


def _title_of_name(path: str) -> str:
    """`posts/2022-07-28-solar_roofs.md` -> `solar roofs`; an index file is named by its folder."""
    file = PurePosixPath(path)
    stem = file.parent.name if file.stem in ("index", "_index") and file.parent.name else file.stem
    return " ".join(_NAMED_DATE.sub("", _EXPORTED.sub("", stem)).replace("_", " ").replace("-", " ").split()) or stem


def published(front: FrontMatter, zone: tzinfo | None = None) -> datetime | date | None:
    """The post's date; None where it has none, an unreadable one, or the epoch that feeds put for "unknown"."""
    for key in ("date", "publishDate", "publishdate", "pubDate", "published_at", "created"):
        value = _first(front.values, key)
        found = _parse_date(value) if value is not None else None
        if found is None or _day(found) <= _EPOCH:
            continue
        if isinstance(found, datetime) and found.tzinfo is None and zone is not None:
            return found.replace(tzinfo=zone)
        return found
    return None


def _date_in_name(path: str) -> date | None:
    match = _NAMED_DATE.match(PurePosixPath(path).name)
    return _day(found) if match and (found := _parse_date(match[1])) else None


def _parse_date(value: object) -> datetime | date | None:
    if isinstance(value, datetime | date):
        return value
    if isinstance(value, int) and _COMPACT_DATE.fullmatch(str(value)):
        return _from_words(str(value), ["%Y%m%d"])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(value)
    return _from_text(value.strip()) if isinstance(value, str) else None


def _from_epoch(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None


def _from_text(text: str) -> datetime | date | None:
    match = _DATE.search(text)
    if match is None:
        day_first = _DAY_FIRST.match(text)
        found = _from_words("/".join(day_first.groups()), ["%d/%m/%Y"]) if day_first else _from_words(text, _IN_WORDS)
        return found or _from_mail(text)
    return _from_numbers(match) or _from_words("-".join(match.groups()[:3]), ["%Y-%m-%d"])


def _from_numbers(match: re.Match[str]) -> datetime | date | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if match[7]:
        hour = hour % 12 + (12 if match[7].lower() == "pm" else 0)
    try:
        if match[4] is None:
            return date(year, month, day)
        return datetime(year, month, day, hour, minute, second, tzinfo=_offset(match[8]))
    except ValueError:
        return None


def _from_words(text: str, formats: Sequence[str]) -> date | None:
    for written in formats:
        try:
            return datetime.strptime(text, written).date()
        except ValueError:
            continue
    return None


def _from_mail(text: str) -> datetime | None:
    """A date of RFC 2822, or as JavaScript prints one: `Thu Jul 28 2022 11:50:54 GMT+0800 (...)`."""
    try:
        return parsedate_to_datetime(re.sub(r"\bGMT(?=[+-]\d{4})", "", text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text in ("Z", "UTC", "GMT"):
        return timezone.utc
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _day(value: datetime | date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _first(values: Mapping[str, object], *keys: str) -> object:
    folded = {key.lower(): value for key, value in values.items()}
    return next((folded[key.lower()] for key in keys if folded.get(key.lower()) not in (None, "", [])), None)


def _text(value: object) -> str | None:
    """A person's reading of a scalar, or of a list of names."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value))) or None
    if isinstance(value, dict):
        return _text(_first(value, "name", "title"))
    if value is None:
        return None
    return _one_line(str(value)) or None


def _one_line(text: str) -> str:
    """`text` as it reads: no entities, quotes around it, line ends, controls, nor lone surrogates."""
    return " ".join(_CONTROLS.sub(" ", decoded(unquote(text))).split()).encode("utf-8", "replace").decode("utf-8")


def _names(values: Mapping[str, object], plural: str, *others: str, blanks: bool) -> tuple[str, ...]:
    """Names in a list of any shape, or in one string with commas, in order, each once.

    With `blanks`, those separate names, too, where the field with the plural name is one string.
    """
    written = _first(values, plural)
    if blanks and isinstance(written, str):
        return tuple(dict.fromkeys(name for part in _flatten(written) for name in part.split()))
    return tuple(dict.fromkeys(_flatten(_first(values, plural, *others))))


def _flatten(value: object) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _flatten(item)]
    if isinstance(value, dict):
        return [name for item in value.values() for name in _flatten(item)]
    text = _text(value)
    return [part.strip() for part in re.split(r"[,,、]", text) if part.strip()] if text else []


def _picture(values: Mapping[str, object]) -> str | None:
    """A real picture's address: no relative path, no service that makes up random ones."""
    for key in _PICTURES:
        value = _first(values, key)
        if not isinstance(value, str):
            continue
        try:
            parts = urlsplit(value.strip())
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and parts.hostname not in _PLACEHOLDERS:
            return _one_line(value)
    return None


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "yes": True, "false": False, "no": False}.get(str(value).strip().lower())
