"""Plain text: its lines, with those that a paragraph was wrapped into at a column made one again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from retrieval.reading.lines import Gap, LineBuilder

_COLUMNS = range(60, 101)
"""Where text is wrapped; narrower lines are verse, wider ones paragraphs of their own."""
_OVERLONG = 0.03
"""The share of lines that may be wider: an address is not wrapped."""
_FULL = 0.85
"""A line is full where it reached so much of the width with the word that begins the next one."""
_MOST = 0.6
"""The share of line ends inside paragraphs that are full in a wrapped text; where lines end as they like, few are."""
_SMALL = 0.3
"""The share of those behind which neither a capital nor a figure follows; rows and records begin alike."""

_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60]+")
_FIRST_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60]|[^\s\u2e80-\u9fff]+")
_NUMBER = r"[\d一二三四五六七八九十]{1,3}"
_ITEM = re.compile(rf"\s*(?:[-*+•·●○■◆▪#>|=]|{_NUMBER}[.)、．）]|[（(]{_NUMBER}[)）])")
_APART = re.compile(r"\t|\S {3,}\S")
"""What sets columns of a table apart."""


def read(body: str) -> LineBuilder:
    """The lines of a plain text."""
    builder = LineBuilder()
    lines = body.split("\n")
    width = _width(lines)
    for above, line in pairwise(["", *lines]):
        if width and _goes_on(above, line) and _is_full(above, line, width):
            builder.text("\n")
        else:
            builder.break_(Gap.SOFT)
        builder.text(line)
    builder.break_(Gap.SECTION)
    return builder


def _width(lines: Sequence[str]) -> int:
    """The column at which the paragraphs are wrapped; 0 where they are not."""
    widths = sorted(_columns(line) for line in lines if line.strip())
    width = widths[int((1 - _OVERLONG) * (len(widths) - 1))] if widths else 0
    if width not in _COLUMNS:
        return 0
    inside = [(above, line) for above, line in pairwise(lines) if _goes_on(above, line)]
    full = [line.lstrip()[0] for above, line in inside if _is_full(above, line, width)]
    small = sum(not first.isupper() and not first.isdecimal() for first in full)
    return width if len(full) > _MOST * len(inside) and small > _SMALL * len(full) else 0


def _goes_on(above: str, line: str) -> bool:
    """Whether a line may be of the paragraph of the one above."""
    if not above.strip() or not line.strip() or _ITEM.match(line) or _APART.search(above) or _APART.search(line):
        return False
    return bool(_ITEM.match(above)) or _indent(line) <= _indent(above)


def _is_full(above: str, line: str, width: int) -> bool:
    word = _FIRST_WORD.search(line)
    return word is not None and _columns(above.rstrip()) + 1 + _columns(word[0]) > _FULL * width


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _columns(text: str) -> int:
    """Columns on a terminal, where an ideograph takes two."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _WIDE.findall(text)))
