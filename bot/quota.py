"""Quota: how fast one person may ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.buckets import Buckets
from bot.errors import UnusableData

BURST = 8
"""Questions at once."""
SECONDS = 3.0
"""After which one more is allowed."""
TOLD_AGAIN = 30.0
_MANY = 10_000


@dataclass(slots=True)
class _Account:
    left: float
    seen: float
    told: float = float("-inf")


class Rationing(Protocol):
    """How fast one person may ask: a burst, then one question every three seconds."""

    async def take(self, user: int) -> bool:
        """Whether the person may ask now; that counts as asking. Raises UnusableData."""
        ...

    async def may_be_told(self, user: int) -> bool:
        """Whether to say that it is too much: once in half a minute, or the telling would be too much as well."""
        ...


class Quota:
    """Counts what each person asks of this process."""

    def __init__(
        self, *, burst: int = BURST, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._seconds = seconds
        self._clock = clock
        self._accounts: dict[int, _Account] = {}

    async def take(self, user: int) -> bool:
        """Whether the person may ask now; that counts as asking."""
        account = self._account(user)
        if account.left < 1:
            return False
        account.left -= 1
        return True

    async def may_be_told(self, user: int) -> bool:
        """Whether to say that it is too much."""
        account, now = self._account(user), self._clock()
        if now - account.told < TOLD_AGAIN:
            return False
        account.told = now
        return True

    def _account(self, user: int) -> _Account:
        now = self._clock()
        if user not in self._accounts and len(self._accounts) >= _MANY:
            self._forget(now)
        account = self._accounts.setdefault(user, _Account(self._burst, now))
        account.left = min(self._burst, account.left + (now - account.seen) / self._seconds)
        account.seen = now
        return account

    def _forget(self, now: float) -> None:
        """Drop the accounts that are full again."""
        full = self._burst * self._seconds
        self._accounts = {user: each for user, each in self._accounts.items() if now - each.seen < full}


class SharedQuota:
    """Counts what each person asks of all processes, in one round trip a question."""

    def __init__(self, buckets: Buckets, *, burst: int = BURST, seconds: float = SECONDS) -> None:
        self._buckets = buckets
        self._burst = burst
        self._seconds = seconds

    async def take(self, user: int) -> bool:
        """Whether the person may ask now; that counts as asking. Raises UnusableData."""
        return await self._buckets.take(f"asks {user}", self._burst, self._seconds)

    async def may_be_told(self, user: int) -> bool:
        """Whether to say that it is too much; not while nobody knows."""
        try:
            return await self._buckets.take(f"told {user}", 1, TOLD_AGAIN)
        except UnusableData:
            return False
