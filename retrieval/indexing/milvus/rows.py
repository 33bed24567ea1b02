"""Rows: what is written of an article, a passage, a sentence and a token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.indexing.analysis import tokens
from retrieval.indexing.bm25 import saturated
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.milvus.articles import article_body
from retrieval.indexing.milvus.packing import NO_DAY, code_texts, dimension_of, key_of, marks, pack
from retrieval.indexing.scripts import script_of
from retrieval.records import Article

_NO_WORD = 1 << 31
"""Dimension of no token: Milvus takes no empty vector."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """What an article's rows are filtered by."""

    marks: list[int]
    day: int

    @classmethod
    def of(cls, article: Article, language: str | None) -> Filtered:
        """What `article` is filtered by."""
        day = article.date.toordinal() if article.date else NO_DAY
        return cls(marks(article.categories, article.author, language), day)


@dataclass(frozen=True, slots=True)
class Listed:
    """Where an article stands in its collection."""

    number: int
    recency: int
    """0 for the newest."""
    same_as: int
    """Number of the article whose passages stand for its own; -1 where it has its own."""
    first: int
    count: int


def article_row(article: Article, filtered: Filtered, listed: Listed) -> dict[str, object]:
    """An article's row."""
    return {
        "id": listed.number,
        "recency": listed.recency,
        "path_key": key_of(article.path),
        "same_as": listed.same_as,
        "first": listed.first,
        "count": listed.count,
        "body": article_body(article),
        "marks": filtered.marks,
        "day": filtered.day,
        "blank": [0.0, 0.0],
    }


def counts_of(runs: str) -> Counter[str]:
    """How often each token stands in a passage's packed runs."""
    return Counter(token for run in runs.split() for token in tokens(run))


def words_of(counts: Counter[str], length: float, average: float) -> dict[int, float]:
    """The sparse vector whose product with a question's weights is BM25."""
    words: dict[int, float] = {}
    for token, times in counts.items():
        words[dimension_of(token)] = saturated(times, length, average)
    return words or {_NO_WORD: 1.0}


@dataclass(frozen=True, slots=True)
class Scored:
    """What a passage is scored by besides its vectors."""

    runs: str
    length: float
    words: dict[int, float]


def passage_row(
    passage: StoredPassage, scored: Scored, filtered: Filtered, codes: NDArray[np.uint8], vector: Vectors
) -> dict[str, object]:
    """A passage's row; `codes` are (1 + sentences, s), its own and those of its sentences, `vector` is its own."""
    record = {"text": passage.text, "headings": passage.headings, "sentences": passage.sentences}
    return {
        "id": passage.number,
        "article": passage.article,
        "script": int(script_of(passage.text)),
        "length": scored.length,
        "runs": pack(scored.runs),
        "body": pack(record),
        "codes": code_texts(codes),
        "text_key": key_of(passage.text),
        "marks": filtered.marks,
        "day": filtered.day,
        "vector": vector,
        "words": scored.words,
    }


def sentence_rows(
    passage: StoredPassage, first: int, vectors: Vectors, filtered: Filtered
) -> Sequence[dict[str, object]]:
    """Rows of a passage's sentences, whose numbers begin with `first`."""
    return [
        {
            "id": first + at,
            "passage": passage.number,
            "text_key": key_of(passage.text[start:end]),
            "marks": filtered.marks,
            "day": filtered.day,
            "vector": vectors[at],
        }
        for at, (start, end) in enumerate(passage.sentences)
    ]


def token_row(key: int, count: int) -> dict[str, object]:
    """A token's row."""
    return {"id": key, "count": count, "blank": [0.0, 0.0]}
