"""What is asked in a long text."""

from __future__ import annotations

import time

import pytest

from retrieval.searching.preamble import asking_parts, without_preamble

STORY = "We spent the whole of last week by the sea with the children, and it rained on five days out of seven."


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hello! I am new here. When does the ferry sail?", "Hello! I am new here. When does the ferry sail?"),
        (f"{STORY} There is a ferry. When does it sail?", "There is a ferry. When does it sail?"),
        (f"{STORY} There is a ferry. When does it sail? Many thanks!", "There is a ferry. When does it sail?"),
        (f"{STORY} There is a ferry. Tell me about it.", "There is a ferry. Tell me about it."),
        (f"{STORY} When does the ferry sail?", f"{STORY} When does the ferry sail?"),
        (f"{STORY} When does the ferry to the island sail?", "When does the ferry to the island sail?"),
        (
            "孩子下个星期要交一份关于大海的报告。" * 6 + "灯塔的事我不太懂，请您帮忙看一看。现在由谁看守？",
            "灯塔的事我不太懂，请您帮忙看一看。现在由谁看守？",
        ),
        (
            f"{STORY} When does the ferry to the island sail?! Thanks a lot to all.",
            "When does the ferry to the island sail?!",
        ),
        (f"{STORY} “When does the ferry to the island sail?”", "“When does the ferry to the island sail?”"),
        (
            f"{STORY} I read https://ferry.example/a?b=c but it does not say when the ferry sails.",
            "I read https://ferry.example/a?b=c but it does not say when the ferry sails.",
        ),
        (
            "孩子下个星期要交一份关于大海的报告。" * 6
            + "请问岛上的灯塔现在到底是由谁看守？谢谢！祝各位老师身体健康，万事如意。",
            "请问岛上的灯塔现在到底是由谁看守？谢谢！",
        ),
        (
            "你好，孩子下个星期要交一份关于大海的报告，我们全家都想去看一看。请问岛上的灯塔由谁看守？麻烦您了。",
            "请问岛上的灯塔由谁看守？麻烦您了。",
        ),
        (
            f"{STORY} When does the ferry to the island sail? Could you get back to me as soon as possible?",
            "When does the ferry to the island sail? Could you get back to me as soon as possible?",
        ),
        (f"{STORY} When does it sail? It is for my aunt. What is the fare?", "When does it sail? What is the fare?"),
        ("x" * 300, "x" * 300),
        ("?" * 300, "?" * 300),
    ],
)
def test_what_is_asked_is_all_questions_and_before_a_single_short_one_the_sentence_before_it(
    text: str, asked: str
) -> None:
    assert without_preamble(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("孩子下个星期要交一份关于大海的报告，家里谁都不懂，岛上的灯塔现在由谁看守？", "岛上的灯塔现在由谁看守？"),
        ("孩子下个星期要交一份关于大海的报告，我们也不懂，岛上的灯塔，由谁看守", "岛上的灯塔，由谁看守"),
        ("来週までに子どもが海についての作文を書くので、島の灯台は誰が守っていますか", "島の灯台は誰が守っていますか"),
        (
            f"{STORY[:-1]}, and the 1,200 shells: when does the ferry to the island sail?",
            "when does the ferry to the island sail?",
        ),
        ("岛上的灯塔由谁看守？", None),
        ("孩子下个星期要交一份关于大海的报告，我们也不懂，想去岛上的灯塔看一看", None),
    ],
)
def test_of_a_long_text_the_clauses_that_ask(text: str, asked: str | None) -> None:
    assert asking_parts(text) == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("灯塔由谁看守？岛上的茶馆几点钟开门迎客？", ["灯塔由谁看守？", "岛上的茶馆几点钟开门迎客？"]),
        ("灯塔由谁看守？几点开门？", ["灯塔由谁看守？"]),
        (
            f"{STORY} Who keeps the lighthouse? When does the ferry to the island sail?",
            ["Who keeps the lighthouse?", "When does the ferry to the island sail?"],
        ),
        (
            "《灯塔由谁看守？》是谁写的书？岛上的茶馆几点钟开门迎客？",
            ["《灯塔由谁看守？》是谁写的书？", "岛上的茶馆几点钟开门迎客？"],
        ),
        ("https://ferry.example/a?b=c 里说了些什么？灯塔由谁看守？", ["https://ferry.example/a?b=c 里说了些什么？"]),
        ("他问：“灯塔由谁看守？”是哪一章？", []),
        ("When does the ferry sail?", []),
        ("When does the ferry to the island sail? " * 9, ["When does the ferry to the island sail?"] * 4),
    ],
)
def test_of_several_questions_each_that_stands_alone(text: str, parts: list[str]) -> None:
    assert asking_parts(text) == parts


@pytest.mark.parametrize("unit", ["灯塔", "？", "？？《", "thanks, ", "嗯，"])
def test_parts_of_a_text_of_one_thing_over_and_over_take_no_time(unit: str) -> None:
    text = (unit * 2_000)[:2_000]
    took = []
    for _ in range(3):
        started = time.thread_time()
        asking_parts(text)
        took.append(time.thread_time() - started)
    assert min(took) < 0.04
