"""What asks nothing is told from what does."""

from __future__ import annotations

import pytest

from retrieval.searching.smalltalk import asks_nothing


@pytest.mark.parametrize(
    "text",
    [
        "您好！",
        "謝謝您",
        "good evening",
        "Thank you so much",
        "how are you doing?",
        "merci",
        "¡Gracias!",
        "спасибо",
        "はい。",
        "안녕하세요",
        "👍",
        "❤️",
        "1️⃣ 2️⃣",
        "……",
        "12345",
        "hahahaha",
        "嘿嘿嘿",
        "zzzz",
        "好的，谢谢",
        "just a test",
        "ping",
    ],
)
def test_small_talk_asks_nothing(text: str) -> None:
    assert asks_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is a robot?",
        "你好这首歌是谁唱的",
        "谢谢茶馆在哪里",
        "Who wrote Hello Dolly?",
        "iOS 16",
        "潮汐",
        "ok 镜多少钱",
        "C++",
        "灯塔",
        "Where is the Good Morning café?",
        "2022年的预算",
        "哔哩哔哩",
        "Dodo",
        "ピカピカ",
        "What is ping?",
        "How to test?",
    ],
)
def test_a_question_that_holds_such_words_is_one(text: str) -> None:
    assert not asks_nothing(text)
