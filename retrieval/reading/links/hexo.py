"""The address of a Hexo post or page.

Source: hexo 8.1, plugins/processor/post.ts and plugins/filter/post_permalink.ts; hexo-util, permalink.ts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from posixpath import splitext

from retrieval.reading.links import abbrlink
from retrieval.reading.links.abbrlink import Abbrlink
from retrieval.reading.links.hexo_address import full_url, pretty
from retrieval.reading.links.hexo_categories import category_path
from retrieval.reading.links.hexo_dates import filename_date, post_date
from retrieval.reading.links.hexo_files import Choice
from retrieval.reading.links.link import NoAddress, NotPublic
from retrieval.reading.links.scalars import text_of, title_of
from retrieval.reading.links.slugs import slugize

DEFAULT_PERMALINK = ":year/:month/:day/:title/"
TOKEN = re.compile(r":(\w*[^_\W])", re.ASCII)
_SEGMENTS = {
    "year": r"\d{4}",
    "month": r"\d{2}",
    "day": r"\d{2}",
    "i_month": r"\d{1,2}",
    "i_day": r"\d{1,2}",
    "hash": "[0-9a-f]{12}",
}
_OWN_MEANING = {"title", "year", "month", "day", "i_month", "i_day", "hash"}
_FROM_DATE: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda at: f"{at.year:04}",
    "month": lambda at: f"{at.month:02}",
    "day": lambda at: f"{at.day:02}",
    "hour": lambda at: f"{at.hour:02}",
    "minute": lambda at: f"{at.minute:02}",
    "second": lambda at: f"{at.second:02}",
    "i_month": lambda at: str(at.month),
    "i_day": lambda at: str(at.day),
    "timestamp": lambda at: str(int(at.timestamp())),
}
_OF_THE_DATABASE = {
    "updated", "comments", "_content", "source", "photos", "raw", "published", "content", "excerpt", "more",
    "path", "permalink", "full_source", "asset_dir", "tags", "categories",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hexo:
    """What of a Hexo site's configuration settles its addresses."""

    base: str | None
    """The site's address; None where it is not configured."""
    permalink: str = DEFAULT_PERMALINK
    abbrlink: Abbrlink | None = None
    """None where the plugin is absent, or its version is not known."""
    timezone: str | None = None
    machine_timezone: str | None = None
    """Zone of the machine that builds the site; None is UTC."""
    new_post_name: str = ":title.md"
    permalink_defaults: Mapping[str, object] = field(default_factory=dict)
    default_category: str = "uncategorized"
    category_map: Mapping[str, object] = field(default_factory=dict)
    filename_case: int = 0
    post_asset_folder: bool = False
    trailing_index: bool = True
    trailing_html: bool = True
    source_dir: str = "source"
    files: Choice = field(default_factory=Choice)
    render_drafts: bool = False
    future: bool = True
    titlecase: bool = False
    pinyin: str | None = None
    """What hexo-permalink-pinyin puts between the words of a path; None where it is not in use."""
    title_from_slug: bool = False
    """`use_slug_as_post_title`"""
    breaks: bool = True
    """Whether its renderer makes line breaks of newlines: `marked.breaks`. It decides how articles are read."""


@dataclass(frozen=True, slots=True)
class _Post:
    slug: str
    front: Mapping[str, object]
    date: object
    site: Hexo


def url(path: str, front: Mapping[str, object], site: Hexo, now: datetime | None = None) -> str:
    """The address of the article at `path`, which is relative to the site's folder.

    Raises NoAddress where there is no page, or where its address cannot be computed.
    """
    source = site.source_dir.strip("/") + "/"
    below = path.removeprefix(source)
    if below == path:
        raise NoAddress(f"not a page: it lies outside the site's {source} folder")
    if below.startswith(("_posts/", "_drafts/")):
        site.files.check_post(path, below)
        return _address(site, _post_path(below, front, site, now))
    rendered = site.files.check_page(path, below)
    return _address(site, _page_path(below, front) if rendered else below)


def _post_path(below: str, front: Mapping[str, object], site: Hexo, now: datetime | None) -> str:
    folder, name = below.split("/", 1)
    is_draft = folder == "_drafts" or front.get("published") in (False, "false", "0")
    if is_draft and not site.render_drafts:
        raise NoAddress("not published: it is a draft")
    post = _post(name, front, site)
    if not site.future and _date(post) > (now or datetime.now(timezone.utc)):
        raise NotPublic("not published: its date is in the future")
    path = _own_permalink(post) or TOKEN.sub(lambda match: _value(match[1], post), site.permalink)
    _check_plain(path, site)
    return path + "/" if site.post_asset_folder and not path.endswith(("/", ".html")) else path


def _check_plain(path: str, site: Hexo) -> None:
    """The plugin changes all but small letters and digits, and separators that stand alone between them."""
    if site.pinyin is None:
        return
    separator = rf"(?<=[a-z0-9]){re.escape(site.pinyin)}(?=[a-z0-9])" if site.pinyin else "(?!)"
    if not re.fullmatch(rf"(?:[a-z0-9/.]|{separator})*", path):
        raise NoAddress("its path is rewritten in Latin letters by hexo-permalink-pinyin, which is not computed here")


def _post(name: str, front: Mapping[str, object], site: Hexo) -> _Post:
    stem = splitext(name)[0]
    captured = _captured(splitext(site.new_post_name)[0], stem)
    slug = captured.get("title", slugize(stem))
    fields = {**front, **{key: value for key, value in captured.items() if key not in _OWN_MEANING}}
    if site.title_from_slug:
        fields.setdefault("title", slug)
    return _Post(slug, fields, fields.get("date") or filename_date(captured), site)


def _captured(pattern: str, stem: str) -> dict[str, str]:
    names = TOKEN.findall(pattern)
    literals = TOKEN.split(pattern)[::2]
    groups = [f"({_SEGMENTS.get(name, '.+?')})" for name in names]
    regex = "".join(re.escape(text) + group for text, group in zip(literals, [*groups, ""], strict=True))
    match = re.fullmatch(regex, stem)
    return dict(zip(names, match.groups(), strict=True)) if match else {}


def _own_permalink(post: _Post) -> str | None:
    own = post.front.get("permalink")
    if own is not None and own != "" and not isinstance(own, str):
        raise NoAddress("its permalink is not text; put it in quotes")
    return None if not own else own if own.startswith("/") else "/" + own


def _value(name: str, post: _Post) -> str:
    if name in _FROM_DATE:
        return _FROM_DATE[name](_date(post))
    if name in _COMPUTED:
        return _COMPUTED[name](post)
    if name in _OF_THE_DATABASE:
        raise NoAddress(f"the site's permalink holds :{name}, which is no part of an address")
    if name in post.front:
        return text_of(post.front[name], name)
    return text_of(post.site.permalink_defaults.get(name, "undefined"), name)


def _date(post: _Post) -> datetime:
    return post_date(post.date, post.site.timezone, post.site.machine_timezone)


def _drawn(name: str, post: _Post) -> str:
    if not post.front.get(name):
        raise NoAddress(f"the address needs :{name}, which is drawn at random where the front matter has none")
    return text_of(post.front[name], name)


def _hash(post: _Post) -> str:
    seconds = int(_date(post).timestamp())
    return hashlib.sha1(f"{post.slug}{seconds}".encode(), usedforsecurity=False).hexdigest()[:12]


def _category(post: _Post) -> str:
    found = category_path(post.front, post.site.category_map, post.site.filename_case)
    return post.site.default_category if found is None else found


def _post_title(post: _Post) -> str:
    title = post.front.get("title")
    return slugize("" if title is None else title_of(title), 1)


def _abbrlink(post: _Post) -> str:
    settings = post.site.abbrlink
    if settings is None and post.front.get("abbrlink"):
        return text_of(post.front["abbrlink"], "abbrlink")
    if settings is None:
        raise NoAddress("the address needs :abbrlink, and how it is computed is not known; see --abbrlink")
    if post.front.get("layout", "post") != "post":
        raise NoAddress("the address needs :abbrlink, which only posts of layout `post` are given")
    if post.site.titlecase and not abbrlink.is_written(post.front, settings):
        raise NoAddress("the address is a checksum of the title as the site's titlecase filter changes it")
    return abbrlink.code(post.front, settings)


_COMPUTED: Mapping[str, Callable[[_Post], str]] = {
    "title": lambda post: post.slug,
    "slug": lambda post: post.slug,
    "name": lambda post: post.slug.rpartition("/")[2],
    "post_title": _post_title,
    "id": partial(_drawn, "id"),
    "uuid": partial(_drawn, "uuid"),  # of the plugin hexo-uuid
    "hash": _hash,
    "category": _category,
    "abbrlink": _abbrlink,
    "layout": lambda post: text_of(post.front.get("layout", "post"), "layout"),
}


def _page_path(below: str, front: Mapping[str, object]) -> str:
    own = front.get("permalink")
    if not own:
        return splitext(below)[0] + ".html"
    path = text_of(own, "permalink")
    path += "index" if path.endswith("/") else ""
    return path if splitext(path)[1] else path + ".html"


def _address(site: Hexo, path: str) -> str:
    if site.base is None:
        raise NoAddress("the site's own address is not configured (url in _config.yml); give it with --site-url")
    return pretty(full_url(site.base, path), keep_index=site.trailing_index, keep_html=site.trailing_html)
