"""What a question searches for."""

from __future__ import annotations

import math

import pytest

from retrieval.errors import BadQuestion
from retrieval.searching.question import content_runs, parse, weigh


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("潮汐表什么时候贴出来？", ["潮汐表", "时候贴出来"]),
        ("潮汐表为啥迟了，咋看？", ["潮汐表", "迟了", "看"]),
        ("潮汐表甚麼時候貼出來呢？", ["潮汐表", "时候贴出来"]),
        ("哪吒是谁", ["哪咤是"]),
        ("几何学有多少年历史", ["几何学有", "年历史"]),
        ("What does the AI referee do?", ["the", "ai", "referee"]),
        ("灯台はどこにありますか", ["灯台は", "にあり"]),
        ("什么", ["什么"]),
        ("How do I disable comments?", ["i", "disable", "comment"]),
        ("Comment fonctionne le phare ?", ["fonctionne", "le", "phare"]),
        ("Who is John Doe?", ["john", "doe"]),
        ("茶几多少钱", ["茶几", "钱"]),
        ("いくらの作り方", ["いくらの作り方"]),
        ("ぶどうはどうですか", ["ぶどうは"]),
        ("임진왜란은 언제", ["임진왜란은"]),
        ("ทำไมน้ำทะเลเค็ม", ["น้ําทะเลเค็ม"]),
        ("who is who", ["who", "is", "who"]),
    ],
)
def test_asking_words_are_left_out_unless_nothing_else_is_there(question: str, expected: list[str]) -> None:
    assert content_runs(question) == expected


@pytest.mark.parametrize("text", ["", " \n\t ", "问" * 2_001])
def test_what_is_no_question_is_refused(text: str) -> None:
    with pytest.raises(BadQuestion):
        parse(text)


def test_two_thousand_characters_are_a_question() -> None:
    assert len(parse("问" * 2_000).text) == 2_000


def test_numbers_are_looked_for_whether_the_collection_holds_them_or_not() -> None:
    weighted = weigh(parse("Что сделал Нансен в 1895 году?"), lambda _: 0, 10)
    assert list(weighted.numbers) == [" 1895 "]


def test_tokens_weigh_by_how_rare_they_are() -> None:
    weighted = weigh(parse("tide tide zebra"), {"tide": 1, "zebra": 0}.__getitem__, 10)
    known, unknown = math.log(1 + 9.5 / 1.5), math.log(1 + 10.5 / 0.5)
    assert weighted.weights == pytest.approx({"tide": 2 * 2 * known})
    assert weighted.mass == pytest.approx(2 * 2 * known + 2 * unknown)
    assert weighted.patterns == [(" tide ", pytest.approx(4 * known))]
