"""Passages: the paragraphs of an article, each large enough to stand alone and small enough for the model."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from retrieval.reading.lines import Gap, Kind, Line
from retrieval.reading.sentences import sentences

MAX_TOKENS = 470.0
"""Room in a window of 512 for the prompt and for a wrong estimate."""
ALONE = 150.0
"""From this width on a paragraph stands alone; a shorter one is joined by the next.

One-sentence paragraphs, as news has them, say neither whom they are about nor what it is. On the development
questions about feed posts, hit@1 by this width: 30 .86, 60 .85, 90 .84, 120 .87, 160 .92.
"""
LONE = 30.0
"""Below this width a passage with a heading of its own is left to the one before it: a date, two words."""
SHORT = 40.0
"""Below this width lines are gathered: verse, lists, rows, specifications, an address block."""
GATHERED = 300.0
"""Short lines are gathered up to about this width."""

_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]+")
_NEWLINE_WIDTH = 0.4
_NEWLINE_TOKENS = 0.33
_CLAUSE = re.compile(r"[^,，、:：،၊፣]*[,，、:：،၊፣]?\s*")
_RUN = re.compile(r".{1,300}(?<=\s)|.{1,300}(?!\S)|.{1,300}", re.DOTALL)
_COSTLY = re.compile(r"[\d!-/:-@\[-`{-~\u0f00-\u139f\u1780-\u17ff]")
"""Characters of which a token holds few: figures, marks, and scripts that vocabularies know little of."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an article, word for word, its lines joined by newlines."""

    text: str
    headings: tuple[str, ...] = ()
    """The headings it stands under, outermost first."""


@lru_cache(maxsize=256)
def width(text: str) -> float:
    """Length as a reader feels it: an ideograph is 1, any other character .4."""
    wide = _ideographs(text)
    return wide + 0.4 * (len(text) - wide)


@lru_cache(maxsize=256)
def estimated_tokens(text: str) -> float:
    """Tokens a multilingual unigram vocabulary needs at most, give or take a tenth."""
    wide = _ideographs(text)
    return 0.75 * wide + 0.33 * (len(text) - wide) + 0.25 * len(_COSTLY.findall(text))


def _ideographs(text: str) -> int:
    return 0 if text.isascii() else sum(map(len, _WIDE.findall(text)))


@dataclass(slots=True)
class _Group:
    """Lines that make a passage together, and the headings above them."""

    headings: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    width: float = -_NEWLINE_WIDTH
    tokens: float = -_NEWLINE_TOKENS
    only_headings: bool = True

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.width += _NEWLINE_WIDTH + width(line.text)
        self.tokens += _NEWLINE_TOKENS + estimated_tokens(line.text)
        self.only_headings &= line.kind is Kind.HEADING

    def joins(self, line: Line) -> bool:
        """Whether `line` belongs to the passage begun; code, to the line that introduces it."""
        if line.gap is Gap.CUT:
            return False
        if line.kind is Kind.HEADING:
            return self.only_headings
        if self.tokens + _NEWLINE_TOKENS + estimated_tokens(line.text) > MAX_TOKENS:
            return self.width < LONE
        last = self.lines[-1]
        if line.kind is Kind.CODE or last.kind is Kind.CODE:
            return line.kind is Kind.CODE and self.width < ALONE
        if self.width < ALONE or self.only_headings:
            return True
        short, other = sorted((width(last.text), width(line.text)))
        together = line.gap is Gap.SOFT or (line.kind is last.kind and line.kind in (Kind.ITEM, Kind.ROW))
        return self.width < GATHERED and short < SHORT and (together or other < SHORT)

    def takes_in(self, other: _Group) -> bool:
        """Whether `other`, behind this one, is too short to stand alone and has room here."""
        enough = LONE if other.lines[0].kind is Kind.HEADING else ALONE / 2
        fits = self.tokens + _NEWLINE_TOKENS + other.tokens <= MAX_TOKENS
        return other.width < enough and fits and other.lines[0].gap is not Gap.CUT


def passages(lines: Iterable[Line]) -> list[Passage]:
    """The passages that `lines` make, in order; every line's text is in exactly one run of them."""
    return [
        Passage(text, group.headings) for group in _without_lone_ends(_groups(lines)) for text in _pieces(group.lines)
    ]


def _groups(lines: Iterable[Line]) -> Iterator[_Group]:
    outline: list[Line] = []
    group = _Group(())
    for line in lines:
        if group.lines and not group.joins(line):
            yield group
            group = _Group(group.headings)
        if line.kind is Kind.HEADING:
            outline = [above for above in outline if above.level < line.level] + [line]
            group.headings = tuple(heading.text for heading in outline)
        group.add(line)
    if group.lines:
        yield group


def _without_lone_ends(groups: Iterable[_Group]) -> list[_Group]:
    """The same groups; one too short to stand alone is added to the one before it."""
    merged: list[_Group] = []
    for group in groups:
        if merged and merged[-1].takes_in(group):
            for line in group.lines:
                merged[-1].add(line)
        else:
            merged.append(group)
    return merged


def _pieces(lines: list[Line]) -> list[str]:
    """Their text whole, or cut between sentences into even pieces that fit the model; code stays whole."""
    text = "\n".join(line.text for line in lines)
    total = estimated_tokens(text)
    if total <= MAX_TOKENS or any(line.kind is Kind.CODE for line in lines):
        return [text]
    aim = total / math.ceil(total / (0.9 * MAX_TOKENS))
    pieces: list[str] = []
    current = ""
    for unit in _units(text):
        if current and estimated_tokens(current + unit) > min(MAX_TOKENS, aim + estimated_tokens(unit) / 2):
            pieces.append(current)
            current = ""
        current += unit
    if pieces and estimated_tokens(current) < aim / 3 and estimated_tokens(pieces[-1] + current) <= MAX_TOKENS:
        current = pieces.pop() + current
    return [piece.strip() for piece in [*pieces, current] if piece.strip()]


def _units(text: str) -> Iterable[str]:
    """Sentences with the blanks behind them; one that is itself too long, in clauses, then in runs."""
    starts = [start for start, _ in sentences(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        sentence = text[start:end]
        if estimated_tokens(sentence) <= MAX_TOKENS / 2:
            yield sentence
            continue
        for clause in _CLAUSE.findall(sentence):
            yield from _runs(clause)


def _runs(clause: str) -> Iterator[str]:
    """Runs of up to 300 characters, cut at blanks if there are any, and never before a combining mark."""
    start = 0
    while match := _RUN.match(clause, start):
        end = match.end()
        while end < len(clause) and unicodedata.category(clause[end])[0] == "M":
            end += 1
        yield clause[start:end]
        start = end
