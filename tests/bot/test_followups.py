"""Follow-ups, understood with the question before them."""

import pytest

from bot.followups import asks_on, in_context, leans


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("那建筑领域呢？", "上海什么时候碳达峰 建筑领域"),
        ("北京呢?", "上海什么时候碳达峰 北京"),
        ("What about 2020?", "上海什么时候碳达峰 2020"),
        ("では、東京は？", "上海什么时候碳达峰 東京"),
        ("北京的那个呢？", "上海什么时候碳达峰 北京的那个"),
        ("じゃがいもは？", "上海什么时候碳达峰 じゃがいも"),
    ],
)
def test_words_that_lean_on_the_question_before_are_put_behind_it(text: str, together: str) -> None:
    assert leans(text)
    assert in_context(text, "上海什么时候碳达峰？") == together


@pytest.mark.parametrize(
    "text",
    [
        "灯塔什么时候点亮？",
        "When was the lighthouse lit?",
        "Android phones",
        "那天的灯塔是哪一年由谁点亮的，现在还开放参观吗？" * 2,
        "那不勒斯在哪里？",
        "那霸机场几点关门？",
        "又一城在哪里",
        "あとがきは誰が書いた？",
    ],
)
def test_a_question_of_its_own_does_not_lean(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [("谢谢！", False), ("thanks", False), ("👍", False), ("666", False), ("2020？", True), ("why?", True)],
)
def test_thanks_do_not_ask_on(text: str, asks: bool) -> None:
    assert asks_on(text) == asks
