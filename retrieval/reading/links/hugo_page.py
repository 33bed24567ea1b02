"""A page of a Hugo site: its place among languages, sections and bundles, and its front matter.

Source: hugo 0.168, hugolib/page__meta.go and resources/page/pagemeta.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from posixpath import splitext

from retrieval.reading.links.clocks import Form, read, zone_of
from retrieval.reading.links.hugo_site import Hugo, Place, locate, lowered
from retrieval.reading.links.hugo_target import target_of
from retrieval.reading.links.link import NoAddress, NotPublic

RENDERED = (".md", ".markdown", ".mdown", ".html", ".htm", ".org", ".adoc", ".rst", ".pandoc")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})(.*)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """A page with all that its address may be made of."""

    site: Hugo
    place: Place
    folder: str
    """The folder that holds the page, or the bundle."""
    name: str
    """Of the file, or of the bundle's folder; empty for a section."""
    front: Mapping[str, object]
    """Lower-case keys, cascades included, and the date and slug that the file name gives."""


def read_page(path: str, front: Mapping[str, object], site: Hugo, now: datetime | None = None) -> Page:
    """The page that the file at `path` makes. Raises NoAddress where it makes none."""
    place = locate(path, site)
    if place is None:
        raise NoAddress("not a page: it lies outside the site's content folder")
    if splitext(path)[1].lower() not in RENDERED:
        raise NoAddress(f"not a page: Hugo does not render {splitext(path)[1] or 'files without extension'}")
    if site.ignores(path):
        raise NotPublic("not published: ignored by the site's configuration (ignoreFiles)")
    if place.language.disabled:
        raise NotPublic(f"not published: the language {place.language.code} is disabled")
    if _is_inside_bundle(path, place, site):
        raise NoAddress("not a page of its own: it belongs to the page bundle in its folder")
    fields = {**cascaded(place, site), **lowered(front)}
    _check_made(fields, place, site)
    page = _page(place, fields, site)
    _check_dates(page, now or datetime.now(timezone.utc))
    return page


def _is_inside_bundle(path: str, place: Place, site: Hugo) -> bool:
    parts = path.split("/")[:-1]
    above = parts[:-1] if place.stem == "index" else parts
    return any("/".join(above[:end]) in site.bundles for end in range(1, len(above) + 1))


def _page(place: Place, fields: dict[str, object], site: Hugo) -> Page:
    folder, name = place.folder, "" if place.stem == "_index" else place.stem
    if name == "index":
        folder, _, name = folder.rpartition("/")
        if not name:
            raise NoAddress("an index.md at the top of the content folder is not supported")
    moment, slug = _date(fields, name, site)
    published = next((fields[key] for key in (*site.publish_fields, "date") if fields.get(key)), moment)
    fields.update(date=moment, publishdate=published)
    if slug and not fields.get("slug"):
        fields["slug"] = slug
    return Page(site, place, folder, name, fields)


def cascaded(place: Place, site: Hugo) -> dict[str, object]:
    """What the folders above give, the nearest first, then the configuration; of several values, the first counts."""
    entries: list[object] = []
    for folder in place.above():
        cascade = site.sections.get(f"{place.language.code}:{folder}", {}).get("cascade")
        entries += cascade if isinstance(cascade, list) else [cascade]
    fields: dict[str, object] = {}
    for entry in (lowered(entry) for entry in [*entries, *site.cascade] if isinstance(entry, Mapping)):
        if target_of(entry).holds(place.kind, place.path, place.language.code):
            fields = {**entry, **fields}
    return fields


def _check_made(front: Mapping[str, object], place: Place, site: Hugo) -> None:
    if front.get("draft") in (True, "true") and not site.drafts:
        raise NotPublic("not published: it is a draft")
    if place.kind in site.disabled_kinds:
        raise NotPublic(f"not published: the site makes no page of the kind {place.kind} (disableKinds)")
    if front.get("headless") in (True, "true") or _is_unrendered(front.get("build", front.get("_build"))):
        raise NoAddress("not published: its front matter says that no page is made")
    outputs = front.get("outputs")
    if isinstance(outputs, list) and "html" not in [str(form).lower() for form in outputs]:
        raise NoAddress("not a page: its front matter wants it in other forms than HTML (outputs)")


def _check_dates(page: Page, now: datetime) -> None:
    front, site = page.front, page.site
    if not site.future and _instant(front["publishdate"], site, now) > now:
        raise NotPublic("not published: its date is in the future")
    if not site.expired and _instant(front.get("expirydate") or front.get("unpublishdate"), site, now) < now:
        raise NotPublic("not published: its expiry date is past")


def _is_unrendered(build: object) -> bool:
    return isinstance(build, Mapping) and lowered(build).get("render") in ("never", "link", False)


def _instant(value: object, site: Hugo, now: datetime) -> datetime:
    if not value:
        return now
    clock = _clock(value)
    return clock if clock.tzinfo else clock.replace(tzinfo=zone_of(site.timezone))


def _date(front: Mapping[str, object], name: str, site: Hugo) -> tuple[datetime | None, str]:
    """The page's date as it is written, None where it is not known here; and the slug of a file name with a date."""
    for source in site.date_fields:
        if source == ":filename":
            if dated := _DATED.match(name):
                # What stands behind the last dot is taken for an extension once more.
                return _clock(dated[1]), splitext(dated[2])[0].strip(" -_")
        elif source.startswith(":"):
            return None, ""
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
