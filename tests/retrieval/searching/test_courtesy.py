"""What people say around a question is told from the question."""

from __future__ import annotations

import pytest

from retrieval.searching.courtesy import without_courtesy


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("你好，我想请教一下，灯塔由谁看守？谢谢！", "灯塔由谁看守？"),
        ("老師您好，想諮詢個事情哈：燈塔由誰看守？在線等，急", "燈塔由誰看守？"),
        ("有没有人知道灯塔由谁看守", "灯塔由谁看守"),
        ("谁能告诉我灯塔由谁看守", "灯塔由谁看守"),
        ("嗯，就是，我有个问题，灯塔由谁看守？麻烦知道的告诉我一声", "灯塔由谁看守？"),
        ("小白求助：灯塔由谁看守？", "灯塔由谁看守？"),
        (
            "すみません、ちょっとお聞きしたいのですが、灯台は誰が守りますか？よろしくお願いします。",
            "灯台は誰が守りますか？",
        ),
        ("안녕하세요, 혹시 등대는 누가 지키나요? 감사합니다", "등대는 누가 지키나요?"),
        ("Hi there, quick question: who keeps the lighthouse? Thanks a lot!", "who keeps the lighthouse?"),
        ("Does anybody know who keeps the lighthouse?", "who keeps the lighthouse?"),
        ("Sorry to bother you, I was wondering who keeps the lighthouse", "who keeps the lighthouse"),
        ("Bonjour, pouvez-vous me dire qui garde le phare ? Merci d'avance", "qui garde le phare ?"),
        ("Weiß jemand, wer den Leuchtturm bewacht?", "wer den Leuchtturm bewacht?"),
        ("Hola, ¿alguien sabe quién cuida el faro?", "quién cuida el faro?"),
        ("Подскажите, пожалуйста, кто хранит маяк?", "кто хранит маяк?"),
    ],
)
def test_it_is_left_out_at_both_ends(text: str, asked: str) -> None:
    assert without_courtesy(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Hello Kitty是哪一年诞生的？",
        "问天实验舱什么时候发射？",
        "问题出在哪里？",
        "咨询公司的总部在哪里？",
        "请教师傅要准备什么？",
        "了解病毒的方法有哪些？",
        "大家知道的名人有谁？",
        "谢谢你的爱是谁唱的？",
        "Hey Jude was written by whom?",
        "Please Please Me was released when?",
        "Who said thanks?",
        "What is new in Quill 2.5 2.4?",
        "灯塔什么时候建成，1901？",
        "你好！",
        "谢谢，再见",
        "good morning!",
        "谁说过：“灯塔不会说话。”？",
    ],
)
def test_names_and_questions_that_begin_like_it_are_whole_and_so_is_courtesy_alone(text: str) -> None:
    assert without_courtesy(text) == text
