"""Scripts: which writing system a text is in, as a stand-in for its language."""

from __future__ import annotations

from enum import IntEnum
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray


class Script(IntEnum):
    """Writing systems that are told apart; the numbers are stored in indexes and must stay."""

    OTHER = 0
    LATIN = 1
    CHINESE = 2
    JAPANESE = 3
    KOREAN = 4
    CYRILLIC = 5
    ARABIC = 6
    DEVANAGARI = 7
    THAI = 8
    GREEK = 9
    HEBREW = 10


COUNT = len(Script)
_LETTERS = {
    Script.LATIN: regex.compile(r"\p{Latin}+"),
    Script.CHINESE: regex.compile(r"\p{Han}+"),
    Script.JAPANESE: regex.compile(r"[\p{Hiragana}\p{Katakana}]+"),
    Script.KOREAN: regex.compile(r"\p{Hangul}+"),
    Script.CYRILLIC: regex.compile(r"\p{Cyrillic}+"),
    Script.ARABIC: regex.compile(r"\p{Arabic}+"),
    Script.DEVANAGARI: regex.compile(r"\p{Devanagari}+"),
    Script.THAI: regex.compile(r"\p{Thai}+"),
    Script.GREEK: regex.compile(r"\p{Greek}+"),
    Script.HEBREW: regex.compile(r"\p{Hebrew}+"),
}
_DENSE = frozenset([Script.CHINESE, Script.JAPANESE, Script.KOREAN])
_WORTH = 5
"""Letters that one East Asian character outweighs: Latin names stand in Chinese texts, seldom the reverse."""
_KANA = 0.1
"""Share of kana from which Han characters are Japanese."""


def script_of(text: str) -> Script:
    """The writing system most of `text` is in."""
    found = _counts(text)
    counts = {script: int(found[script]) for script in _LETTERS}
    kana = counts[Script.JAPANESE]
    if kana and kana >= _KANA * (kana + counts[Script.CHINESE]):
        counts[Script.JAPANESE] += counts.pop(Script.CHINESE)
    weighted = {script: number * (_WORTH if script in _DENSE else 1) for script, number in counts.items()}
    best = max(weighted, key=lambda script: weighted[script])
    return best if weighted[best] else Script.OTHER


def _counts(text: str) -> NDArray[np.int64]:
    """(COUNT,) letters of each writing system."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    planes = points >> 16
    # Looked up, a text takes a hundredth of the time in which ten patterns are matched.
    found = [_plane(int(plane))[points[planes == plane] & 0xFFFF] for plane in np.unique(planes)]
    return np.bincount(np.concatenate([np.empty(0, np.uint8), *found]), minlength=COUNT)


@cache
def _plane(number: int) -> NDArray[np.uint8]:
    """(65,536,) the writing system of each character of a plane of Unicode."""
    characters = "".join(map(chr, range(number << 16, (number + 1) << 16)))
    scripts = np.full(len(characters), Script.OTHER, dtype=np.uint8)
    for script, pattern in _LETTERS.items():
        for match in pattern.finditer(characters):
            scripts[match.start() : match.end()] = script
    return scripts
