"""Places and languages: 塞尔维亚 for Сербии, صربيا, सर्बिया, เซอร์เบีย, 세르비아.

In scripts without capitals nothing else tells a name from a word. Names in Latin letters are left to the ear
(`transcribed`): by this they would count twice, and no more questions find their passage (230 of 330; 232 without).
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from retrieval.indexing.analysis import WORD, fold
from retrieval.searching.counterparts.counterpart import NAME, Counterpart
from retrieval.searching.counterparts.glossary import glossary, root
from retrieval.searching.counterparts.translated import in_chinese, longest

WORDS = 4
"""The most in a row that are a name (`Papua New Guinea`)."""
CHARACTERS = 20
"""The most in a row, where names and what follows are written together."""
_TOGETHER = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]{3,}|\p{Hangul}{2,}|[\p{Katakana}ー]{2,}")
_WORD = regex.compile(r"(?:(?!\p{Latin})[\p{L}\p{M}])+")
_COMMON = regex.compile(r"\p{Ll}")
"""How a word begins that is no name, in scripts that have capitals."""


def places(text: str) -> Iterator[Counterpart]:
    """The names in a question as articles may have them in Chinese characters."""
    known = glossary().places
    for stretch in _TOGETHER.findall(fold(text)):
        for _, _, found in longest(stretch, "", CHARACTERS, known):
            yield in_chinese(found, WORD, NAME)
    words = _WORD.findall(text)
    for start, _, found in longest([root(fold(word)) for word in words], " ", WORDS, known):
        if not _COMMON.match(words[start]) and not _TOGETHER.fullmatch(words[start]):
            yield in_chinese(found, WORD, NAME)
