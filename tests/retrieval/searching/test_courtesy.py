"""What people say around a question is told from the question."""

from __future__ import annotations

import time

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
        ("不好意思打扰了，我想问下灯塔由谁看守", "灯塔由谁看守"),
        ("对不起，打扰一下，灯塔由谁看守？", "灯塔由谁看守？"),
        ("你好请问各位大佬灯塔由谁看守？求大神指教", "灯塔由谁看守？"),
        ("能不能再请教一个问题：灯塔由谁看守？感激不尽！", "灯塔由谁看守？"),
        ("我很好奇，灯塔由谁看守？有人知道吗？", "灯塔由谁看守？"),
        ("請介紹一下燈塔 謝謝大家的幫助", "燈塔"),
        ("请问下周三灯塔开放吗", "下周三灯塔开放吗"),
        ("请问一下下午灯塔开放吗", "下午灯塔开放吗"),
        ("请问一下午能走完吗", "一下午能走完吗"),
        (
            "すみません、ちょっとお聞きしたいのですが、灯台は誰が守りますか？よろしくお願いします。",
            "灯台は誰が守りますか？",
        ),
        ("안녕하세요, 혹시 등대는 누가 지키나요? 감사합니다", "등대는 누가 지키나요?"),
        ("Hi there, quick question: who keeps the lighthouse? Thanks a lot!", "who keeps the lighthouse?"),
        ("Does anybody know who keeps the lighthouse?", "who keeps the lighthouse?"),
        ("hello who keeps the lighthouse", "who keeps the lighthouse"),
        ("Excuse me, may I ask who keeps the lighthouse? Anybody know?", "who keeps the lighthouse?"),
        ("Would you mind telling me who keeps the lighthouse?", "who keeps the lighthouse?"),
        ("So, my question is: who keeps the lighthouse? Any help would be great.", "who keeps the lighthouse?"),
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
        "《你好，灯塔》是谁写的？",
        "“谢谢。”他说。这是哪本书里的话？",
        "谁写了《你好》，《谢谢》？",
        "再见，灯塔的导演是谁？",
        "对不起，打错了",
        "Goodbye, Lighthouse! was directed by whom?",
        "没有 密码 怎么 登录",
        "粤语 你好",
        "does anyone know",
        "有问题的船票怎么退？",
        "问问题的技巧有哪些",
        "想问题想到头疼怎么办",
        "问下山的路怎么走",
        "打听下落的人",
        "好奇心太重怎么办",
        "告诉我的孩子真相",
        "高手 过招",
        "这个游戏，在线等级怎么查？",
        "hello.py 怎么运行",
        "hi.example.com 是什么网站",
        "please@ferry.example 是谁的邮箱",
        "谁说过：“灯塔不会说话。”？",
    ],
)
def test_names_and_questions_that_begin_like_it_are_whole_and_so_is_courtesy_alone(text: str) -> None:
    assert without_courtesy(text) == text


@pytest.mark.parametrize("unit", ["谢谢！", "急，", "嗯，", "—?", "hi, ", "hi ", "1", "有人", "？", "、\u200d"])
def test_text_of_nothing_but_courtesy_and_signs_takes_no_time(unit: str) -> None:
    text = f"灯塔，{unit * 2_000}"[:2_000]
    took = []
    for _ in range(3):
        started = time.thread_time()
        without_courtesy(text)
        took.append(time.thread_time() - started)
    assert min(took) < 0.04
