"""Occurrences: how often each of a question's tokens stands in each of a few hundred passages.

Looking for every token in every passage is what a question would spend most of its time on. So the passages are one
array of UTF-16 code units, and all tokens of one and two units are found in it at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.indexing.forward import Terms, Units, units_of

Counts = NDArray[np.int64]
Places = NDArray[np.int64]
"""(n,) int64: where a pattern begins."""
_EVERY_UNIT = 0x10000


def occurrences(terms: Terms, patterns: Sequence[str]) -> Counts:
    """(patterns, passages) int64: how often each pattern stands in each passage, overlapping itself as 哈哈 does."""
    counts = np.zeros((len(patterns), len(terms.ends)), dtype=np.int64)
    wanted = {at: units_of(pattern) for at, pattern in enumerate(patterns)}
    short = {at: units for at, units in wanted.items() if len(units) <= 2}
    long = {at: units for at, units in wanted.items() if len(units) > 2}
    for at, places in [*_short(terms.units, short), *_long(terms.units, long)]:
        passages = np.searchsorted(terms.ends, places, side="right")
        counts[at] = np.bincount(passages, minlength=len(terms.ends))
    return counts


def _short(text: Units, patterns: Mapping[int, Units]) -> Iterator[tuple[int, Places]]:
    """Where each pattern of one or two units begins: only units that are in any are looked at."""
    numbers = {unit: at for at, unit in enumerate(np.unique(np.concatenate([*patterns.values(), _NONE])), start=1)}
    table = np.zeros(_EVERY_UNIT, dtype=np.uint16)
    table[list(numbers)] = list(numbers.values())
    # Passages begin and end with a blank, so no pair spans two of them; the last unit has none behind it.
    found = np.append(table[text], np.uint16(0))
    places = np.flatnonzero(found)
    first, second = found[places], found[places + 1]
    for at, pattern in patterns.items():
        hit = first == numbers[pattern[0]]
        yield at, places[hit if len(pattern) == 1 else hit & (second == numbers[pattern[1]])]


_NONE = np.empty(0, dtype=np.uint16)


def _long(units: Units, patterns: Mapping[int, Units]) -> Iterator[tuple[int, Places]]:
    if not patterns:
        return
    text = _by_unit(units)
    for at, pattern in patterns.items():
        yield at, np.array(list(_places(text, _by_unit(pattern))), dtype=np.int64)


def _by_unit(units: Units) -> str:
    """A text with one character for each unit, so that places in it are places among the units."""
    return units.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _places(text: str, pattern: str) -> Iterator[int]:
    place = text.find(pattern)
    while place >= 0:
        yield place
        place = text.find(pattern, place + 1)
