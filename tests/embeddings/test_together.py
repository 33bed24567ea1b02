"""Passages and their sentences, encoded together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest

from embeddings.encoder import Encoder, Vectors
from embeddings.together import SharingEncoder, encode_together

FERRY = "The ferry leaves at seven. In winter it leaves an hour later. Tickets are sold on board."
BRIDGE = "桥在维修。行人可以走旧桥，汽车要绕道北岸。"
SPANS = [[(0, 26), (27, 61), (62, 88)], [(0, 5), (5, 21)]]


class Plain:
    """An encoder that shares nothing, and counts what it is given."""

    name, dimension = "plain", 8

    def __init__(self) -> None:
        self.given: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        digests = [np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8)[:8] for text in texts]
        rows = np.array(digests, np.float32).reshape(-1, 8)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_questions = encode_passages


def test_an_encoder_that_shares_nothing_gets_each_text_once() -> None:
    encoder = Plain()
    found = encode_together(encoder, ["One. Two.", "One."], [[(0, 4), (5, 9)], [(0, 4)]])
    assert sorted(encoder.given) == ["One.", "One. Two.", "Two."]
    assert np.array_equal(found.passages, Plain().encode_passages(["One. Two.", "One."]))
    assert np.array_equal(found.sentences, Plain().encode_passages(["One.", "Two.", "One."]))


def test_the_default_encoder_shares(encoder: Encoder) -> None:
    assert isinstance(encoder, SharingEncoder)


def test_passages_have_the_vectors_that_they_have_alone(encoder: Encoder) -> None:
    found = encode_together(encoder, [FERRY, BRIDGE], SPANS)
    assert np.array_equal(found.passages, encoder.encode_passages([FERRY, BRIDGE]))


def test_a_sentence_is_close_to_itself_alone(encoder: Encoder) -> None:
    """It knows a little of its passage, and is still told apart from the sentences beside it."""
    found = encode_together(encoder, [FERRY, BRIDGE], SPANS).sentences
    texts = [text[start:end] for text, spans in zip([FERRY, BRIDGE], SPANS, strict=True) for start, end in spans]
    cosines = found @ encoder.encode_passages(texts).T
    assert cosines.diagonal().min() >= 0.9
    assert (cosines.argmax(axis=1) == np.arange(len(texts))).all()


def test_a_passage_of_one_sentence_is_that_sentence(encoder: Encoder) -> None:
    found = encode_together(encoder, ["Tickets are sold on board."], [[(0, 26)]])
    assert float(found.passages[0] @ found.sentences[0]) >= 0.999


def test_a_sentence_beyond_the_models_reach_is_encoded_by_itself(encoder: Encoder) -> None:
    long = "The keeper wrote down the weather. " * 100
    last = "Nobody read it."
    spans = [[(0, 34), (len(long), len(long + last))]]
    found = encode_together(encoder, [long + last], spans)
    assert np.allclose(found.sentences[1], encoder.encode_passages([last])[0], atol=1e-6)


@pytest.mark.parametrize("text", ["", "\x00", "\ud83d half"])
def test_odd_texts_have_vectors(encoder: Encoder, text: str) -> None:
    found = encode_together(encoder, [text], [[(0, 1)] if text else []])
    assert np.isfinite(found.passages).all()
    assert np.isfinite(found.sentences).all()


def test_more_passages_than_are_done_at_once_keep_their_order(encoder: Encoder) -> None:
    texts = [f"Buoy {number} is green. It was painted in spring." for number in range(150)]
    spans = [[(0, text.index(".") + 1), (text.index(".") + 2, len(text))] for text in texts]
    found = encode_together(encoder, texts, spans)
    few = encode_together(encoder, texts[140:], spans[140:])
    assert ((found.sentences[280:] * few.sentences).sum(axis=1) >= 0.995).all()


def test_no_passages_give_no_vectors(encoder: Encoder) -> None:
    found = encode_together(encoder, [], [])
    assert found.passages.shape == found.sentences.shape == (0, 384)
