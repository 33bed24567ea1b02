"""Tokens of passages that were compared last are not encoded again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from embeddings.recent import RecentTokens
from embeddings.tokens import TokenEncoder, Tokens


class Counting:
    """One token a character."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def question_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        return self.passage_tokens(texts)

    def passage_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        self.encoded += texts
        return [Tokens(np.full((len(text), 2), ord(text[0]), np.float32), np.zeros(len(text))) for text in texts]


def _first(tokens: Sequence[Tokens]) -> str:
    return "".join(chr(int(each.states[0, 0])) for each in tokens)


def test_a_passage_is_encoded_once_and_each_text_gets_its_own_tokens() -> None:
    counting = Counting()
    recent = RecentTokens(counting)
    assert isinstance(recent, TokenEncoder)
    assert _first(recent.passage_tokens(["a", "b", "a"])) == "aba"
    assert _first(recent.passage_tokens(["c", "b"])) == "cb"
    assert counting.encoded == ["a", "b", "c"]
    assert recent.passage_tokens([]) == []


def test_questions_are_not_taken_for_passages() -> None:
    counting = Counting()
    recent = RecentTokens(counting)
    recent.question_tokens(["a"])
    recent.passage_tokens(["a"])
    recent.question_tokens(["a"])
    assert counting.encoded == ["a", "a"]


def test_those_not_asked_for_the_longest_go_first() -> None:
    counting = Counting()
    recent = RecentTokens(counting, most=4)
    recent.passage_tokens(["aa", "bb"])
    recent.passage_tokens(["aa"])
    recent.passage_tokens(["cc"])
    recent.passage_tokens(["aa"])
    assert counting.encoded == ["aa", "bb", "cc"]
    recent.passage_tokens(["bb"])
    assert counting.encoded == ["aa", "bb", "cc", "bb"]


def test_a_text_too_long_to_be_kept_is_encoded_each_time() -> None:
    counting = Counting()
    recent = RecentTokens(counting, most=4)
    assert _first(recent.passage_tokens(["ddddd", "a"])) == "da"
    assert _first(recent.passage_tokens(["ddddd", "a"])) == "da"
    assert counting.encoded == ["ddddd", "a", "ddddd"]


def test_several_threads_may_ask() -> None:
    recent = RecentTokens(Counting(), most=20)
    texts = [chr(ord("a") + at % 26) * 3 for at in range(2_000)]
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda text: _first(recent.passage_tokens([text])), texts))
    assert told == [text[0] for text in texts]
