"""Translated: words of a question as the glossary has them in the articles' language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import regex

from retrieval.indexing.analysis import WORD, fold
from retrieval.searching.counterparts.cedict import words_of
from retrieval.searching.counterparts.counterpart import Counterpart
from retrieval.searching.counterparts.glossary import Words, glossary, stem
from retrieval.searching.interrogatives import without_asking
from retrieval.searching.question import content_runs

WORDS = 4
"""The most in a row that are looked up together (`New Taipei City`)."""
LETTERS = 3
"""Of a word: shorter ones alone say little, and stand for too much (`it`: information technology)."""
CHARACTERS = 6
"""The most in a row that are looked up together."""

EMPHASIS = 1.5
"""Of a translation: from 1 to 3 about as many passages are found."""

_LookUp: TypeAlias = Callable[[Iterable[str]], Mapping[str, Sequence[Words]]]

_HAN = regex.compile(r"\p{Han}{2,}")


def to_chinese(text: str) -> Iterator[Counterpart]:
    """The words of a question, and rows of them, as the glossary has them in Chinese."""
    words = words_of(fold(text))
    stated = set(content_runs(text))
    for start, end, found in longest([stem(word) for word in words], " ", WORDS, glossary().chinese):
        if any(word in stated and len(word) >= LETTERS for word in words[start:end]):
            yield in_chinese(found, WORD * (end - start), EMPHASIS)


def from_chinese(text: str) -> Iterator[Counterpart]:
    """The words of a question in Chinese characters as the glossary has them in English."""
    for stretch in _HAN.findall(without_asking(text)):
        for _, _, found in longest(stretch, "", CHARACTERS, glossary().english):
            yield _any_of(found, WORD, EMPHASIS)


def in_chinese(words: Sequence[Words], weight: float, emphasis: float) -> Counterpart:
    """Any of `words`, each one of Chinese characters, which articles are found by in pairs."""
    return _any_of([[a + b for a, b in pairwise(word)] for (word,) in words], weight, emphasis)


def _any_of(translations: Sequence[Sequence[str]], weight: float, emphasis: float) -> Counterpart:
    """Those of a single token count as one; each of the others is a way of its own."""
    single = frozenset(tokens[0] for tokens in translations if len(tokens) == 1)
    several = [tuple(frozenset({token}) for token in tokens) for tokens in translations if len(tokens) > 1]
    return Counterpart((*(((single,),) if single else ()), *several), weight, emphasis=emphasis)


def longest(
    units: Sequence[str], blank: str, most: int, look_up: _LookUp
) -> Iterator[tuple[int, int, Sequence[Words]]]:
    """Start and end of the longest rows of units that are in the glossary, and their translations."""
    rows = {
        (start, end): blank.join(units[start:end])
        for start in range(len(units))
        for end in range(start + 1, min(start + most, len(units)) + 1)
    }
    found = look_up(set(rows.values()))
    at = 0
    while at < len(units):
        end = next((end for end in range(min(at + most, len(units)), at, -1) if rows[at, end] in found), at + 1)
        if rows[at, end] in found:
            yield at, end, found[rows[at, end]]
        at = end
