"""The sentence that answers, among sentences that are equally near."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
import pytest

from retrieval.indexing.analysis import pack_runs, runs
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.searching.candidates import Candidate
from retrieval.searching.highlight import highlight
from retrieval.searching.question import parse, weigh


def _chosen(question: str, sentences: list[str], near: list[float] | None = None, title: str = "") -> int:
    """Which of the sentences is highlighted."""
    text = "".join(sentences)
    spans = tuple(pairwise(accumulate(map(len, sentences), initial=0)))
    candidate = Candidate(
        passage=0,
        score=0.5,
        dense=0.8,
        matched=0.5,
        sentences=np.array(near or [0.85] * len(sentences), np.float32),
        vector=np.zeros(4, np.float32),
        runs=pack_runs(runs(text), runs(title)),
        aligned=None,
    )
    found = highlight(StoredPassage(0, 0, text, (), spans), candidate, weigh(parse(question), lambda _: 3, 100))
    assert found in spans
    return spans.index(found)


def test_the_nearest_sentence_where_words_do_not_tell() -> None:
    assert _chosen("谁在守灯塔？", ["海水很冷。", "天气晴朗。"], [0.82, 0.86]) == 1


@pytest.mark.parametrize(
    ("question", "sentences", "expected"),
    [
        ("灯塔有多少级台阶？", ["灯塔的台阶很陡。", "灯塔里台阶共128级。"], 1),
        ("灯塔有多少级台阶？", ["灯塔里台阶共一百二十八级。", "灯塔的台阶很陡。"], 0),
        ("1895年灯塔有多少级台阶？", ["灯塔在1895年有台阶。", "1895年灯塔的台阶共九十六级。"], 1),
        ("灯塔什么时候建成？", ["灯塔建成时高30米。", "灯塔于1895年建成。"], 1),
        (
            "When was the lighthouse built?",
            ["The lighthouse was built by Ann. ", "The lighthouse was built in 1895."],
            1,
        ),
        ("谁建成了灯塔？", ["灯塔由罗家建成。", "灯塔于1895年建成。"], 0),
    ],
)
def test_what_is_asked_for(question: str, sentences: list[str], expected: int) -> None:
    assert _chosen(question, sentences) == expected


def test_what_all_of_a_passage_is_about_tells_no_sentence_from_another() -> None:
    sentences = ["北汀岛灯塔在北汀岛。", "北汀岛灯塔很高。", "北汀岛灯塔由罗家看守。", "北汀岛灯塔很亮。"]
    assert _chosen("北汀岛灯塔由哪一家看守？", sentences, [0.87, 0.85, 0.85, 0.85]) == 2


def test_words_of_the_title_tell_no_sentence_from_another() -> None:
    sentences = ["南湖游泳馆从五月起每天开放。", "办年卡要一千九百八十元。"]
    assert _chosen("南湖游泳馆年卡多少钱？", sentences, title="南湖游泳馆开放时间") == 1


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["船票可以退吗？", "开船前都可以退。", "座位先到先坐。"], 1),
        (["**Can I return a ticket?** ", "Yes, until the ship leaves."], 1),
        (["座位先到先坐。", "船票可以退吗？"], 1),
    ],
)
def test_the_answer_stands_behind_its_question(sentences: list[str], expected: int) -> None:
    question = "船票可以退吗？" if "船票" in "".join(sentences) else "Can I return a ticket?"
    assert _chosen(question, sentences) == expected
