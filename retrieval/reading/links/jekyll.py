"""The address of a Jekyll post, page or document of a collection.

Source: jekyll 4.3, document.rb, page.rb and filters/url_filters.rb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from posixpath import splitext
from urllib.parse import quote

from retrieval.reading.links.jekyll_front import Defaults, categories, document_date, with_defaults
from retrieval.reading.links.jekyll_tokens import SEGMENT, Document, escaped, expand, sanitized
from retrieval.reading.links.link import NoAddress, NotPublic

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_DATED = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.+)", re.ASCII)
_RENDERED = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".html", ".htm")
_EXCLUDED = (
    ".sass-cache", ".jekyll-cache", "gemfiles", "Gemfile", "Gemfile.lock", "node_modules", "vendor/bundle/",
    "vendor/cache/", "vendor/gems/", "vendor/ruby/",
)  # fmt: skip
_PASSED_OVER = "not published: Jekyll passes over names that begin with _ or ."
_SPECIAL = ("_", ".", "#", "~")


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
    unpublished: bool = False
    newest_only: bool = False
    """`limit_posts`"""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def posts(self) -> str:
        """The folder of its posts, below the site's, with a slash at its end."""
        parts = (self.source.strip("./"), self.collections_dir.strip("/"), "_posts/")
        return "/".join(part for part in parts if part)


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
    _check_excluded(below, site)
    inside = _inside_collections(below, site)
    if inside is not None and "_posts" in inside.split("/")[:-1]:
        return _post_url(inside, front, site, now)
    if inside is not None and inside.startswith("_") and inside[1:].split("/")[0] in site.collections:
        return _collection_url(inside, front, site, now)
    return _page_url(below, front, site)


def _inside_collections(below: str, site: Jekyll) -> str | None:
    """The path from the folder that holds all collections on; None outside of it, where only pages are."""
    folder = site.collections_dir.strip("/") + "/" if site.collections_dir else ""
    return below.removeprefix(folder) if below.startswith(folder) else None


def _post_url(below: str, front: Mapping[str, object], site: Jekyll, now: datetime | None) -> str:
    above, _, name = f"/{below}".partition("/_posts/")
    stem, _ = splitext(name.rpartition("/")[2])
    dated = _DATED.fullmatch(stem)
    if dated is None or "/_posts/" in f"/{name}":
        raise NoAddress("not published: the name of a Jekyll post begins with its date, YYYY-MM-DD-")
    folders = [folder for folder in above.split("/") if folder]
    if _is_special([*folders, name.split("/")[0]], site):
        raise NotPublic(_PASSED_OVER)
    if site.newest_only:
        raise NoAddress("the site shows its newest posts only (limit_posts), and which is not computed here")
    defaults = with_defaults({}, site.defaults, below, "posts")
    own = {**defaults, **front}
    post = Document(
        path=f"{above}/{splitext(name)[0].rstrip('.')}",
        collection="posts",
        basename=stem,
        front=own,
        date=dated[1] if own.get("date") is None else own["date"],
        slug=dated[2].rstrip("."),
        categories=lambda: categories(front, defaults, folders),
        zone=site.timezone,
    )
    _check_published(post, site, now)
    posts = site.collections.get("posts", Collection())
    style = posts.permalink or STYLES.get(site.permalink, site.permalink)
    return expand(_own_permalink(own) or style, post)


def _collection_url(below: str, front: Mapping[str, object], site: Jekyll, now: datetime | None) -> str:
    if not front:
        raise NoAddress("not a page: Jekyll copies a document without front matter as it is")
    label, name = below[1:].split("/", 1)
    collection = site.collections[label]
    if not collection.output:
        raise NoAddress(f"not published: the collection {label} is written out only with `output: true`")
    if _is_special([name.split("/")[0], name.rpartition("/")[2]], site):
        raise NotPublic(_PASSED_OVER)
    stem, _ = splitext(name.rpartition("/")[2])
    dated = _DATED.fullmatch(stem)
    defaults = with_defaults({}, site.defaults, below, label)
    own = {**defaults, **front}
    document = Document(
        path="/" + splitext(name)[0].rstrip("."),
        collection=label,
        basename=stem,
        front=own,
        date=dated[1] if dated and own.get("date") is None else own.get("date"),
        slug=(dated[2] if dated else stem).rstrip("."),
        categories=lambda: categories(front, defaults, []),
        zone=site.timezone,
    )
    _check_published(document, site, now)
    style = collection.permalink or "/:collection/:path" + _suffix(site.permalink)
    return expand(_own_permalink(own) or style, document)


def _check_published(document: Document, site: Jekyll, now: datetime | None) -> None:
    _check_flag(document.front, site)
    if not isinstance(document.front.get("categories") or [], (str, list)):
        raise NoAddress("its categories are neither text nor a list, and Jekyll passes over such a front matter")
    if document.date is None or site.future:
        return
    if document_date(document.date, document.zone) > (now or datetime.now(timezone.utc)):
        raise NotPublic("not published: its date is in the future")


def _check_flag(front: Mapping[str, object], site: Jekyll) -> None:
    # Ruby: an empty value is as false as false is.
    if front.get("published", True) in (None, False) and not site.unpublished:
        raise NotPublic("not published: `published: false`")


def _own_permalink(front: Mapping[str, object]) -> str | None:
    own = front.get("permalink")
    if own is not None and not isinstance(own, str):
        raise NoAddress("its permalink is not text; put it in quotes")
    return own


def _page_url(below: str, front: Mapping[str, object], site: Jekyll) -> str:
    folder, _, name = below.rpartition("/")
    stem = splitext(name)[0].rstrip(".")
    _check_page(below, front, site)
    # Of a page, Jekyll asks its own front matter alone.
    _check_flag(front, site)
    own = with_defaults(front, site.defaults, below, "pages")
    template = "/:path/" if stem == "index" else "/:path/:basename" + _suffix(site.permalink)
    values = {":path": folder, ":basename": stem, ":output_ext": ".html"}
    path = _own_permalink(own) or template
    for token, value in values.items():
        path = path.replace(token, escaped(value))
    return sanitized(path)


def _check_page(below: str, front: Mapping[str, object], site: Jekyll) -> None:
    if not front:
        raise NoAddress("not a page: Jekyll does not render a page without front matter")
    if _is_special(below.split("/"), site):
        # It may be in a collection that the theme's configuration knows.
        raise NoAddress(_PASSED_OVER)


def _is_special(names: Sequence[str], site: Jekyll) -> bool:
    return any((name.startswith(_SPECIAL) or name.endswith("~")) and not _among(name, site.include) for name in names)


def _check_excluded(below: str, site: Jekyll) -> None:
    parts = below.split("/")
    excluded = [entry for entry in (*_EXCLUDED, *site.exclude) if entry not in site.include]
    for end, name in enumerate(parts, 1):
        if _among("/".join(parts[:end]), excluded) and not _among(name, site.include):
            raise NotPublic("not published: excluded by the site's configuration")


def _among(path: str, entries: Iterable[str]) -> bool:
    """Whether `path` begins with an entry, or is what one means. Source: entry_filter.rb"""
    names = (entry.lstrip("/") for entry in entries)
    return any(f"{path}/".startswith(name) or fnmatchcase(path, name) for name in names)


def _suffix(style: str) -> str:
    if style == "pretty" or style.endswith("/"):
        return "/"
    return ":output_ext" if style in ("date", "ordinal", "none") or style.endswith(":output_ext") else ""


def absolute(site: Jekyll, relative: str) -> str:
    """The whole address of a `page.url`."""
    if site.base is None:
        raise NoAddress("the site's own address is not configured (url in _config.yml); give it with --site-url")
    if "?" in relative or "#" in relative:
        raise NoAddress(f"its path {relative!r} does not survive as part of an address")
    return site.base.rstrip("/") + quote(relative, safe=SEGMENT + "%")
