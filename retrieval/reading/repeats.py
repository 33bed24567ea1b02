"""Lines that a feed puts around its articles: no structure tells them apart, but they stand in many of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath
from typing import TypeAlias

from retrieval.reading.lines import Kind, Line
from retrieval.records import Article

END = 6
"""How many lines from either end of an article such a line can be."""
MANY = 5
"""Articles that it must stand in,"""
SHARE = 0.2
"""and share of its feed's articles. Rarer lines are left to the search, which shows the same passage once."""
_MAX = 120
"""Characters: what is longer has something to say, if the same each time."""

Repeated: TypeAlias = Mapping[str, AbstractSet[str]]
"""Texts of such lines, by feed."""


def feed_of(article: Article) -> str:
    """What the article comes from: feed sites name the feed as author; without one, its folder."""
    return article.author or PurePosixPath(article.path).parent.as_posix() + "/"


def ends(lines: Sequence[Line]) -> frozenset[str]:
    """Texts of the lines of an article that may be such lines."""
    return frozenset(line.text for at, line in enumerate(lines) if may_repeat(line, at, len(lines)))


def may_repeat(line: Line, at: int, count: int) -> bool:
    """Whether the line is a short paragraph close to either end of `count` lines."""
    return line.kind is Kind.TEXT and len(line.text) <= _MAX and (at < END or at >= count - END)


class Repeats:
    """Counts in how many articles of a feed each line stands near an end; the same article twice counts once."""

    def __init__(self) -> None:
        self._articles: Counter[str] = Counter()
        self._lines: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._seen: set[bytes] = set()

    def add(self, feed: str, lines: AbstractSet[str], text: bytes) -> None:
        """Take in an article of a feed: its `ends`, and a hash of its text."""
        if text in self._seen:
            return
        self._seen.add(text)
        self._articles[feed] += 1
        self._lines[feed].update(lines)

    def found(self) -> Repeated:
        """The lines that are repeated, of the feeds that have any."""
        found = {feed: self._of(feed) for feed in self._lines}
        return {feed: texts for feed, texts in found.items() if texts}

    def _of(self, feed: str) -> frozenset[str]:
        enough = max(MANY, SHARE * self._articles[feed])
        return frozenset(text for text, count in self._lines[feed].items() if count >= enough)
