"""Which files a Hexo site makes posts and pages of.

Source: hexo 8.1, box/index.ts, plugins/processor/post.ts, asset.ts and common.ts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from posixpath import splitext

from retrieval.reading.links.globs import matches_shell
from retrieval.reading.links.link import NoAddress, NotPublic

_RENDERED = (".md", ".markdown", ".mkd", ".mkdn", ".mdwn", ".mdtxt", ".mdtext", ".html", ".htm")
_HIDDEN = re.compile(r"(?:^|/)[_.]")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a site's configuration says of its files, in patterns."""

    ignore: tuple[str, ...] = ()
    """For whole paths, that of the site's folder included."""
    skip_render: tuple[str, ...] = ()
    """For paths below the source folder; so are the next two, which are for pages alone."""
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    post_suffix: str | None = None
    """The only suffix of posts, where the others are their assets (`post_asset_folder`)."""

    def check_post(self, path: str, below: str) -> None:
        """Raise NoAddress where the file is no post; `path` is from the site's folder on, `below` from the source's."""
        self._check_taken(path)
        _check_name(below, hidden=_HIDDEN.search(below.partition("/")[2]) is not None)
        suffix = _suffix(below)
        if self.post_suffix not in (None, suffix):
            raise NoAddress(f"not a page: a file in {suffix} is an asset of a post (post_asset_folder)")
        if _matches(self.skip_render, below):
            raise NotPublic("not published: the site's configuration says so (skip_render)")

    def check_page(self, path: str, below: str) -> bool:
        """Whether the page is rendered, rather than copied as it is; raises NoAddress where there is none."""
        self._check_taken(path)
        _check_name(below, hidden=_HIDDEN.search(below) is not None and not _matches(self.include, below))
        if _matches(self.exclude, below):
            raise NotPublic("not published: the site's configuration says so (exclude)")
        suffix, copied = _suffix(below), _matches(self.skip_render, below)
        if copied and suffix not in (".html", ".htm"):
            raise NoAddress("not a page: it is copied as it is (skip_render)")
        return not copied

    def _check_taken(self, path: str) -> None:
        parts = path.split("/")
        if any(_matches(self.ignore, "/site/" + "/".join(parts[:end])) for end in range(2, len(parts) + 1)):
            raise NotPublic("not published: the site's configuration says so (ignore)")


def _check_name(name: str, *, hidden: bool) -> None:
    if hidden or name.endswith(("~", "%")):
        raise NotPublic("not published: Hexo passes over names that begin with _ or .")


def _suffix(name: str) -> str:
    suffix = splitext(name)[1]
    if suffix not in _RENDERED:
        raise NoAddress(f"not a page: Hexo does not render {suffix or 'files without extension'}")
    return suffix


def _matches(globs: Iterable[str], path: str) -> bool:
    try:
        return any(matches_shell(glob, path) for glob in globs)
    except ValueError as exc:
        raise NoAddress(f"the site's configuration leaves files out: {exc}") from exc
