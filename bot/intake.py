"""The intake: where updates come in that may be delivered to several processes, and wait for their turn."""

from __future__ import annotations

import asyncio
import contextlib
from bisect import insort
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor
from tornado.web import HTTPError

from bot.arrivals import LEASE, Arrival, Arrivals
from bot.errors import UnusableData
from bot.update_processor import AT_ONCE, line_of, tells_of_members

PAUSE = 0.05
"""Seconds between two looks whether it is an update's turn."""
PATIENCE = 10.0
"""Seconds that an update waits for a database that is away; then it goes on, and an apology is due."""


class Intake(asyncio.Queue[object]):
    """The queue between the webhook and the handlers.

    A delivery is acknowledged when its update is noted, and not before: what cannot be noted now, Telegram delivers
    again. So updates are noted in the order in which Telegram delivers those of a chat, one after another.
    """

    def __init__(self, arrivals: Arrivals) -> None:
        super().__init__()
        self._arrivals = arrivals

    async def put(self, item: object) -> None:
        """Take in what is delivered for the first time; raises HTTPError where it should be delivered again."""
        if isinstance(item, Update) and not await self._taken_on(item):
            return
        await super().put(item)

    async def _taken_on(self, update: Update) -> bool:
        try:
            arrival = await self._arrivals.note(update.update_id, line_of(update), always=tells_of_members(update))
        except UnusableData as exc:
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from exc
        if arrival is Arrival.UNDER_WAY:
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
        return arrival is Arrival.MINE


class SharedProcessor(BaseUpdateProcessor):
    """Handles the messages of a chat in their order, at whichever process they are; chats side by side."""

    def __init__(self, arrivals: Arrivals, *, patience: float = PATIENCE) -> None:
        super().__init__(AT_ONCE)
        self._arrivals = arrivals
        self._patience = patience
        self._here: dict[str, list[int]] = {}
        """By line, the updates at this process."""
        self._beating: asyncio.Task[None] | None = None

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the coroutine when it is the update's turn."""
        if not isinstance(update, Update):
            await coroutine
            return
        line, number = line_of(update), update.update_id
        here = self._here.setdefault(line, [])
        insort(here, number)
        try:
            await self._turn(number, line)
            await coroutine
        finally:
            here.remove(number)
            if not here:
                del self._here[line]
            await self._arrivals.finish(number)

    async def initialize(self) -> None:
        """Begin to give signs of life."""
        self._beating = asyncio.create_task(self._beat())

    async def shutdown(self) -> None:
        """Give no more."""
        if self._beating:
            self._beating.cancel()

    async def _turn(self, number: int, line: str) -> None:
        """Wait for what came earlier; while nobody can tell whether there is something, wait for that, too."""
        clock, failing_since = asyncio.get_running_loop().time, float("inf")
        while clock() - failing_since < self._patience:
            try:
                if self._here[line][0] == number and await self._arrivals.is_first(number, line):
                    return
                failing_since = float("inf")
            except UnusableData:
                failing_since = min(failing_since, clock())
            await asyncio.sleep(PAUSE)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(LEASE / 3)
            with contextlib.suppress(UnusableData):
                await self._arrivals.hold()
