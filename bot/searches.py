"""Searches off the event loop: a few at a time, a bounded number waiting, and a fair share for everybody."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.errors import Busy

WORKERS = 2
WAITING = 96
SHARE = 4
"""Searches that one person may have under way."""

TURN_SECONDS = 0.0005
"""How long a thread runs Python while another waits to. A step of the event loop that makes fifty system calls gives
its turn away fifty times; behind searches, each waits this long to have it back. With the interpreter's own 5 ms the
longest step under load took 170 to 251 ms, with these 22 to 27, at as many answers a second (`make load`)."""

Result = TypeVar("Result")


def take_short_turns() -> None:
    """Let the threads of this process run by turns so short that the event loop does not wait for searches."""
    sys.setswitchinterval(TURN_SECONDS)


class Searches:
    """Runs what takes time in worker threads, so that the conversation with others goes on."""

    def __init__(self, *, workers: int = WORKERS, waiting: int = WAITING, share: int = SHARE) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="search")
        # Buttons must be answered within seconds, so they never wait behind searches.
        self._quick = ThreadPoolExecutor(1, thread_name_prefix="note")
        self._limit = workers + waiting
        self._share = share
        self._of: Counter[int] = Counter()

    @property
    def under_way(self) -> int:
        """How many run or wait."""
        return self._of.total()

    def check(self, user: int) -> None:
        """Raise Busy where too many wait, or too many of this person."""
        if self.under_way >= self._limit:
            raise Busy(f"{self.under_way} questions are waiting already")
        if self._of[user] >= self._share:
            raise Busy(f"{self._of[user]} questions of one person are waiting already")

    async def run(self, user: int, work: Callable[[], Result]) -> Result:
        """What the work gives, when its turn has come; raises Busy as `check` does."""
        self.check(user)
        self._of[user] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._of[user] -= 1
            if not self._of[user]:
                del self._of[user]

    async def note(self, work: Callable[[], Result]) -> Result:
        """What brief work with the bot's own files gives."""
        return await asyncio.get_running_loop().run_in_executor(self._quick, work)

    def close(self) -> None:
        """Let what runs come to its end, and drop what waits."""
        self._pool.shutdown(cancel_futures=True)
        self._quick.shutdown()
