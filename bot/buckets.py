"""Buckets: limits that several processes share, kept by the server's clock.

Each is a number: when its bucket will be full again, if nothing more is taken from it
(the generic cell rate algorithm, https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
"""

from __future__ import annotations

import time

from bot.postgres import NOW, Postgres

SWEEP = 600.0
"""Seconds between two looks for buckets that are full, which need not be kept."""
# They need not outlive a crash of the server: whatever was taken then is back within a minute.
_SCHEMA = """
CREATE UNLOGGED TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY, due DOUBLE PRECISION NOT NULL);
CREATE INDEX IF NOT EXISTS bucket_due ON bucket (due);
"""
_TAKE = f"""
INSERT INTO bucket VALUES (?, {NOW} + ?)
ON CONFLICT (name) DO UPDATE SET due = greatest(bucket.due, {NOW}) + ? WHERE bucket.due <= {NOW} + ?
RETURNING 1
"""  # noqa: S608
_RESERVE = f"""
INSERT INTO bucket VALUES (?, {NOW} + ?)
ON CONFLICT (name) DO UPDATE SET due = greatest(bucket.due, {NOW}) + ?
RETURNING due - {NOW}
"""  # noqa: S608
_FORGET = f"""
DELETE FROM bucket WHERE name IN (SELECT name FROM bucket WHERE due < {NOW} FOR UPDATE SKIP LOCKED) RETURNING 1
"""  # noqa: S608


class Buckets:
    """Each holds `burst` and gets one back every so many `seconds`. Raises UnusableData."""

    def __init__(self, postgres: Postgres) -> None:
        postgres.database(_SCHEMA)
        self._postgres = postgres
        self._swept = time.monotonic()

    async def take(self, name: str, burst: int, seconds: float) -> bool:
        """Take one, if there is one now."""
        await self._sweep()
        values = (name, seconds, seconds, (burst - 1) * seconds)
        return bool(await self._postgres.ask(_TAKE, values))

    async def reserve(self, name: str, burst: int, seconds: float) -> float:
        """Take one, and how many seconds it is until it is there."""
        await self._sweep()
        ((due,),) = await self._postgres.ask(_RESERVE, (name, seconds, seconds))
        return max(0.0, float(str(due)) - burst * seconds)

    async def _sweep(self) -> None:
        if time.monotonic() - self._swept < SWEEP:
            return
        self._swept = time.monotonic()
        await self._postgres.ask(_FORGET)
