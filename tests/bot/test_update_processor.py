"""Updates of a chat wait for each other."""

import asyncio
import itertools
from types import SimpleNamespace
from typing import Any

import pytest
from api_server import BOT, GROUP, PERSON
from tdlib import found_entities
from telegram import CallbackQuery, Chat, InlineQuery, Message, Update, User

from bot.update_processor import LONGEST, UpdateProcessor, line_of

NUMBERS = itertools.count()
LIN = User(7, "Lin", False)
API: Any = SimpleNamespace(bot=User(BOT["id"], "Wenda", is_bot=True, username=BOT["username"]))
OTHER_BOT = {"id": 99, "is_bot": True, "first_name": "Echo"}


def message(chat: int) -> Message:
    return Message(5, None, Chat(chat, "private"), from_user=LIN)


def update(chat: int) -> Update:
    return Update(next(NUMBERS), message=message(chat))


def said(text: str, **fields: Any) -> Update:
    """Said in a group."""
    told = {"message_id": 5, "date": 1, "chat": GROUP, "from": PERSON, "text": text, "entities": found_entities(text)}
    return Update.de_json({"update_id": next(NUMBERS), "message": {**told, **fields}}, API)


def test_messages_keep_their_order_in_a_chat_and_other_chats_do_not_wait() -> None:
    log: list[str] = []

    async def handle(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        log.append(name)

    async def talk() -> None:
        processor = UpdateProcessor()
        work = [(1, "slow", 0.2), (1, "quick", 0), (2, "other", 0.05)]
        await asyncio.gather(*(processor.process_update(update(chat), handle(name, s)) for chat, name, s in work))

    asyncio.run(talk())
    assert log == ["other", "slow", "quick"]


def test_a_flood_beyond_the_line_is_dropped_which_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    caplog.set_level("INFO")

    async def handle(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    async def flood() -> None:
        processor = UpdateProcessor()
        await asyncio.gather(*(processor.process_update(update(1), handle(n)) for n in range(LONGEST + 10)))
        assert not processor.current_concurrent_updates

    asyncio.run(flood())
    assert done == list(range(LONGEST))
    assert len(caplog.records) == 10


def test_talk_in_a_group_fills_no_place_of_what_is_for_the_bot() -> None:
    answer = {"message_id": 4, "date": 1, "chat": GROUP, "from": BOT, "text": "In 1895."}
    for_the_bot = [said("/ask When?"), said(f"@{BOT['username']} When?"), said("And then?", reply_to_message=answer)]
    echo = {**answer, "from": OTHER_BOT}
    talk = [said("Nice weather"), said("@ana When?"), said("/ask@echo_bot When?"), said("Hm", reply_to_message=echo)]
    assert {line_of(each) for each in for_the_bot} == {f"chat {GROUP['id']}"}
    assert {line_of(each) for each in talk} == {f"chat {GROUP['id']} talk"}


def test_that_a_group_moved_or_the_bot_was_thrown_out_is_noted_in_its_turn_however_many_wait() -> None:
    done: list[int] = []
    member = {"user": BOT, "status": "member"}
    change = {"chat": GROUP, "from": PERSON, "date": 1, "old_chat_member": member, "new_chat_member": member}
    left = Update.de_json({"update_id": next(NUMBERS), "my_chat_member": change}, API)
    moved = said("", migrate_to_chat_id=-1002)

    async def handle(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    async def flood() -> None:
        processor, questions = UpdateProcessor(), [said("/ask When?") for _ in range(LONGEST + 10)]
        updates = enumerate((*questions, left, moved))
        await asyncio.gather(*(processor.process_update(each, handle(number)) for number, each in updates))

    asyncio.run(flood())
    assert done == [*range(LONGEST), LONGEST + 10, LONGEST + 11]


def test_presses_wait_behind_those_on_the_same_message_only() -> None:
    press = CallbackQuery("1", LIN, "1", message=message(7))
    queues = {line_of(update(7)), line_of(Update(1, callback_query=press))}
    queues |= {line_of(Update(1, inline_query=InlineQuery("1", LIN, "x", ""))), line_of(None)}
    assert len(queues) == 4


def test_an_update_delivered_again_is_handled_once() -> None:
    done: list[int] = []

    async def handle() -> None:
        done.append(1)

    async def deliver() -> None:
        processor, one = UpdateProcessor(), update(1)
        await asyncio.gather(*(processor.process_update(each, handle()) for each in (one, one, update(1))))

    asyncio.run(deliver())
    assert len(done) == 2
