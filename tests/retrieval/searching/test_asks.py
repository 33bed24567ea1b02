"""What kind of answer a question asks for, by its words."""

from __future__ import annotations

import pytest

from retrieval.indexing.analysis import pack_runs, runs
from retrieval.searching.asks import Asks, asks, numbers, times


@pytest.mark.parametrize(
    "question",
    [
        "石桥是哪一年建成的？",
        "石橋在西元幾年建成？",
        "渡轮什么时候停航",
        "渡轮啥时间停航",
        "When did the ferry stop?",
        "In which year was the bridge built?",
        "Quand le pont a-t-il été construit ?",
        "En quelle année le pont a-t-il été construit ?",
        "Wann wurde die Brücke gebaut?",
        "¿En qué año se construyó el puente?",
        "В каком году построен мост?",
        "橋はいつ建てられましたか",
        "다리는 언제 지어졌나요?",
    ],
)
def test_a_time(question: str) -> None:
    assert asks(question) is Asks.TIME


@pytest.mark.parametrize(
    "question",
    [
        "灯塔有多少级台阶？",
        "燈塔有幾級臺階？",
        "修桥用了几年？",
        "How many steps does the lighthouse have?",
        "Combien de marches y a-t-il ?",
        "Wie viele Stufen hat der Turm?",
        "¿Cuántos escalones tiene?",
        "Сколько ступеней у маяка?",
        "入場料はいくらですか",
        "계단은 몇 개입니까?",
    ],
)
def test_a_number(question: str) -> None:
    assert asks(question) is Asks.NUMBER


@pytest.mark.parametrize(
    "question",
    [
        "谁在守灯塔？",
        "巴布亚新几内亚在哪里",
        "What happens when the tide rises?",
        "Was passiert, als das Meer steigt?",
        "",
    ],
)
def test_anything(question: str) -> None:
    assert asks(question) is Asks.ANYTHING


def test_numbers_and_times_of_a_sentence_however_they_are_written() -> None:
    packed = pack_runs(runs("1895年7月28日，三千万人看见了 12 座灯塔。"), ())
    assert numbers(packed) == {"1895", "7", "28", "0728d", "30000000", "12"}
    assert times(packed) == {"1895", "7", "28", "0728d"}
    assert numbers(pack_runs(runs("守塔人姓罗"), ())) == set()
