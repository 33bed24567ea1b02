"""Chinese names: Luoyang, Loyang and Лоян for 洛阳.

What can be cut into Mandarin syllables is looked for as the pairs of characters that are read so; and where the
articles know no Chinese, two to four of a question's characters as the word that they are spelt as.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import regex

from retrieval.indexing.analysis import WORD, fold
from retrieval.searching.counterparts.counterpart import NAME, Counterpart
from retrieval.searching.counterparts.readings import readings
from retrieval.searching.interrogatives import without_asking

LETTERS, CAPITALISED = 6, 4
"""The least that a spelt name has: shorter words without a capital are too often read so (`like`, `piano`)."""
SYLLABLES = 5
"""The most that a word of a spelt name has."""
CHARACTERS = range(2, 5)
"""How many a written name has."""
SPELT = 5
"""Letters from which a written name is looked for as it is spelt: 那么 is not `name`."""

_WORD = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{M}]+")
_NEIGHBOURS = regex.compile(rf"(?<![\p{{L}}\p{{M}}])(?=({_WORD.pattern})(['’-]| (?=\p{{Lu}}))({_WORD.pattern}))")
_HAN = regex.compile(r"\p{Han}{2,}")
_LONGEST = 6
"""Letters of a syllable: `zhuang`, `чжуань`."""
_RUSSIAN_CASES = ("а", "у", "е", "ом", "ем")


def spelt(text: str) -> list[Counterpart]:
    """What a question may spell: words, and neighbours one of which is a single syllable (`Li Bai`, `Huai'an`)."""
    words = [(found[0], WORD) for found in _WORD.finditer(text)]
    joined = [
        (one + other, 2 * WORD)
        for one, between, other in _NEIGHBOURS.findall(text)
        if (between != " " or one[0].isupper()) and 1 in (_syllables(one), _syllables(other))
    ]
    return [
        Counterpart((parts,), weight, emphasis=NAME)
        for word, weight in (*words, *joined)
        if _is_long(word) and (parts := _pairs(word))
    ]


def written(text: str) -> list[Counterpart]:
    """What a question may write in Chinese characters: each name as the words that it is spelt as."""
    return [
        Counterpart(((words,),), WORD, emphasis=NAME)
        for stretch in _HAN.findall(without_asking(text))
        for size in CHARACTERS
        for start in range(len(stretch) - size + 1)
        if (words := _spelt(stretch[start : start + size]))
    ]


def _is_long(word: str) -> bool:
    return len(word) >= (CAPITALISED if word[0].isupper() else LETTERS)


def _syllables(word: str) -> int:
    return min(map(len, _cuts(word)), default=0)


def _pairs(word: str) -> tuple[frozenset[str], ...]:
    """For each two neighbouring syllables, the pairs of characters that are read so."""
    characters = readings().characters
    cuts = [cut for cut in _cuts(word) if len(cut) > 1]
    places = zip(*(pairwise(cut) for cut in cuts if len(cut) == len(cuts[0])), strict=True)
    return tuple(
        frozenset(a + b for one, other in place for a in characters[one] for b in characters[other]) for place in places
    )


def _cuts(word: str) -> list[tuple[str, ...]]:
    """All ways of cutting a word into syllables, those of few first."""
    folded = fold(word)
    stems = [folded, *(folded.removesuffix(case) for case in _RUSSIAN_CASES if folded.endswith(case))]
    return sorted((cut for stem in stems for cut in _cut(stem, SYLLABLES)), key=len)


def _cut(rest: str, most: int) -> Iterator[tuple[str, ...]]:
    known = readings().characters
    if rest in known:
        yield (rest,)
    for end in range(1, min(_LONGEST, len(rest) - 1) + 1) if most > 1 else ():
        if rest[:end] in known:
            yield from ((rest[:end], *others) for others in _cut(rest[end:], most - 1))


def _spelt(characters: str) -> frozenset[str]:
    latin = readings().latin
    words = map("".join, product(*(latin.get(character, ()) for character in characters)))
    return frozenset(word for word in words if len(word) >= SPELT)
