"""Tokens of a question held against those of passages in another language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.tokens import Tokens
from retrieval.indexing.build import build_index
from retrieval.searching import confidence
from retrieval.searching.alignment import alignments
from retrieval.searching.evidence import ALIGNED_LEAD, EXCEEDING
from retrieval.searching.retriever import Retriever


def _tokens(*rows: Sequence[float], rarity: float = 10.0) -> Tokens:
    return Tokens(np.array(rows, np.float32).reshape(-1, 3), np.full(len(rows), rarity, np.float32))


NOTHING = np.zeros(3, np.float32)
NORTH, EAST, UP = (1, 0, 0), (0, 1, 0), (0, 0, 1)
SOUTH = (-1, 0, 0)


def test_a_passage_that_holds_the_counterparts_is_nearer_than_one_that_does_not() -> None:
    passages = [[_tokens(NORTH), _tokens(EAST)], [_tokens(NORTH, NORTH)], [_tokens(SOUTH, UP)]]
    found = alignments(_tokens(NORTH, EAST), NOTHING, passages)
    assert found.shape == (3, 2)
    whole, half, none = found.sum(axis=1)
    assert 1 >= whole > half > none


def test_rare_tokens_count_for_more_and_common_ones_for_nothing() -> None:
    question = Tokens(np.array([NORTH, EAST], np.float32), np.array([14, 2], np.float32))
    rare, common = alignments(question, NOTHING, [[_tokens(NORTH, UP)], [_tokens(EAST, UP)]]).sum(axis=1)
    assert rare > common


def test_what_questions_and_passages_share_among_themselves_does_not_count() -> None:
    usual = np.array([0, 0, 100], np.float32)
    question = _tokens((1, 0, 100), (0, 1, 100))
    passages = [[_tokens((1, 0, 50), (0, 1, 50))], [_tokens((-1, 0, 50), (0, -1, 50))]]
    near, far = alignments(question, usual, passages).sum(axis=1)
    assert near > 0.9
    assert far < 0.1


def test_a_passage_or_a_question_without_tokens_is_not_near() -> None:
    empty = Tokens(np.empty((0, 3), np.float32), np.empty(0, np.float32))
    near, far = alignments(_tokens(NORTH), NOTHING, [[_tokens(NORTH, SOUTH)], [empty]]).sum(axis=1)
    assert near > far == -1
    assert np.isfinite(alignments(empty, NOTHING, [[_tokens(NORTH)]])).all()


@pytest.fixture
def bilingual(tmp_path: Path, aligning):
    articles = tmp_path / "articles"
    articles.mkdir()
    for name, text in {
        "钟": "城楼上的钟每天敲三次。",
        "羊": "山坡上的羊正在吃草。",
        "磨": "河边的磨坊已经停用。",
    }.items():
        (articles / f"{name}.txt").write_text(text, encoding="utf-8")
    build_index(articles, tmp_path / "index", encoder=aligning)
    with Retriever.open(tmp_path / "index", encoder=aligning) as retriever:
        yield aligning, retriever


@pytest.mark.parametrize(("word", "name"), [("bell", "钟"), ("goat", "羊"), ("miller", "磨")])
def test_a_question_from_abroad_finds_the_passage_with_its_counterparts(bilingual, word: str, name: str) -> None:
    encoder, retriever = bilingual
    hits = retriever.search(f"where would one find the {word}?", k=3)
    assert [hits[0].article.path, len(hits), len(encoder.compared)] == [f"{name}.txt", 3, 3]
    assert hits[0].score > hits[1].score >= hits[2].score
    found = retriever.evidence(f"where would one find the {word}?")
    assert found.aligned_lead >= found.exceeding >= 0
    assert found.aligned_lead > 0


@pytest.mark.parametrize(("word", "name"), [("bell", "钟"), ("goat", "羊"), ("miller", "磨")])
def test_the_sentence_with_its_counterparts_is_the_highlighted_one(tmp_path, aligning, word: str, name: str) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "镇.txt").write_text(
        "镇子北边的山坡上养着一群羊。城楼上挂着的那口钟每天敲三次。河边那一家磨坊早就已经停用。", encoding="utf-8"
    )
    build_index(articles, tmp_path / "index", encoder=aligning)
    with Retriever.open(tmp_path / "index", encoder=aligning) as retriever:
        (hit,) = retriever.search(f"where would one find the {word}?", k=1)
    assert hit.highlight is not None
    assert name in hit.text[slice(*hit.highlight)]


def test_in_one_language_no_tokens_rank_anything(bilingual) -> None:
    encoder, retriever = bilingual
    assert retriever.search("城楼上的钟每天敲几次？", k=1)[0].article.path == "钟.txt"
    assert encoder.compared == []


@pytest.mark.parametrize(("doubtful", "sentences"), [((0.0, 1.0), 3), ((0.5, 0.5), 0)])
def test_in_one_language_tokens_are_compared_where_there_are_doubts(
    bilingual, monkeypatch, doubtful: tuple[float, float], sentences: int
) -> None:
    encoder, retriever = bilingual
    monkeypatch.setattr(confidence, "DOUBTFUL", doubtful)
    found = retriever.answer("城楼上的钟每天敲几次？", k=1)
    assert [found.hits[0].article.path, len(encoder.compared)] == ["钟.txt", sentences]


def test_evidence_is_of_the_tokens_too(bilingual) -> None:
    _, retriever = bilingual
    found = retriever.evidence("城楼上的钟每天敲几次？")
    assert found.compared
    assert (found.aligned_lead, found.exceeding) != (ALIGNED_LEAD, EXCEEDING)


def test_evidence_without_an_encoder_of_tokens_is_what_is_usual(tmp_path: Path, encoder) -> None:
    (tmp_path / "钟.txt").write_text("城楼上的钟每天敲三次。", encoding="utf-8")
    build_index(tmp_path, tmp_path / "index", encoder=encoder)
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        found = retriever.evidence("城楼上的钟每天敲几次？")
    assert found is not None
    assert not found.compared
    assert (found.aligned_lead, found.exceeding) == (ALIGNED_LEAD, EXCEEDING)
