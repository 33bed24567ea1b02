"""The address of a Hugo page. Source: hugo 0.168, resources/page/page_paths.go and common/paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, unquote

from retrieval.reading.links.hugo_page import Page, cascaded, read_page
from retrieval.reading.links.hugo_site import Hugo, Language
from retrieval.reading.links.hugo_tokens import cleaned, expand, slug
from retrieval.reading.links.link import NoAddress

_VALID_PATH = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@\[\]/]|%[0-9A-Fa-f]{2})*")


def url(path: str, front: Mapping[str, object], site: Hugo, now: datetime | None = None) -> str:
    """The address of the article at `path`, which is relative to the site's folder.

    Raises NoAddress where there is no page, or where its address cannot be computed.
    """
    page = read_page(path, front, site, now)
    if site.problem is not None:
        raise NoAddress(site.problem)
    own = page.front.get("url")
    if own and page.place.kind != "home":
        return _absolute(page, _own_path(own, page), prefixed=not str(own).startswith("/"))
    return _absolute(page, _file(_path(page), page), prefixed=True)


def _own_path(own: object, page: Page) -> str:
    if not isinstance(own, str) or "://" in own or own.startswith("//"):
        raise NoAddress("not published: Hugo stops at a url that is no path")
    expanded = expand(own, page)
    path = posixpath.normpath("/" + expanded.strip("/"))
    if "." not in expanded or expanded.endswith("/"):
        return path.rstrip("/") + "/"
    return path.removesuffix("index.html") if path.endswith("/index.html") else path


def _path(page: Page) -> str:
    """The page's path without slashes around it."""
    pattern = _pattern(page)
    suffix = ".html" if page.place.kind == "page" and page.site.is_ugly(page.place) else ""
    if pattern is not None:
        return cleaned(re.sub("/{2,}", "/", expand(pattern, page)).strip("/") + suffix, page.site)
    _check_section_slugs(page)
    last = _last_segment(page, suffix)
    folder = _normal(page.folder, page.site)
    return "/".join(part for part in (folder, last) if part)


def _pattern(page: Page) -> str | None:
    place, own = page.place, page.place.language.permalinks
    return (page.site.permalinks if own is None else own).pattern(place.kind, place.path, place.language.code)


def _last_segment(page: Page, suffix: str) -> str:
    own = slug(page)
    if not own:
        return _normal(page.name, page.site) + suffix
    if not cleaned(own, page.site).strip("/-") or ".." in own:
        raise NoAddress(f"its slug {own!r} leaves nothing to make an address of")
    return cleaned(own.strip("/") + suffix, page.site)


def _check_section_slugs(page: Page) -> None:
    parts = page.folder.split("/")
    folders = ["/".join(parts[:end]) for end in range(len(parts) + 1)]
    sections = [page.site.sections.get(f"{page.place.language.code}:{folder}", {}) for folder in folders]
    sections.append(
        cascaded(replace(page.place, stem="_index", kind="section"), page.site) if page.place.folder else {}
    )
    if any(section.get("slug") for section in sections) or (page.place.kind != "page" and slug(page)):
        raise NoAddress("its section has a slug, which versions of Hugo treat differently")


def _normal(path: str, site: Hugo) -> str:
    """A path made of file names; since 0.123 each of its blanks becomes a hyphen, unless case is kept."""
    return cleaned(path.replace(" ", "-") if site.lower else path, site)


def _file(path: str, page: Page) -> str:
    if not page.site.is_ugly(page.place):
        return f"/{path}/" if path else "/"
    if page.place.kind in ("page", "term"):
        return f"/{path}" if page.place.kind == "page" else f"/{path}.html"
    return f"/{path}/index.html" if path else "/index.html"


def _absolute(page: Page, path: str, *, prefixed: bool) -> str:
    base = page.place.language.base or page.site.base
    if base is None:
        raise NoAddress("the site's own address is not configured (baseURL); give it with --site-url")
    prefix = _prefix(page.place.language, page.site) if prefixed else ""
    return base.rstrip("/") + _escaped(prefix + path)


def _prefix(language: Language, site: Hugo) -> str:
    if language.base is not None or (language.code == site.default_language and not site.default_in_subdir):
        return ""
    return "/" + language.code.lower()


def _escaped(path: str) -> str:
    """The path as Go's net/url prints it: as it is where it is valid, else all of it encoded anew."""
    if "?" in path:
        raise NoAddress("its path holds a question mark, which cuts an address")
    path = path.replace("#", "%23")
    return path if _VALID_PATH.fullmatch(path) else quote(unquote(path), safe="$&+,/:;=@-_.~")
