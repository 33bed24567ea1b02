"""Occurrences: how often each of a question's tokens stands in each of a few hundred passages.

Looking for every token in every passage is what a question would spend most of its time on. So the passages are one
array of characters, and all tokens of one and two characters are found in it at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Places = NDArray[np.int64]
"""(n,) int64: where in the text a pattern begins."""
_EVERY_CHARACTER = 0x110000


def occurrences(texts: Sequence[str], patterns: Sequence[str]) -> Counts:
    """(patterns, texts) int64: how often each pattern stands in each text; a pair may overlap itself, as in 哈哈哈."""
    text = "\0".join(texts)
    ends = np.cumsum([len(each) + 1 for each in texts])
    counts = np.zeros((len(patterns), len(texts)), dtype=np.int64)
    for at, places in [*_short(text, patterns), *_long(text, patterns)]:
        counts[at] = np.bincount(np.searchsorted(ends, places, side="right"), minlength=len(texts))
    return counts


def _short(text: str, patterns: Sequence[str]) -> Iterator[tuple[int, Places]]:
    """Where each pattern of one or two characters begins: only characters that are in any are looked at."""
    short = {at: pattern for at, pattern in enumerate(patterns) if len(pattern) <= 2}
    numbers = {char: at for at, char in enumerate(sorted(set("".join(short.values()))), start=1)}
    table = np.zeros(_EVERY_CHARACTER, dtype=np.uint16)
    table[[ord(char) for char in numbers]] = list(numbers.values())
    chars = table[np.frombuffer((text + "\0").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)]
    places = np.flatnonzero(chars)
    first, second = chars[places], chars[places + 1]
    for at, pattern in short.items():
        found = first == numbers[pattern[0]]
        yield at, places[found if len(pattern) == 1 else found & (second == numbers[pattern[1]])]


def _long(text: str, patterns: Sequence[str]) -> Iterator[tuple[int, Places]]:
    for at, pattern in enumerate(patterns):
        if len(pattern) > 2:
            yield at, np.array(list(_places(text, pattern)), dtype=np.int64)


def _places(text: str, pattern: str) -> Iterator[int]:
    place = text.find(pattern)
    while place >= 0:
        yield place
        # A word's pattern ends with a blank, and the next one begins with a blank of its own.
        place = text.find(pattern, place + len(pattern))
