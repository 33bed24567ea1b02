"""A page of a Hugo site: its place among languages, sections and bundles, and its front matter.

Source: hugo 0.168, hugolib/page__meta.go and resources/page/pagemeta.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timezone
from posixpath import splitext

from retrieval.reading.links.clocks import Form, read, zone_of
from retrieval.reading.links.link import NoAddress, NotPublic

RENDERED = (".md", ".markdown", ".mdown", ".html", ".htm", ".org", ".adoc", ".rst", ".pandoc")
DATE_FIELDS = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})(.*)", re.ASCII | re.DOTALL)
_CASCADED = {
    "url", "slug", "title", "date", "draft", "headless", "build", "_build", "publishdate", "expirydate",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Language:
    """A language of a site."""

    code: str
    content_dir: str = "content"
    """Relative to the site's folder."""
    base: str | None = None
    """Its own `baseURL`, which then needs no prefix."""
    permalinks: Mapping[str, Mapping[str, str]] | None = None
    """Instead of the site's."""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Hugo:
    """What of a Hugo site's configuration and folders settles its addresses."""

    base: str | None
    """`baseURL`; None where it is not configured."""
    languages: tuple[Language, ...] = (Language("en"),)
    default_language: str = "en"
    default_in_subdir: bool = False
    permalinks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Patterns by kind (`page`, `section`) and by section; the section "/" is that of root pages, "*" any."""
    problem: str | None = None
    """A setting that is not supported, and that may change every address."""
    ugly: bool = False
    lower: bool = True
    keep_accents: bool = True
    date_fields: tuple[str, ...] = DATE_FIELDS
    timezone: str | None = None
    drafts: bool = False
    future: bool = False
    expired: bool = False
    cascade: tuple[Mapping[str, object], ...] = ()
    sections: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Front matter of each `_index` file, by `language:folder`."""
    bundles: frozenset[str] = frozenset()
    """Folders that are one page, below the site's folder: those that hold an `index` file."""

    def with_pages(self, pages: Iterable[tuple[str, Mapping[str, object]]]) -> Hugo:
        """This site with the sections and bundles among `pages` (path below the site's folder, front)."""
        sections, bundles = dict(self.sections), set(self.bundles)
        for path, front in pages:
            place = locate(path, self)
            if place is not None and place.stem == "_index":
                sections[f"{place.language.code}:{place.folder}"] = lowered(front)
            elif place is not None and place.stem == "index":
                bundles.add(path.rpartition("/")[0])
        return replace(self, sections=sections, bundles=frozenset(bundles))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stands: `folder` is relative to its language's content folder, without slashes around."""

    language: Language
    folder: str
    stem: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page with all that its address may be made of."""

    site: Hugo
    language: Language
    kind: str
    """`home`, `section` or `page`."""
    folder: str
    """The folder that holds the page, or the bundle."""
    name: str
    """Of the file, or of the bundle's folder; empty for a section."""
    front: Mapping[str, object]
    """Lower-case keys, cascades included, and the date and slug that the file name gives."""


def locate(path: str, site: Hugo) -> Place | None:
    """Where the file at `path` (below the site's folder) stands; None outside the content folders."""
    holders = [tongue for tongue in site.languages if path.startswith(tongue.content_dir.strip("/") + "/")]
    if not holders:
        return None
    deepest = max(len(tongue.content_dir) for tongue in holders)
    holders = [tongue for tongue in holders if len(tongue.content_dir) == deepest]
    folder, _, name = path[len(holders[0].content_dir.strip("/")) + 1 :].rpartition("/")
    stem = splitext(name)[0]
    base, _, suffix = stem.rpartition(".")
    for language in site.languages:
        if base and suffix.lower() == language.code.lower():
            return Place(language, folder, base)
    default = next((tongue for tongue in holders if tongue.code == site.default_language), holders[0])
    return Place(default, folder, stem)


def read_page(path: str, front: Mapping[str, object], site: Hugo, now: datetime | None = None) -> Page:
    """The page that the file at `path` makes. Raises NoAddress where it makes none."""
    place = locate(path, site)
    if place is None:
        raise NoAddress("not a page: it lies outside the site's content folder")
    if splitext(path)[1].lower() not in RENDERED:
        raise NoAddress(f"not a page: Hugo does not render {splitext(path)[1] or 'files without extension'}")
    if place.language.disabled:
        raise NoAddress(f"not published: the language {place.language.code} is disabled")
    if _is_inside_bundle(path, place, site):
        raise NoAddress("not a page of its own: it belongs to the page bundle in its folder")
    fields = {**_cascaded(place, site), **lowered(front)}
    _check_published(fields, site, now or datetime.now(timezone.utc))
    return _page(place, fields, site)


def _is_inside_bundle(path: str, place: Place, site: Hugo) -> bool:
    parts = path.split("/")[:-1]
    above = parts[:-1] if place.stem == "index" else parts
    return any("/".join(above[:end]) in site.bundles for end in range(1, len(above) + 1))


def _page(place: Place, fields: dict[str, object], site: Hugo) -> Page:
    folder, name, kind = place.folder, place.stem, "page"
    if name == "_index":
        kind, name = ("section", "") if folder else ("home", "")
    elif name == "index":
        folder, _, name = folder.rpartition("/")
        if not name:
            raise NoAddress("an index.md at the top of the content folder is not supported")
    moment, slug = _date(fields, name, site)
    fields["date"] = moment
    if slug and not fields.get("slug"):
        fields["slug"] = slug
    return Page(site, place.language, kind, folder, name, fields)


def lowered(front: Mapping[str, object]) -> dict[str, object]:
    """`front` with lower-case keys, as Hugo reads them."""
    return {key.lower(): value for key, value in front.items()}


def _cascaded(place: Place, site: Hugo) -> dict[str, object]:
    parts = place.folder.split("/") if place.folder else []
    folders = ["/".join(parts[:end]) for end in range(len(parts) + 1)]
    fields: dict[str, object] = {}
    for entry in site.cascade:
        fields.update(_entry(entry))
    for folder in folders:
        cascade = site.sections.get(f"{place.language.code}:{folder}", {}).get("cascade")
        for item in cascade if isinstance(cascade, list) else [cascade]:
            fields.update(_entry(item))
    return fields


def _entry(entry: object) -> dict[str, object]:
    if not isinstance(entry, Mapping):
        return {}
    fields = lowered({str(key): value for key, value in entry.items()})
    if ("target" in fields or "_target" in fields) and _CASCADED & fields.keys():
        raise NoAddress("a cascade with a target may change its address; that is not supported")
    return fields


def _check_published(front: Mapping[str, object], site: Hugo, now: datetime) -> None:
    if front.get("draft") in (True, "true") and not site.drafts:
        raise NoAddress("not published: it is a draft")
    if front.get("headless") is True or _is_unrendered(front.get("build", front.get("_build"))):
        raise NoAddress("not published: its front matter says that no page is made")
    if not site.future and any(_instant(front.get(key), site, now) > now for key in ("date", "publishdate")):
        raise NotPublic("not published: its date is in the future")
    if not site.expired and _instant(front.get("expirydate"), site, now) < now:
        raise NotPublic("not published: its expiry date is past")


def _is_unrendered(build: object) -> bool:
    return isinstance(build, Mapping) and build.get("render") in ("never", "link", False)


def _instant(value: object, site: Hugo, now: datetime) -> datetime:
    if value is None or value == "":
        return now
    clock = _clock(value)
    return clock if clock.tzinfo else clock.replace(tzinfo=zone_of(site.timezone))


def _date(front: Mapping[str, object], name: str, site: Hugo) -> tuple[datetime, str]:
    """The page's date as it is written, and the slug that comes with a date in the file name."""
    for source in site.date_fields:
        if source == ":filename":
            if dated := _DATED.match(name):
                # What stands behind the last dot is taken for an extension once more.
                return _clock(dated[1]), splitext(dated[2])[0].strip(" -_")
        elif source.startswith(":"):
            raise NoAddress(f"its date comes from {source}, which is not known here")
        elif front.get(source) not in (None, ""):
            return _clock(front[source]), ""
    return datetime(1, 1, 1), ""


def _clock(value: object) -> datetime:
    """A date with the clock that is written, and with its offset where it has one."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    reading = read(value) if isinstance(value, str) else None
    if reading is None or reading.form in (Form.MINUTE, Form.SLASHED) or not reading.padded:
        raise NoAddress(f"not published: Hugo stops at the date {value!r}")
    zone = None if reading.offset is None else timezone(reading.offset)
    return reading.clock.replace(tzinfo=zone)
