"""The update processor: updates of one chat wait for each other, those of different chats do not."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Coroutine
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseUpdateProcessor

from bot.addressing import may_be_for

AT_ONCE = 4096
LONGEST = 30
"""Updates of one chat that may wait; a flood beyond is dropped, so that it fills nobody else's place."""


REMEMBERED = 10_000
"""Updates, by which one that is delivered again is known."""

_log = logging.getLogger(__name__)


class UpdateProcessor(BaseUpdateProcessor):
    """Handles the messages of a chat in their order, each once, one after another; chats side by side."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)
        self._waiting: Counter[str] = Counter()
        self._locks: dict[str, asyncio.Lock] = {}
        self._seen: dict[int, None] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the coroutine when it is the update's turn."""
        line = line_of(update)
        if self._delivered_before(update):
            _drop(coroutine)
            return
        if self._waiting[line] >= LONGEST and not tells_of_members(update):
            _log.info("an update is left out: %d others wait in its chat", LONGEST)
            _drop(coroutine)
            return
        self._waiting[line] += 1
        try:
            async with self._locks.setdefault(line, asyncio.Lock()):
                await coroutine
        finally:
            self._waiting[line] -= 1
            if not self._waiting[line]:
                del self._waiting[line], self._locks[line]

    def _delivered_before(self, update: object) -> bool:
        """Whether an update comes again, as it does where its receipt was lost."""
        if not isinstance(update, Update):
            return False
        known = update.update_id in self._seen
        self._seen[update.update_id] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return known

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""


def line_of(update: object) -> str:
    """Where an update waits: behind its chat's, unless it is a press, or what people in a group tell each other.

    Presses wait behind those on the same message. Were talk to wait with questions, it would fill their places.
    """
    if not isinstance(update, Update):
        return ""
    chat, user = update.effective_chat, update.effective_user
    place = f"chat {chat.id}" if chat else f"user {user.id}" if user else ""
    query = update.callback_query
    if query:
        return f"{place} press {query.message.message_id}" if query.message else place
    return f"{place} talk" if _is_talk(update) else place


def tells_of_members(update: object) -> bool:
    """Whether an update says that the bot came or went, or a group moved: whatever else waits, it is not left out."""
    if not isinstance(update, Update):
        return False
    message = update.message
    moved = message is not None and bool(message.migrate_to_chat_id or message.migrate_from_chat_id)
    return moved or update.my_chat_member is not None


def _is_talk(update: Update) -> bool:
    message = update.message or update.edited_message
    if message is None or message.chat.type == ChatType.PRIVATE or tells_of_members(update):
        return False
    return not may_be_for(message.get_bot().bot, message)


def _drop(coroutine: Awaitable[Any]) -> None:
    if isinstance(coroutine, Coroutine):
        coroutine.close()
