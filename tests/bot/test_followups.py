"""Follow-ups, understood with the question before them."""

import pytest

from bot.followups import asks_on, in_context, leans, strays


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("那建筑领域呢？", "上海什么时候碳达峰 建筑领域"),
        ("北京呢?", "上海什么时候碳达峰 北京"),
        ("What about 2020?", "上海什么时候碳达峰 2020"),
        ("では、東京は？", "上海什么时候碳达峰 東京"),
        ("北京的那个呢？", "上海什么时候碳达峰 北京的那个"),
        ("じゃがいもは？", "上海什么时候碳达峰 じゃがいも"),
        ("and on Sundays?", "上海什么时候碳达峰 on Sundays"),
        ("谢谢！那建筑领域呢？", "上海什么时候碳达峰 建筑领域"),
        ("好的，谢谢，那北京呢？", "上海什么时候碳达峰 北京"),
        ("thanks, and what about dogs?", "上海什么时候碳达峰 dogs"),
        ("2.5呢？", "上海什么时候碳达峰 2.5"),
    ],
)
def test_words_that_lean_on_the_question_before_are_put_behind_it(text: str, together: str) -> None:
    assert leans(text)
    assert in_context(text, "上海什么时候碳达峰？").words == together


@pytest.mark.parametrize(
    "text",
    [
        "灯塔什么时候点亮？",
        "When was the lighthouse lit?",
        "Android phones",
        "And Then There Were None",
        "谢谢！",
        "那天的灯塔是哪一年由谁点亮的，现在还开放参观吗？" * 2,
        "那不勒斯在哪里？",
        "那霸机场几点关门？",
        "又一城在哪里",
        "あとがきは誰が書いた？",
    ],
)
def test_a_question_of_its_own_does_not_lean(text: str) -> None:
    assert not leans(text)


def test_what_is_new_outweighs_what_was_asked_before() -> None:
    assert in_context("那健身房呢？", "游泳馆几点开门？").searched == "游泳馆几点开门 健身房 健身房 健身房"
    assert in_context("为什么？", "游泳馆几点开门？").searched == "游泳馆几点开门 为什么"


def test_a_question_of_several_sentences_is_joined_as_one() -> None:
    assert in_context("那周日呢？", "请问游泳馆几点开门？谢谢").words == "请问游泳馆几点开门 谢谢 周日"
    assert (
        in_context("and 2.4?", "Quill 2.5 hangs. How do I reset it?").words == "Quill 2.5 hangs How do I reset it 2.4"
    )


@pytest.mark.parametrize("text", ["多少钱？", "为什么？", "几点？", "When?", "how much is it?", "なぜですか？"])
def test_what_asks_but_not_what_about_leans(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [("谢谢！", False), ("thanks", False), ("👍", False), ("666", False), ("2020？", True), ("why?", True)],
)
def test_thanks_do_not_ask_on(text: str, asks: bool) -> None:
    assert asks_on(text) == asks


@pytest.mark.parametrize(
    ("topic", "article", "strays_off"),
    [
        ("健身房", "游泳馆每天七点开门。", True),
        ("the zoo", "The bus leaves for the market.", True),
        ("mortgages", "A mortgage costs 4% a year.", False),
        ("大葉", "大叶每斤65元。", False),
        ("羊", "行李车也可以载羊。", False),
        ("周日", "每周一闭馆，其余日子开放。", False),
        ("on Sundays", "Open at weekends.", False),
        ("the gym", "游泳馆每天七点开门。", False),
        ("2020", "游泳馆每天七点开门。", False),
    ],
)
def test_an_article_without_a_word_of_the_topic_is_about_something_else(
    topic: str, article: str, strays_off: bool
) -> None:
    """Words of another language and days, which have many names, tell nothing."""
    assert strays(topic, article) == strays_off


@pytest.mark.parametrize(
    ("text", "topic"), [("那健身房呢？", "健身房"), ("为什么？", ""), ("When was the lighthouse lit?", "")]
)
def test_what_else_is_asked_about_is_told(text: str, topic: str) -> None:
    assert in_context(text, "游泳馆几点开门？").topic == topic
