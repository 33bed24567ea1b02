"""Albums: each of their pictures comes as a message of its own, but an album gets one answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.database import Database

KEPT = 3600
"""Seconds that an album is remembered."""
TOGETHER = 2.0
"""Seconds within which its pictures come."""
_SCHEMA = "CREATE TABLE IF NOT EXISTS album (id TEXT PRIMARY KEY, came INTEGER NOT NULL)"


class Albums:
    """Remembers of which albums the words came, or were asked for. Raises UnusableData."""

    def __init__(self, database: Callable[[str], Database], clock: Callable[[], float] = time.time) -> None:
        """`database` makes one of a schema."""
        self._database = database(_SCHEMA)
        self._clock = clock

    def meet(self, album: str) -> bool:
        """Whether words of the album neither came nor were asked for before; from now on they were."""
        now = int(self._clock())
        return (
            self._database.write(
                ("DELETE FROM album WHERE came <= ?", (now - KEPT,)),
                ("INSERT INTO album VALUES (?, ?) ON CONFLICT DO NOTHING", (album, now)),
            )
            > 0
        )
