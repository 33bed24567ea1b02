"""Scripts: which writing system a text is in, as a stand-in for its language."""

from __future__ import annotations

from enum import IntEnum

import regex


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
    Script.LATIN: regex.compile(r"\p{Latin}"),
    Script.CHINESE: regex.compile(r"\p{Han}"),
    Script.JAPANESE: regex.compile(r"[\p{Hiragana}\p{Katakana}]"),
    Script.KOREAN: regex.compile(r"\p{Hangul}"),
    Script.CYRILLIC: regex.compile(r"\p{Cyrillic}"),
    Script.ARABIC: regex.compile(r"\p{Arabic}"),
    Script.DEVANAGARI: regex.compile(r"\p{Devanagari}"),
    Script.THAI: regex.compile(r"\p{Thai}"),
    Script.GREEK: regex.compile(r"\p{Greek}"),
    Script.HEBREW: regex.compile(r"\p{Hebrew}"),
}
_DENSE = frozenset([Script.CHINESE, Script.JAPANESE, Script.KOREAN])
_WORTH = 5
"""Letters that one East Asian character outweighs: Latin names stand in Chinese texts, seldom the reverse."""
_KANA = 0.1
"""Share of kana from which Han characters are Japanese."""


def script_of(text: str) -> Script:
    """The writing system most of `text` is in."""
    counts = {script: len(pattern.findall(text)) for script, pattern in _LETTERS.items()}
    kana = counts[Script.JAPANESE]
    if kana and kana >= _KANA * (kana + counts[Script.CHINESE]):
        counts[Script.JAPANESE] += counts.pop(Script.CHINESE)
    weighted = {script: number * (_WORTH if script in _DENSE else 1) for script, number in counts.items()}
    best = max(weighted, key=lambda script: weighted[script])
    return best if weighted[best] else Script.OTHER
