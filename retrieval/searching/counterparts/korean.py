"""Korean words of Chinese origin: 의회 for 议会.

More than half of Korean's words are, and each of their syllables is how characters are read; korean.json says which.
On 37 questions about DRCD's Chinese paragraphs, hit@1 .57 without and .62 to .65 with, hit@12 .78 and .89. It is no
more with rarer characters (GB 2312's second level), or where a word's first syllable is also taken for what it would be
in other places (력사 for 역사).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import regex

from retrieval.indexing.analysis import BIGRAM
from retrieval.searching.counterparts.counterpart import NAME, Counterpart

_FILE = Path(__file__).with_name("korean.json")
"""Syllable -> the 3,755 most common characters of simplified Chinese (GB 2312, first level) that are read so,
by the table of the package hanja 0.15.1."""
_WORD = regex.compile(r"[가-힣]{2,}")


def heard_in_korean(text: str) -> Iterator[Counterpart]:
    """Each two neighbouring syllables of a word, as the pairs of characters that are read so."""
    readings = _readings() if _WORD.search(text) else {}
    for word in _WORD.findall(text):
        for one, other in pairwise(word):
            pairs = frozenset(a + b for a in readings.get(one, "") for b in readings.get(other, ""))
            if pairs:
                yield Counterpart(((pairs,),), BIGRAM, emphasis=NAME)


@lru_cache(maxsize=1)
def _readings() -> Mapping[str, str]:
    readings: dict[str, str] = json.loads(_FILE.read_text(encoding="utf-8"))
    return readings
