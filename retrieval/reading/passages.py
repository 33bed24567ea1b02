"""Passages: the paragraphs of an article, each large enough to stand alone and small enough for the model."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

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

_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_CLAUSE = re.compile(r"[^,，、:：]*[,，、:：]?\s*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an article, word for word, its lines joined by newlines."""

    text: str
    headings: tuple[str, ...] = ()
    """The headings it stands under, outermost first."""


def width(text: str) -> float:
    """Length as a reader feels it: an ideograph is 1, any other character .4."""
    wide = len(_WIDE.findall(text))
    return wide + 0.4 * (len(text) - wide)


def estimated_tokens(text: str) -> float:
    """Tokens a multilingual unigram vocabulary needs at most, give or take a tenth."""
    wide = len(_WIDE.findall(text))
    return 0.75 * wide + 0.33 * (len(text) - wide)


def passages(lines: Iterable[Line]) -> list[Passage]:
    """The passages that `lines` make, in order; every line's text is in exactly one run of them."""
    result: list[Passage] = []
    for group, headings in _groups(list(lines)):
        texts = _pieces("\n".join(line.text for line in group), group)
        result.extend(Passage(text, headings) for text in texts)
    return result


def _groups(lines: list[Line]) -> Iterable[tuple[list[Line], tuple[str, ...]]]:
    """Lines that make a passage together, with the headings above them."""
    outline: list[Line] = []
    group: list[Line] = []
    groups: list[tuple[list[Line], tuple[str, ...]]] = []

    def close() -> None:
        if group:
            groups.append((group.copy(), tuple(line.text for line in outline)))
            group.clear()

    for line in lines:
        if group and not (_only_headings(group) if line.kind is Kind.HEADING else _joins(group, line)):
            close()
        if line.kind is Kind.HEADING:
            outline = [above for above in outline if above.level < line.level] + [line]
        group.append(line)
    close()
    return _without_lone_ends(groups)


def _only_headings(group: list[Line]) -> bool:
    return all(line.kind is Kind.HEADING for line in group)


def _joins(group: list[Line], line: Line) -> bool:
    """Whether `line` belongs to the passage that `group` has begun; code, to the line that introduces it."""
    so_far = width("\n".join(member.text for member in group))
    if not _fits(group, line.text):
        return so_far < LONE
    last = group[-1]
    if line.kind is Kind.CODE or last.kind is Kind.CODE:
        return line.kind is Kind.CODE and so_far < ALONE
    if so_far < ALONE or _only_headings(group):
        return True
    short, other = sorted((width(last.text), width(line.text)))
    together = line.gap is Gap.SOFT or (line.kind is last.kind and line.kind in (Kind.ITEM, Kind.ROW))
    return so_far < GATHERED and short < SHORT and (together or other < SHORT)


def _without_lone_ends(
    groups: list[tuple[list[Line], tuple[str, ...]]],
) -> list[tuple[list[Line], tuple[str, ...]]]:
    """The same groups; one too short to stand alone is added to the one before it."""
    merged: list[tuple[list[Line], tuple[str, ...]]] = []
    for group, headings in groups:
        text = "\n".join(line.text for line in group)
        enough = LONE if group[0].kind is Kind.HEADING else ALONE / 2
        if merged and width(text) < enough and _fits(merged[-1][0], text):
            merged[-1][0].extend(group)
        else:
            merged.append((group, headings))
    return merged


def _fits(group: list[Line], text: str) -> bool:
    return estimated_tokens("\n".join([*(line.text for line in group), text])) <= MAX_TOKENS


def _pieces(text: str, group: list[Line]) -> list[str]:
    """`text` whole, or cut between sentences into even pieces that fit the model; code stays whole."""
    total = estimated_tokens(text)
    if total <= MAX_TOKENS or any(line.kind is Kind.CODE for line in group):
        return [text]
    aim = total / math.ceil(total / (0.9 * MAX_TOKENS))
    pieces: list[str] = []
    current = ""
    for unit in _units(text):
        if current and estimated_tokens(current + unit) > min(MAX_TOKENS, aim + estimated_tokens(unit) / 2):
            pieces.append(current)
            current = ""
        current += unit
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
            yield from (clause[at : at + 300] for at in range(0, len(clause), 300))
