"""The address of an article: its own link field, its site's rules, its file in a repository, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from retrieval.reading.links import hexo_collisions
from retrieval.reading.links.fields import TRUSTED, own_url
from retrieval.reading.links.hexo import Hexo
from retrieval.reading.links.hugo_site import Hugo
from retrieval.reading.links.link import Link, NoAddress
from retrieval.reading.links.site import Site

# In Hugo, `url` is a path on the site, and `link` what a theme makes of it: often a project's home page.
_HUGO_TRUSTED = tuple(key for key in TRUSTED if key not in ("url", "link"))
_TAKEN = "another article has the same address, and only one of them is published there"
_MOVED = "its abbrlink meets another article's, and which one keeps it varies by build"


def resolve(path: str, front: Mapping[str, object], site: Site | None = None, now: datetime | None = None) -> Link:
    """The address of one article, as if no other had the same; see `resolve_all`.

    `path` is relative to the articles folder, with forward slashes; `front` is its front matter as a YAML,
    TOML or JSON parser gives it; `now` (aware, else the time of the call) tells what is published already.
    """
    site = site or Site()
    return _own(front, site) or _computed(path, front, site, now)


def resolve_all(
    articles: Iterable[tuple[str, Mapping[str, object]]],
    site: Site | None = None,
    now: datetime | None = None,
    *,
    unread: Mapping[str, str] | None = None,
) -> dict[str, Link]:
    """The addresses of all articles (path and front matter) by path.

    Computed addresses that two articles share, or that hexo-abbrlink may have given to another, are left out, and
    those of articles whose front matter the generator does not read: `unread` gives the reason by path.
    """
    known, site, lost = list(articles), site or Site(), unread or {}
    site = _with_structure(known, site)
    pages = {
        path: Link(site.file_url(path), lost[path]) if path in lost else _computed(path, front, site, now)
        for path, front in known
    }
    taken = Counter(link.url for link in pages.values() if link.reason is None)
    moved = _moved(known, site)

    def settled(path: str, page: Link) -> Link:
        if page.reason is not None or (path not in moved and taken[page.url] == 1):
            return page
        return Link(site.file_url(path), _MOVED if path in moved else _TAKEN)

    return {path: _own(front, site) or settled(path, pages[path]) for path, front in known}


def _own(front: Mapping[str, object], site: Site) -> Link | None:
    url = own_url(front, _HUGO_TRUSTED if isinstance(site.rules, Hugo) else TRUSTED)
    return None if url is None else Link(url)


def _computed(path: str, front: Mapping[str, object], site: Site, now: datetime | None) -> Link:
    try:
        return Link(site.page_url(path, front, now))
    except NoAddress as exc:
        return Link(site.file_url(path), str(exc))


def _with_structure(articles: Sequence[tuple[str, Mapping[str, object]]], site: Site) -> Site:
    if not isinstance(site.rules, Hugo):
        return site
    return replace(site, rules=site.rules.with_pages((site.prefix + path, front) for path, front in articles))


def _moved(articles: Sequence[tuple[str, Mapping[str, object]]], site: Site) -> set[str]:
    if not isinstance(site.rules, Hexo):
        return set()
    moved = hexo_collisions.moved([(site.prefix + path, front) for path, front in articles], site.rules)
    return {path.removeprefix(site.prefix) for path in moved}
