"""Admonitions: the indented blocks of Python-Markdown and MkDocs, which CommonMark takes for code.

`!!! note "Title"`, the foldable `??? note "Title"`, and tabs, `=== "Title"`; their text stands four columns further in.
Source: https://squidfunk.github.io/mkdocs-material/reference/admonitions and .../content-tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

_OPENED = re.compile(
    r"""^(?P<indent>[ ]*)(?:
        (?:!!!|\?\?\?\+?)[ ]+[A-Za-z-]+(?:[ ]+inline(?:[ ]+end)?)?(?:[ ]+"(?P<title>[^"\n]*)")?
      | ===[+!]?[ ]+"(?P<tab>[^"\n]+)"
    )[ ]*$""",
    re.VERBOSE,
)
MARKED = re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?|===[+!]?) ", re.MULTILINE)
"""Without one there is no such block."""
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_STEP = 4


def unfolded(lines: Iterable[str]) -> Iterator[str]:
    """`lines` with each such block as a bold title and its text no further in than the block."""
    starts: list[int] = []
    fence = ""
    for line in lines:
        line = line.expandtabs(_STEP) if starts else line
        indent = len(line) - len(line.lstrip(" "))
        while starts and line.strip() and indent < starts[-1]:
            starts.pop()
            fence = ""
            yield ""
        line = line[min(indent, _STEP * len(starts)) :]
        mark = _FENCE.match(line)
        opened = None if fence else _OPENED.match(line)
        if mark and (not fence or line.strip() == fence):
            fence = "" if fence else mark[1]
        if opened is None:
            yield line
            continue
        starts.append(len(opened["indent"]) + _STEP * (len(starts) + 1))
        title = opened["title"] or opened["tab"]
        yield ""
        if title:
            yield f"{opened['indent']}<strong>{escape(title, quote=False)}</strong>"
            yield ""
