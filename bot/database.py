"""What the bot needs of a database: SQL that SQLite and PostgreSQL both know, with `?` for each value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

Row: TypeAlias = tuple[object, ...]
Change: TypeAlias = tuple[str, Sequence[object]]
"""SQL and its values."""


class Database(Protocol):
    """The tables of one store; may be used from several threads. Raises UnusableData."""

    shared: bool
    """Whether other processes change what it holds."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """What a query finds."""
        ...

    def write(self, *changes: Change) -> int:
        """Make all the changes or none; gives the number of rows the last one changed."""
        ...
