"""Texts token by token."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.encoder import Encoder
from embeddings.tokens import TokenEncoder, Tokens


@pytest.fixture
def tokens_of(encoder: Encoder) -> TokenEncoder:
    assert isinstance(encoder, TokenEncoder)
    return encoder


def _nearness(one: Tokens, other: Tokens) -> float:
    """Mean cosine of each token of `one` with the nearest of `other`."""
    left, right = (each.states / np.linalg.norm(each.states, axis=1, keepdims=True) for each in (one, other))
    return float((left @ right.T).max(axis=1).mean())


def test_a_text_has_its_tokens_without_prompt_and_ends(tokens_of: TokenEncoder) -> None:
    one, other = tokens_of.passage_tokens(["灯塔", "灯塔在北汀岛上。"])
    assert one.states.shape == (len(one.rarity), 384)
    assert 1 <= len(one.rarity) <= 2 < len(other.rarity) <= 9
    assert one.states.dtype == one.rarity.dtype == np.float32


def test_a_texts_tokens_are_the_same_whatever_else_is_asked(tokens_of: TokenEncoder) -> None:
    texts = ["The ferry leaves at seven in the morning.", "Fog.", "The harbour is closed in winter.", "Fog.", "Rain."]
    together = tokens_of.question_tokens(texts)
    for text, found in zip(texts, together, strict=True):
        (alone,) = tokens_of.question_tokens([text])
        assert np.array_equal(found.rarity, alone.rarity)
        assert np.array_equal(found.states, alone.states)


def test_a_name_is_rarer_than_a_comma(tokens_of: TokenEncoder) -> None:
    (comma,) = tokens_of.passage_tokens([","])
    (name,) = tokens_of.passage_tokens(["Zanzibar"])
    assert name.rarity.max() > 10 > comma.rarity.min()


def test_tokens_of_two_languages_are_near_where_they_mean_the_same(tokens_of: TokenEncoder) -> None:
    (question,) = tokens_of.question_tokens(["Who built the bridge in Amsterdam?"])
    same, other = tokens_of.passage_tokens(["阿姆斯特丹的大桥是由市政府建造的。", "这种面包要在烤箱里放四十分钟。"])
    assert _nearness(question, same) > _nearness(question, other)


def test_texts_that_have_nothing_in_common_have_tokens_that_have_little_in_common(tokens_of: TokenEncoder) -> None:
    """As they leave the layers, the states of any two tokens have a cosine of about a half."""
    texts = ["这种面包要在烤箱里放四十分钟。", "The harbour is closed in winter.", "7 + 8 = 15"]
    one, *others = tokens_of.passage_tokens(texts)
    assert all(_nearness(one, other) < 0.6 for other in others)


def test_no_texts_have_no_tokens(tokens_of: TokenEncoder) -> None:
    assert tokens_of.passage_tokens([]) == []
    (nothing,) = tokens_of.passage_tokens([""])
    assert nothing.states.shape == (0, 384)
