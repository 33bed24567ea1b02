"""Updates of a chat wait for each other."""

import asyncio
import itertools
from typing import Any

from api_server import BOT, GROUP, PERSON
from tdlib import found_entities
from telegram import CallbackQuery, Chat, InlineQuery, Message, Update, User

from bot.update_processor import LONGEST, UpdateProcessor, line_of

NUMBERS = itertools.count()
LIN = User(7, "Lin", False)


def message(chat: int) -> Message:
    return Message(5, None, Chat(chat, "private"), from_user=LIN)


def update(chat: int) -> Update:
    return Update(next(NUMBERS), message=message(chat))


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


def test_a_flood_beyond_the_line_is_dropped() -> None:
    done: list[int] = []

    async def handle(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    async def flood() -> None:
        processor = UpdateProcessor()
        await asyncio.gather(*(processor.process_update(update(1), handle(n)) for n in range(LONGEST + 10)))
        assert not processor.current_concurrent_updates

    asyncio.run(flood())
    assert done == list(range(LONGEST))


def test_talk_in_a_group_fills_no_place_of_what_is_for_the_bot() -> None:
    def said(text: str, **fields: Any) -> Update:
        entities = found_entities(text)
        told = {"message_id": 5, "date": 1, "chat": GROUP, "from": PERSON, "text": text, "entities": entities}
        return Update.de_json({"update_id": 1, "message": {**told, **fields}})

    moved = said("", migrate_to_chat_id=-1002)
    answer = {"message_id": 4, "date": 1, "chat": GROUP, "from": BOT, "text": "In 1895."}
    for_the_bot = [said("/ask When?"), said(f"@{BOT['username']} When?"), said("And then?", reply_to_message=answer)]
    assert {line_of(each) for each in for_the_bot} == {f"chat {GROUP['id']}"}
    assert len({line_of(each) for each in (said("Nice weather"), moved, *for_the_bot)}) == 3


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
