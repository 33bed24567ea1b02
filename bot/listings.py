"""Listings: which articles a list was asked for, kept under a short key for the buttons that turn its pages."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from bot.database import Database
from bot.sheets import KEPT
from retrieval.records import Filter

_SCHEMA = "CREATE TABLE IF NOT EXISTS listing (key TEXT PRIMARY KEY, filter TEXT NOT NULL, used INTEGER NOT NULL)"
_KEEP = """
INSERT INTO listing VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET filter = excluded.filter, used = excluded.used
"""
EVERYTHING = ""
"""The key of the list of all articles."""


class Listings:
    """Keeps filters for 30 days after their last use. Raises UnusableData."""

    def __init__(self, database: Callable[[str], Database], clock: Callable[[], float] = time.time) -> None:
        """`database` makes one of a schema."""
        self._database = database(_SCHEMA)
        self._clock = clock

    def keep(self, wheres: Iterable[Filter]) -> list[str]:
        """The keys of filters, the same for the same filter."""
        now, written = int(self._clock()), [_written(where) for where in wheres]
        keys = [_key(each) for each in written]
        self._database.write(
            ("DELETE FROM listing WHERE used <= ?", (now - KEPT,)),
            *(
                # In one order everywhere, so that no two processes wait for each other.
                (_KEEP, (key, each, now))
                for key, each in sorted(zip(keys, written, strict=True))
                if key
            ),
        )
        return keys

    def find(self, key: str) -> Filter | None:
        """The filter with a key; None where it has expired."""
        if key == EVERYTHING:
            return Filter()
        oldest = int(self._clock()) - KEPT
        rows = self._database.rows("SELECT filter FROM listing WHERE key = ? AND used > ?", (key, oldest))
        return _read(str(rows[0][0])) if rows else None


def _key(written: str) -> str:
    """64 bits in 11 characters."""
    if written == "{}":
        return EVERYTHING
    digest = hashlib.blake2b(written.encode(), digest_size=8).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _written(where: Filter) -> str:
    fields: dict[str, Any] = {
        "category": where.category,
        "author": where.author,
        "after": where.after and where.after.isoformat(),
        "before": where.before and where.before.isoformat(),
    }
    return json.dumps({name: value for name, value in fields.items() if value})


def _read(written: str) -> Filter:
    fields = json.loads(written)
    days = {name: date.fromisoformat(fields[name]) for name in ("after", "before") if name in fields}
    return Filter(**{**fields, **days})
