"""Text fragments: the part of an address that makes a browser scroll to a passage and mark it.

`#:~:text=[prefix-,]start[,end]`, see https://wicg.github.io/scroll-to-text-fragment/. A browser takes the first
place where the terms match, between word boundaries; in Chinese and Japanese those are sure only at punctuation and
at the edges of a block, so terms are whole clauses. No term may cross a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

MAX_EXACT = 300
"""Characters, percent-encoded, up to which a passage is named whole instead of by its two ends."""
MAX_LENGTH = 1200
"""Characters, percent-encoded, of a whole fragment; a longer one is left out."""
MIN_TERM = 6
"""Columns that the first term should have, so that a menu or a heading is not taken for it."""

_EDGE = re.compile(
    r"""[^\S ]|[\u3000\xa0]|  # blanks that pages and texts keep differently
    [。！？；：，、…—～·「」『』（）《》〈〉【】〔〕“”‘’!?;:,.()\[\]{}"'<>|/]+""",
    re.VERBOSE,
)
_SOURCE = re.compile(r"/(?:blob|src|raw|tree)/|\.(?:md|markdown|mdown|org|rst|txt)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int


def with_fragment(url: str, fragment: str | None) -> str:
    """`url` with a fragment of `fragment()`; as it is where it names a text already, or a source file."""
    if fragment is None or ":~:" in url or _SOURCE.search(urlsplit(url).path):
        return url
    return f"{url}{':~:' if '#' in url else '#:~:'}{fragment}"


def fragment(passages: Sequence[str], index: int) -> str | None:
    """The directive `text=...` that leads to `passages[index]`; None where none is short and sure enough.

    `passages` are all texts of the article, in order: a browser reads them from the top.
    """
    before = "\n".join(_folded(text) for text in passages[:index])
    return next((found for found in _candidates(passages, index, before) if len(found) <= MAX_LENGTH), None)


def _candidates(passages: Sequence[str], index: int, before: str) -> Iterator[str]:
    """Directives whose first match is the passage, the best first."""
    text = passages[index]
    lines = _lines(text)
    if not lines:
        return
    whole = text[lines[0][0].start : lines[-1][-1].end]
    if len(lines) == 1 and len(_encoded(whole)) <= MAX_EXACT and _folded(whole) not in before:
        yield f"text={_encoded(whole)}"
    last = _last_term(text, lines)
    for start in _first_terms(text, lines[0]):
        unique = _folded(start) not in before
        end = _end_behind(text, lines, start, last)
        terms = _encoded(start) if end is None else f"{_encoded(start)},{_encoded(end)}"
        if unique and _columns(start) >= MIN_TERM:
            yield f"text={terms}"
    yield from _prefixed(passages, index, before, lines)
