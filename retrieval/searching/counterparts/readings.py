"""Readings: Chinese characters and the Mandarin syllables that they are read as."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("readings.json")
"""Rows of a syllable in pinyin, in Wade-Giles and in Palladius's Cyrillic, folded (ü as u, no tones, no aspiration),
the characters that are read so first of all, and others that may be; from pypinyin 0.55.0, which takes 56 MB itself."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Of the 6,763 characters that simplified Chinese gets along with (GB 2312)."""

    characters: Mapping[str, Collection[str]]
    """Syllable in pinyin, Wade-Giles or Palladius's Cyrillic -> characters."""
    latin: Mapping[str, Collection[str]]
    """Character -> its syllables in pinyin and Wade-Giles."""
    pinyin: Mapping[str, str]
    """Character -> its first syllable in pinyin."""


@lru_cache(maxsize=1)
def readings() -> Readings:
    """All of them; read when a question first needs them."""
    characters: defaultdict[str, set[str]] = defaultdict(set)
    latin: defaultdict[str, set[str]] = defaultdict(set)
    pinyin: dict[str, str] = {}
    for plain, wade_giles, cyrillic, first, others in json.loads(_FILE.read_text(encoding="utf-8")):
        pinyin.update(dict.fromkeys(first, plain))
        for character in first + others:
            latin[character] |= {plain, wade_giles}
        for syllable in (plain, wade_giles, cyrillic):
            characters[syllable].update(first + others)
    return Readings(characters, latin, pinyin)
