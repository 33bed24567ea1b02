"""Arrivals: which updates came, at whichever process, which of them are done, and whose turn it is in each line."""

from __future__ import annotations

import contextlib
import logging
import secrets
from enum import Enum

from bot.errors import UnusableData
from bot.postgres import NOW, Postgres

LEASE = 30.0
"""Seconds after its last sign of life that a process still holds what it took on."""
KEPT = 24 * 3600
"""Seconds that an update is remembered; Telegram delivers none that is older."""
LONGEST = 30
"""Updates in a line that may wait; a flood beyond is dropped, so that it fills nobody else's place."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS arrival (
    number BIGINT PRIMARY KEY, line TEXT NOT NULL, holder TEXT NOT NULL, until DOUBLE PRECISION NOT NULL,
    done BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX IF NOT EXISTS arrival_line ON arrival (line, number) WHERE NOT done;
CREATE INDEX IF NOT EXISTS arrival_until ON arrival (until);
"""
# What a process took on before it died may be taken on by the next that it is delivered to.
_NOTE = f"""
INSERT INTO arrival SELECT ?::bigint, ?::text, ?::text, {NOW} + ?
WHERE ?::boolean OR (SELECT count(*) FROM arrival WHERE line = ? AND NOT done AND until > {NOW}) < ?
ON CONFLICT (number) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE NOT arrival.done AND arrival.until <= {NOW}
RETURNING 1
"""  # noqa: S608
_IS_DONE = "SELECT done FROM arrival WHERE number = ?"
_BEFORE = f"SELECT 1 FROM arrival WHERE line = ? AND number < ? AND NOT done AND until > {NOW} LIMIT 1"  # noqa: S608
_FINISH = "UPDATE arrival SET done = TRUE WHERE number = ANY(?) RETURNING 1"
_HOLD = f"UPDATE arrival SET until = {NOW} + ? WHERE holder = ? AND NOT done RETURNING 1"  # noqa: S608
_FORGET = f"DELETE FROM arrival WHERE until < {NOW} - ? RETURNING 1"  # noqa: S608

_log = logging.getLogger(__name__)


class Arrival(Enum):
    """What is to become of an update that was delivered."""

    MINE = "mine"
    """This process handles it."""
    UNDER_WAY = "under way"
    """Another delivery of it is being handled; whether that comes to an end is not known yet."""
    OVER = "over"
    """It was handled, or there are too many."""


class Arrivals:
    """What has come, kept by numbers only. Raises UnusableData, except where it says otherwise."""

    def __init__(self, postgres: Postgres, *, lease: float = LEASE) -> None:
        postgres.database(_SCHEMA)
        self._postgres = postgres
        self._lease = lease
        self._holder = secrets.token_hex(8)
        self._finished: set[int] = set()

    async def note(self, number: int, line: str, *, always: bool = False) -> Arrival:
        """Take on an update that waits in a line, unless some process has done so; `always`, however many wait."""
        if await self._postgres.ask(_NOTE, (number, line, self._holder, self._lease, always, line, LONGEST)):
            return Arrival.MINE
        known = await self._postgres.ask(_IS_DONE, (number,))
        if not known:
            _log.info("an update is left out: %d others wait in its chat", LONGEST)
        return Arrival.UNDER_WAY if known and not known[0][0] else Arrival.OVER

    async def is_first(self, number: int, line: str) -> bool:
        """Whether nothing that came earlier waits in the line, at whichever process."""
        await self._tell_finished()
        return not await self._postgres.ask(_BEFORE, (line, number))

    async def finish(self, number: int) -> None:
        """Note that an update is done; at the latest when the database is back."""
        self._finished.add(number)
        with contextlib.suppress(UnusableData):
            await self._tell_finished()

    async def hold(self) -> None:
        """Give a sign of life, and forget what is long over."""
        await self._tell_finished()
        await self._postgres.ask(_HOLD, (self._lease, self._holder))
        await self._postgres.ask(_FORGET, (KEPT,))

    async def _tell_finished(self) -> None:
        finished = list(self._finished)
        if finished:
            await self._postgres.ask(_FINISH, (finished,))
            self._finished.difference_update(finished)
