"""The forms in which Milvus keeps things."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from retrieval.indexing.bm25 import saturated
from retrieval.indexing.milvus.articles import article_body, article_in
from retrieval.indexing.milvus.layout import ABOUT, collection_of, generation_of, lists, new_name, probes
from retrieval.indexing.milvus.packing import (
    PIECE,
    code_texts,
    codes_in,
    condition,
    decode,
    dimension_of,
    encode,
    pack,
    unpack,
)
from retrieval.indexing.milvus.rows import counts_of, words_of
from retrieval.records import Article, Filter


@pytest.mark.parametrize("dimension", [1, 31, 32, 100, 384])
def test_codes_are_near_and_stay(dimension: int) -> None:
    """A code stands for nearly its vector, and what it stands for has the same code, however large a component is."""
    vectors = np.random.default_rng(0).normal(size=(200, dimension)).astype(np.float32)
    vectors[:, 0] *= 50
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    codes = encode(vectors)
    kept = decode(codes, dimension)
    assert np.abs(kept - vectors).max() < 0.005
    assert (encode(kept) == codes).all()
    assert (codes_in(code_texts(codes), dimension) == codes).all()
    assert decode(encode(np.zeros((1, dimension), np.float32)), dimension).tolist() == [[0.0] * dimension]


@pytest.mark.parametrize("text", ["", "a" * (3 * PIECE + 1), 'quote " and \\ and \x00', "half \ud83d", "𠮷" * PIECE])
def test_texts_of_any_length_and_kind(text: str) -> None:
    """Come back as they were, in pieces that Milvus takes."""
    stored = pack({"text": text})
    assert unpack(stored) == {"text": text}
    assert all(len(piece.encode("utf-8")) <= 65_535 for piece in stored)


def test_articles_come_back_as_they_were() -> None:
    """With their dates and labels."""
    article = Article("a.md", "题", None, date(2021, 3, 4), "某", ("港口", "新闻"), ("x",), None)
    assert article_in(article_body(article)) == article


def test_conditions_hold_numbers_only() -> None:
    """Whatever is asked for, so that nothing in it can be read as a condition."""
    asked = condition(Filter(category='"] or true or "', author="' --", after=date(2022, 1, 1), language="\ud800"))
    for word in ("array_contains_all", "marks", "and", "day", "(", ")", "[", "]", ",", ">=", "<="):
        asked = asked.replace(word, " ")
    assert asked.replace(" ", "").isdecimal()
    assert condition(Filter()) == ""
    assert condition(Filter(before=date(2022, 1, 1))).startswith("day >= 0 and day <= ")


def test_sparse_vectors_are_bm25() -> None:
    """A token's weight is what its occurrences count in Lucene's form; a passage without words has a vector too."""
    counts = counts_of(" 潮汐潮汐  tide \n tide ")
    assert counts == Counter({"潮": 2, "汐": 2, "潮汐": 2, "汐潮": 1, "tide": 2})
    words = words_of(counts, 9, 6)
    assert (
        words[dimension_of("潮汐")]
        == pytest.approx(saturated(2, 9, 6))
        == pytest.approx(2 / (2 + 0.6 * (0.25 + 0.75 * 1.5)))
    )
    assert len(words_of(Counter(), 0, 6)) == 1


def test_names_of_collections() -> None:
    """Say which index and generation they belong to; those of an index with a longer name are not mistaken."""
    name = new_name()
    assert generation_of("news", collection_of("news", name, ABOUT)) == name
    assert generation_of("news", collection_of("news_too", name, ABOUT)) is None
    assert generation_of("news", "news") is None
    assert new_name() > name


@pytest.mark.parametrize("rows", [0, 1, 79, 80, 10_000, 10_000_000, 10**10])
def test_lists_are_few_enough(rows: int) -> None:
    """For the vectors there are, for Milvus, and for a search."""
    assert 1 <= probes(lists(rows)) <= lists(rows) <= max(1, min(rows // 40, 65_536))
