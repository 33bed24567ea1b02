"""A small SQLite file of the bot's own: what must outlive a restart, where one process is enough."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from bot.database import Change, Row
from bot.errors import UnusableData

PATIENCE = 30.0
"""Seconds to wait for another store's write to the same file: a busy disk takes more than SQLite's usual five."""


class SqliteDatabase:
    """One SQLite file, made when it is first used; may be used from several threads.

    Raises UnusableData where it cannot be read or written.
    """

    shared = False

    def __init__(self, file: Path | None, schema: str) -> None:
        """`file` None keeps everything in memory; `schema` must do no harm when it is run again."""
        self._file = file
        self._schema = schema
        self._lock = Lock()
        self._opened: sqlite3.Connection | None = None

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """What a query finds."""
        with self._lock:
            try:
                return self._connection().execute(sql, values).fetchall()
            except (sqlite3.Error, OSError) as exc:
                raise self._unusable(exc) from exc

    def write(self, *changes: Change) -> int:
        """Make all the changes or none; gives the number of rows the last one changed."""
        with self._lock:
            try:
                with self._connection() as connection:
                    return [connection.execute(sql, values).rowcount for sql, values in changes][-1]
            except (sqlite3.Error, OSError) as exc:
                raise self._unusable(exc) from exc

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._opened:
                self._opened.close()
            self._opened = None

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            if self._file:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            self._opened = sqlite3.connect(self._file or ":memory:", PATIENCE, check_same_thread=False)
            # With a write-ahead log a change costs no wait for the disk, and a crash tears nothing.
            self._opened.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {self._schema}")
        return self._opened

    def _unusable(self, reason: Exception) -> UnusableData:
        return UnusableData(str(self._file or "memory"), str(reason))
