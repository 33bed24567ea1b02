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
    wanted = [units_of(pattern) for pattern in patterns]
    short = {at: units for at, units in enumerate(wanted) if len(units) <= 2}
    long = {at: units for at, units in enumerate(wanted) if len(units) > 2}
    counts = _short(terms, short, len(patterns))
    for at, places in _long(terms.units, long):
        counts[at] = np.bincount(np.searchsorted(terms.ends, places, side="right"), minlength=len(terms.ends))
    return counts


def _short(terms: Terms, patterns: Mapping[int, Units], rows: int) -> Counts:
    """(rows, passages) int64: the counts of patterns of one or two units, in the rows that they are given by.

    Only units that are in any pattern are looked at: each has a number from 1 on, and a pair of numbers a place in a
    table that says which row it counts in.
    """
    units = np.unique(np.concatenate([*patterns.values(), np.empty(0, np.uint16)]))
    numbers = np.zeros(_EVERY_UNIT, dtype=np.uint16)
    numbers[units] = np.arange(1, len(units) + 1)
    single = np.full(len(units) + 1, rows, dtype=np.intp)
    pairs = np.full((len(units) + 1, len(units) + 1), rows, dtype=np.intp)
    for row, pattern in patterns.items():
        (single if len(pattern) == 1 else pairs)[tuple(numbers[pattern])] = row
    # Passages begin and end with a blank, so no pair spans two of them; the last unit has none behind it.
    found = np.append(np.take(numbers, terms.units), np.uint16(0))
    # Of a mask: numpy looks for what is not zero among numbers at half the speed.
    places = np.flatnonzero(found > 0)
    passages = np.repeat(np.arange(len(terms.ends)), np.diff(np.searchsorted(places, terms.ends), prepend=0))
    first, second = found[places], found[places + 1]
    size = (rows + 1) * len(terms.ends)
    counts = np.bincount(single[first] * len(terms.ends) + passages, minlength=size)
    counts += np.bincount(pairs[first, second] * len(terms.ends) + passages, minlength=size)
    return counts.reshape(rows + 1, len(terms.ends))[:rows]


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
