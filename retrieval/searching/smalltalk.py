"""Small talk: messages that greet, thank, agree or test, and ask nothing that an article could answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import regex

from retrieval.indexing.analysis import fold

FILE = Path(__file__).with_name("smalltalk.json")
"""Phrases of scripts without blanks; words that make a message small talk; words that do where nothing is asked; words
that only accompany those."""

_WORD = regex.compile(r"(?<!\p{N})\p{N}*\p{L}[\p{L}\p{M}\p{N}']*")
"""With a letter: numbers ask nothing, nor do marks, which some emoji end with."""
_REPEATED = regex.compile(r"(.)\1{2,}|(.{2,3})\2{2,}")
"""Twice is a name: 哔哩哔哩, Dodo."""
_ASKING = frozenset(["how", "what", "what's", "who", "who's"])
_LISTS = ("phrases", "said", "unasked", "around")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    phrases: regex.Pattern[str]
    said: frozenset[str]
    unasked: frozenset[str]
    around: frozenset[str]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    lists: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    phrases, said, unasked, around = ([fold(each) for each in lists[name]] for name in _LISTS)
    longest_first = sorted(phrases, key=len, reverse=True)
    return _Lexicon(
        regex.compile(f"(?:{'|'.join(longest_first)})+"), frozenset(said), frozenset(unasked), frozenset(around)
    )


def asks_nothing(text: str) -> bool:
    """Whether `text` is only small talk, a number, signs, or the same few letters over and over."""
    lexicon = _lexicon()
    words = [word for word in _WORD.findall(fold(text)) if not _is_phrase_or_noise(word)]
    if not words:
        return True
    said = lexicon.said | lexicon.unasked if _ASKING.isdisjoint(words) else lexicon.said
    return not said.isdisjoint(words) and all(word in said | lexicon.around for word in words)


def _is_phrase_or_noise(word: str) -> bool:
    if _lexicon().phrases.fullmatch(word):
        return True
    return len(word) > 2 and _REPEATED.fullmatch(word) is not None
