"""Patterns for paths, as the generators' configurations have them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial

_PART = re.compile(
    r"(?P<folders>(?:^|(?<=/))\*\*/)|(?P<below>/\*\*$)|(?P<all>^\*\*$)|(?P<stars>\*\*+)|(?P<star>\*)"
    r"|(?P<set>\[[!^]?[^\]]+\])|\\(?P<escaped>.)|(?P<sign>[?{},])|(?P<text>.)",
    re.DOTALL,
)
_SIGNS = {"?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
_VISIBLE = r"(?:(?<![^/])(?!\.)|(?<=[^/]))"
_STARS = {
    "hugo": {"folders": ".*/", "below": "/.*", "all": ".*", "stars": ".*", "star": "[^/]*"},
    "shell": {
        "folders": r"/?(?:(?!\.)[^/]+/)*",
        "below": r"(?:/(?:(?!\.)[^/]+/?)*)?",
        "all": r"/?(?:(?!\.)[^/]+/?)*",
        "stars": _VISIBLE + "[^/]*",
        "star": _VISIBLE + "[^/]*",
    },
}
_EXTENDED = re.compile(r"[!@+?*]\(|^!")


def matches_hugo(glob: str, path: str) -> bool:
    """Whether a pattern of Hugo's is for all of `path`: `**` is any text, `*` has no slash in it.

    Source: hugo, hugofs/hglob; gobwas/glob. Raises ValueError for what is no pattern.
    """
    return _compiled(glob.replace("[!", "[^"), "hugo").fullmatch(path) is not None


def matches_shell(glob: str, path: str) -> bool:
    """The same of Hexo's and Jekyll's: `**` is any number of folders, no star is a name that begins with a dot.

    Source: picomatch 2, and Ruby's Dir.glob. Raises ValueError for what only one of them knows, like `!(a)`, too.
    """
    if _EXTENDED.search(glob):
        raise ValueError(f"the pattern {glob!r} is not supported")
    return _compiled(glob, "shell").fullmatch(path) is not None


@cache
def _compiled(glob: str, dialect: str) -> re.Pattern[str]:
    try:
        return re.compile(_PART.sub(partial(_part, _STARS[dialect], "{" in glob), glob), re.DOTALL)
    except re.error as exc:
        raise ValueError(f"the pattern {glob!r} is not supported") from exc


def _part(stars: Mapping[str, str], braces: bool, match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind in stars:
        return stars[kind]
    if kind == "set":
        return match[0]
    if kind == "sign" and (match[0] == "?" or braces):
        return _SIGNS[match[0]]
    return re.escape(match["escaped"] or match[0])
