"""Whom a message is meant for, and what it says to the bot."""

from typing import Any

import pytest
from api_server import BOT, GROUP, PERSON, PRIVATE
from tdlib import found_entities
from telegram import Message, User

from bot.addressing import Command, after_command, command_in, commands_me, may_be_for, question_in

NAME = f"@{BOT['username']}"
ME = User(BOT["id"], BOT["first_name"], is_bot=True, username=BOT["username"])


def message(text: str, **fields: Any) -> Message:
    said = {"text": text, "entities": found_entities(text)}
    return Message.de_json({"message_id": 5, "date": 1, "chat": PRIVATE, "from": PERSON, **said, **fields}, None)


def captioned(caption: str, **fields: Any) -> Message:
    said = {"caption": caption, "caption_entities": found_entities(caption)}
    return Message.de_json({"message_id": 5, "date": 1, "chat": PRIVATE, "from": PERSON, **said, **fields}, None)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/ask When was it lit?", Command("ask", "", "When was it lit?")),
        ("/ask，上海什么时候碳达峰？", Command("ask", "", "上海什么时候碳达峰？")),
        ("/ask:When was it lit?", Command("ask", "", "When was it lit?")),
        ("/ask： -5 度？", Command("ask", "", "-5 度？")),
        ("/search（灯塔）", Command("search", "", "（灯塔）")),
        ("/subscribe：灯塔", Command("subscribe", "", "灯塔")),
        (f"/ASK{NAME}，🌊 什么时候？", Command("ask", NAME[1:], "🌊 什么时候？")),
        ("/ask\u3000上海", Command("ask", "", "上海")),
        ("/ask。", Command("ask", "", "")),
        ("🌊 /ask When?", None),
        ("When?", None),
    ],
)
def test_a_command_ends_where_telegram_says_so(text: str, command: Command | None) -> None:
    assert command_in(message(text)) == command_in(captioned(text)) == command
    assert after_command(message(text)) == (command.rest if command else "")


def test_a_command_in_bold_is_one() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 9}, *found_entities("/ask When")]
    assert after_command(message("/ask When", entities=entities)) == "When"


@pytest.mark.parametrize(
    ("text", "mine"), [(f"/nonsense{NAME}，x", True), ("/nonsense@echo_bot，x", False), (f"/nonsense {NAME}", False)]
)
def test_a_command_is_for_whom_it_names(text: str, mine: bool) -> None:
    assert commands_me(message(text, chat=GROUP), ME) == commands_me(captioned(text, chat=GROUP), ME) == mine


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        ("When?", False),
        ("/ask When?", True),
        (f"/ask{NAME} When?", True),
        ("/ask@echo_bot When?", False),
        (f"/ask@echo_bot When, {NAME}?", False),
        (f"When, {NAME}?", True),
        ("When, @ana?", False),
    ],
)
def test_what_may_be_for_the_bot_in_a_group(text: str, mine: bool) -> None:
    assert may_be_for(ME, message(text, chat=GROUP)) == may_be_for(ME, captioned(text, chat=GROUP)) == mine


def test_commands_of_other_bots_are_not_obeyed_those_of_somebody_who_writes_as_a_group_are() -> None:
    robot = {"id": 999, "is_bot": True, "first_name": "Echo", "username": "echo_bot"}
    assert command_in(message("/ask When?", chat=GROUP, **{"from": robot})) is None
    anonymous = message("/ask When?", chat=GROUP, sender_chat=GROUP, **{"from": robot})
    assert command_in(anonymous) == Command("ask", "", "When?")


def test_what_a_channel_posts_into_its_group_asks_nobody() -> None:
    post = {
        "chat": GROUP,
        "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
        "sender_chat": {"id": -1009, "type": "channel", "title": "News"},
        "is_automatic_forward": True,
    }
    assert question_in(message(f"New! Ask {NAME} about it.", **post), ME) is None
    assert command_in(message(f"/ask{NAME} is how to ask", **post)) is None
    said_by_itself = {**post, "is_automatic_forward": False}
    assert question_in(message(f"{NAME} When?", **said_by_itself), ME) == "When?"
