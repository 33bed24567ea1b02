"""Readings: Chinese characters and the Mandarin syllables that they are read as, as pypinyin knows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from retrieval.indexing.analysis import fold

_PLAIN = str.maketrans("v", "u", "'’012345")
"""Of pypinyin's spellings: ü as people type it, no aspiration, no tones."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Of the 6,763 characters that simplified Chinese gets along with (GB 2312)."""

    characters: Mapping[str, Collection[str]]
    """Syllable in pinyin, Wade-Giles or Palladius's Cyrillic, folded -> characters."""
    latin: Mapping[str, Collection[str]]
    """Character -> its syllables in pinyin and Wade-Giles."""
    pinyin: Mapping[str, str]
    """Character -> its first syllable in pinyin."""


@lru_cache(maxsize=1)
def readings() -> Readings:
    """All of them; put together in a fifth of a second, when a question first needs them."""
    from pypinyin import pinyin_dict

    characters: defaultdict[str, set[str]] = defaultdict(set)
    latin: defaultdict[str, set[str]] = defaultdict(set)
    pinyin: dict[str, str] = {}
    for character in filter(_is_common, map(chr, pinyin_dict.pinyin_dict)):
        for reading in pinyin_dict.pinyin_dict[ord(character)].split(","):
            plain, wade_giles, cyrillic = _spelt(reading)
            pinyin.setdefault(character, plain)
            latin[character] |= {plain, wade_giles}
            for syllable in (plain, wade_giles, cyrillic):
                characters[syllable].add(character)
    return Readings(characters, latin, pinyin)


def _is_common(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=2_048)
def _spelt(reading: str) -> tuple[str, str, str]:
    """A reading (`luò`) in pinyin, Wade-Giles and Cyrillic letters."""
    from pypinyin import Style
    from pypinyin.style import convert

    plain, wade_giles, cyrillic = (
        fold(convert(reading, style, strict=True)).translate(_PLAIN)
        for style in (Style.NORMAL, Style.WADEGILES, Style.CYRILLIC)
    )
    return plain, wade_giles, cyrillic
