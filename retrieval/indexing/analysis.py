"""Analysis: text to the tokens that lexical search counts, the same for index and question, for every script."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import add

import numpy as np
import regex
from numpy.typing import NDArray

from retrieval.indexing import forms

_CONTINUOUS = r"\p{Han}\p{Hiragana}\p{Katakana}ー々〇\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts written without blanks between words, or, Hangul, with endings glued to them."""
LETTER = r"[\p{L}\p{M}\p{N}]"
"""Of a word, marks and digits included."""
_CODE = rf"(?<!{LETTER})(?:c\+\+|[cf]\#|\.net)(?!{LETTER})"
"""Names that are nothing without their signs."""
_WORD = rf"(?:(?![{_CONTINUOUS}]){LETTER})+"
_RUN = regex.compile(rf"[{_CONTINUOUS}]+|{_CODE}|{_WORD}")
_JOINED = regex.compile(r"(?<![a-z0-9])[a-z0-9]+(?:[-_][a-z0-9]+)+(?![a-z0-9])")
_NUMBERED = regex.compile(r"([a-z]{2,})(\d+)")
_PLURAL = regex.compile(r"(?:(?<=[a-z]{2})(?<![ae])(ies)|(?<=[a-z]s[hs]|tch|[a-z]x)(es)|(?<=[a-z]{3})(?<![us])(s))$")
_CONTINUOUS_START = regex.compile(rf"[{_CONTINUOUS}]")
_ACCENT = regex.compile(r"[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]+")
"""Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels, hamza and tatweel, which seldom all are written; the
marks of kana and of Indic scripts are letters, not accents."""
_ACCENTED = regex.compile(r"[\u00c0-\u1fff\u2070-\u2fff]")
"""What may have one: a text without any need not be taken apart."""

_PLAIN = {"đ": "d", "ł": "l", "ø": "o", "ı": "i"}
"""Letters that are others with a stroke or without a dot, and not taken apart as those with accents are."""
_TWO = {"ß": "ss", "æ": "ae", "œ": "oe"}
"""Letters that are two."""

UNIGRAM, BIGRAM, WORD = 0.5, 1.0, 2.0
"""Weights: a bigram tells twice as much as one of its characters, a whole word twice as much again."""


@lru_cache(maxsize=1)
def _simplified() -> NDArray[np.uint32]:
    """The plain character for each: simplified for traditional, by OpenCC's tables, a digit for any script's.

    One for one, so that offsets stay; looked up by numpy, which takes a tenth of the time of `str.translate`.
    """
    import opencc

    characters = [chr(point) for low, high in _HAN_BLOCKS for point in range(low, high)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = np.arange(sys.maxunicode + 1, dtype="<u4")
    for one, other in zip(characters, converted, strict=True):
        if one != other and len(other) == 1:
            table[ord(one)] = ord(other)
    for one, other in _PLAIN.items():
        table[ord(one)] = ord(other)
    for point in map(ord, filter(str.isdecimal, map(chr, range(0x80, 0x10000)))):
        table[point] = ord("0") + unicodedata.decimal(chr(point))
    return table


_HAN_BLOCKS = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


def fold(text: str) -> str:
    """`text` with what a searcher does not distinguish made equal: width, case, accents, Chinese variants."""
    folded = unicodedata.normalize("NFKC", text).lower()
    if folded.isascii():
        return folded
    if _ACCENTED.search(folded):
        folded = unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", folded)))
    for letter, letters in _TWO.items():
        folded = folded.replace(letter, letters)
    points = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return bytes(_simplified()[points]).decode("utf-32-le", "surrogatepass")


def runs(text: str) -> list[str]:
    """Runs of one kind of writing, as they come: a word without its plural, or a stretch of a script without blanks.

    Behind them, each once more in the form that all ways of writing it share: dates, times and numbers (`forms`), and
    compound names (`sofa-rpc` also as `sofarpc`, `ios16` also as `ios` and `16`).
    """
    folded = forms.unified(fold(text))
    found = [singular(run[:MAX_RUN]) for run in _RUN.findall(folded)]
    return [*found, *forms.stated(folded), *_compounds(folded, found)]


def singular(word: str) -> str:
    """An English word without the ending of its plural (after Harman 1991, "How Effective Is Suffixing?")."""
    if not word.endswith("s") or not (found := _PLURAL.search(word)):
        return word
    return word[: found.start()] + ("y" if found[1] else "")


def _compounds(folded: str, words: Iterable[str]) -> Iterator[str]:
    for joined in _JOINED.findall(folded):
        name = joined.replace("-", "").replace("_", "")
        if not name.isdecimal():
            yield singular(name[:MAX_RUN])
    for word in words:
        if word[-1:].isdecimal() and (found := _NUMBERED.fullmatch(word)):
            yield from found.groups()


MAX_RUN = 1_000
"""Characters: a longer one is noise (base64, keyboard mashing), and an index engine refuses it."""


def tokens(run: str) -> list[str]:
    """Tokens of a run: the word itself, or every character and every pair of neighbours."""
    if not is_continuous(run):
        return [run]
    return [*run, *map(add, run, run[1:])]


def pack_runs(stated: Iterable[str], context: Iterable[str]) -> str:
    """Runs as lexical scoring reads them: a blank on either side of each, those of the context behind a line end."""
    return "\n".join(f" {packed} " if (packed := " ".join(part)) else "" for part in (stated, context))


def weight(token: str) -> float:
    """How much a token counts."""
    if not is_continuous(token):
        return WORD
    return UNIGRAM if len(token) == 1 else BIGRAM


def is_continuous(run: str) -> bool:
    """Whether a run or token is of a script without blanks between words."""
    return _starts_continuous(run[:1])


@lru_cache(maxsize=16_384)
def _starts_continuous(character: str) -> bool:
    return _CONTINUOUS_START.match(character) is not None
