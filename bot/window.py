"""A window of time: how many messages may be sent in any of its length."""

from __future__ import annotations

import asyncio
import time
from collections import deque


class Window:
    """Lets `count` through in any `seconds`, in the order in which they come."""

    def __init__(self, count: int, seconds: float) -> None:
        self._seconds = seconds
        self._turns: deque[float] = deque(maxlen=count)

    @property
    def empty(self) -> bool:
        """Whether nothing was let through for so long that it need not be remembered."""
        return not self._turns or self._turns[-1] + self._seconds <= time.monotonic()

    async def turn(self) -> None:
        """Wait until another one may follow; it counts from then on, whatever becomes of it."""
        now = time.monotonic()
        full = len(self._turns) == self._turns.maxlen
        turn = max(now, self._turns[0] + self._seconds) if full else now
        self._turns.append(turn)
        await asyncio.sleep(turn - now)
