"""A pace: how many messages may be sent on average."""

from __future__ import annotations

import asyncio
import time


class Pace:
    """Lets `burst` through at once, and then one every so many `seconds`, in the order in which they come.

    The generic cell rate algorithm (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
    """

    def __init__(self, burst: int, seconds: float) -> None:
        self._seconds = seconds
        self._ahead = burst * seconds
        self._due = 0.0

    async def turn(self) -> None:
        """Wait until another one may follow."""
        now = time.monotonic()
        self._due = max(self._due, now) + self._seconds
        await asyncio.sleep(max(0.0, self._due - self._ahead - now))
