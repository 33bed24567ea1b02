"""Passages and their sentences, as embedding is measured on them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.corpora import FOLDERS, bodies
from benchmarks.drcd import DATA
from retrieval.reading.sentences import sentences


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts of one kind."""

    name: str
    passages: tuple[str, ...]

    def spans(self) -> list[list[tuple[int, int]]]:
        """[start, end) of each passage's sentences."""
        return [sentences(text) for text in self.passages]

    def first(self, count: int) -> Corpus:
        """At most so many of its passages."""
        return Corpus(self.name, self.passages[:count])


def corpora() -> Iterator[Corpus]:
    """The sample articles', and those of DRCD's development set where it is."""
    yield Corpus(
        "articles", _different(text.text for body in bodies(FOLDERS["articles"]) for text in body.post.passages)
    )
    if DATA.exists():
        articles = json.loads(DATA.read_text(encoding="utf-8"))["data"]
        yield Corpus("drcd", _different(each["context"] for article in articles for each in article["paragraphs"]))


def _different(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def cut(texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> list[str]:
    """The sentences themselves."""
    return [text[start:end] for text, of_one in zip(texts, spans, strict=True) for start, end in of_one]
