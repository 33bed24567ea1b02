"""Albums: each of their pictures comes as a message of its own, but an album gets one answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.database import Database

KEPT = 3600
"""Seconds; the pictures of an album come within one or two."""
_SCHEMA = "CREATE TABLE IF NOT EXISTS album (id TEXT PRIMARY KEY, came INTEGER NOT NULL)"


class Albums:
    """Remembers which albums were answered. Raises UnusableData."""

    def __init__(self, database: Callable[[str], Database], clock: Callable[[], float] = time.time) -> None:
        """`database` makes one of a schema."""
        self._database = database(_SCHEMA)
        self._clock = clock

    def meet(self, album: str) -> bool:
        """Whether nothing of the album came before."""
        now = int(self._clock())
        return (
            self._database.write(
                ("DELETE FROM album WHERE came <= ?", (now - KEPT,)),
                ("INSERT INTO album VALUES (?, ?) ON CONFLICT DO NOTHING", (album, now)),
            )
            > 0
        )
