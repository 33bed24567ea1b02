"""The rate limiter: how fast messages are sent, by Telegram's rules (https://core.telegram.org/bots/faq#broadcasting)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from math import ceil
from typing import Any, TypeAlias

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.buckets import Buckets
from bot.connection import NotTaken
from bot.errors import UnusableData
from bot.pace import Pace
from bot.window import Window

PRIVATE_SECONDS = 1.0
"""Between two messages to a person."""
GROUP_MESSAGES = 20
"""In any minute."""
SLACK = 0.05
"""Seconds that a message may be under way for longer than one that follows when the time is over."""
ALL_MESSAGES = 30
"""A second, to all chats together, on average; Telegram says "about"."""
ALL_AT_ONCE = 20
"""Of them: with none, 300 answers would take ten seconds even where they are found in nine."""
ATTEMPTS = 3
"""How often a message is sent again where Telegram asks to slow down, or did not take it."""
OUTAGE_SECONDS = 1.0
"""Before it is sent again where it was not taken."""
LONGEST_WAIT = 60.0
"""Seconds; a chat that is to wait longer is sent nothing until then."""
SOON = 2.0
"""Seconds that somebody who pressed a button or types a question waits for another attempt."""
_MANY = 1_000
_PACED = ("sendMessage", "editMessageText")
_AWAITED = ("answerInlineQuery", "answerCallbackQuery")

_log = logging.getLogger(__name__)
_Result: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]


class RateLimiter(BaseRateLimiter[int]):
    """One message a second to a person, twenty in any minute to a group, thirty a second on average to all.

    Messages to a chat keep their order. Where Telegram asks to wait, or does not take a message, only
    the chat concerned waits. With `buckets` the same limits hold for all processes together as well.
    """

    def __init__(self, *, private_seconds: float = PRIVATE_SECONDS, buckets: Buckets | None = None) -> None:
        self._all = Pace(ALL_AT_ONCE, 1 / ALL_MESSAGES)
        self._private_seconds = private_seconds
        self._buckets = buckets
        self._chats: dict[int, _Chat] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> _Result:
        """Make the request when its time has come; raises RetryAfter where that is too long, or has been in vain."""
        if endpoint == "setMyCommands":  # not for a chat, but no less worth another attempt
            menus = _Chat(0, Window(1, 0))
            return await self._sent(menus, lambda: callback(*args, **kwargs), ATTEMPTS)
        if endpoint in _AWAITED:
            return await _again_soon(lambda: callback(*args, **kwargs))
        if endpoint not in _PACED or "chat_id" not in data:
            return await callback(*args, **kwargs)
        chat = self._chat(int(data["chat_id"]))
        chat.users += 1
        try:
            async with chat.lock:
                return await self._sent(chat, lambda: callback(*args, **kwargs), rate_limit_args or ATTEMPTS)
        finally:
            chat.users -= 1

    async def _sent(self, chat: _Chat, send: Callable[[], Coroutine[Any, Any, _Result]], attempts: int) -> _Result:
        while True:
            chat.check()
            await chat.window.turn()
            await self._all.turn()
            await self._shared_turn(chat.number)
            try:
                return await send()
            except (RetryAfter, NotTaken) as error:
                seconds = _seconds(error)
                if seconds > LONGEST_WAIT:
                    chat.silent_until = time.monotonic() + seconds
                if not attempts or seconds > LONGEST_WAIT:
                    raise
                attempts -= 1
                _log.info("trying again in %.0f s in one chat: %s", seconds, error)
                await asyncio.sleep(seconds + 0.1)

    async def _shared_turn(self, number: int) -> None:
        """Wait until other processes' messages leave room for one to a chat."""
        if self._buckets is None or not number:
            return
        # Half of a group's messages at once and half by and by are no more than all of them in any minute.
        burst = GROUP_MESSAGES // 2
        burst, seconds = (burst, 60 / (GROUP_MESSAGES - burst)) if number < 0 else (1, self._private_seconds)
        try:
            await asyncio.sleep(await self._buckets.reserve(f"chat {number}", burst, seconds))
            await asyncio.sleep(await self._buckets.reserve("all chats", ALL_AT_ONCE, 1 / ALL_MESSAGES))
        except UnusableData:
            # Then an apology is due, and this process' own limits will do.
            return

    def _chat(self, number: int) -> _Chat:
        if len(self._chats) > _MANY:
            self._chats = {each: chat for each, chat in self._chats.items() if chat.busy}
        if number not in self._chats:
            window = Window(GROUP_MESSAGES, 60 + SLACK) if number < 0 else Window(1, self._private_seconds + SLACK)
            self._chats[number] = _Chat(number, window)
        return self._chats[number]


class _Chat:
    """One chat's turn to be sent something."""

    def __init__(self, number: int, window: Window) -> None:
        self.number = number
        """0 is no chat's."""
        self.window = window
        self.lock = asyncio.Lock()
        self.users = 0
        self.silent_until = 0.0
        """By the monotonic clock: what Telegram asked to wait for, where that is long."""

    @property
    def busy(self) -> bool:
        """Whether its limits must be remembered."""
        return self.users > 0 or not self.window.empty or self.silent_until > time.monotonic()

    def check(self) -> None:
        """Raise RetryAfter where nothing is to be sent for long."""
        left = self.silent_until - time.monotonic()
        if left > 0:
            raise RetryAfter(timedelta(seconds=ceil(left)))


async def _again_soon(send: Callable[[], Coroutine[Any, Any, _Result]]) -> _Result:
    try:
        return await send()
    except (RetryAfter, NotTaken) as error:
        if _seconds(error) > SOON:
            raise
        await asyncio.sleep(_seconds(error))
    return await send()


def _seconds(error: RetryAfter | NotTaken) -> float:
    if isinstance(error, NotTaken):
        return OUTAGE_SECONDS
    wait = error.retry_after
    return wait if isinstance(wait, (int, float)) else wait.total_seconds()
