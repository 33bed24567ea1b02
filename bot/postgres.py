"""The PostgreSQL database that several processes of the bot share."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache

from bot.database import Change, Row
from bot.errors import UnusableData
from retrieval.errors import UnusableServer
from retrieval.postgres import Server

NOW = "extract(epoch from now())::float8"
"""SQL: seconds by the server's clock, which all processes share."""
_THREADS = 4
_REMEDY = "start it, or mend STATE_URL"
_MAKING = 4711
"""A number that whoever makes tables holds: two processes that make the same one at once would fail."""


class Postgres:
    """A database of the bot's own on a server. Raises UnusableData."""

    def __init__(self, address: str) -> None:
        """Raises MissingExtra where the library is not installed."""
        with _translated():
            self._server = Server(address)
        # Its own threads: a question that waits for the database does not wait behind a search.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="postgres")

    def database(self, schema: str) -> PostgresDatabase:
        """The tables of a store, made if they are not there; `schema` must do no harm when it is run again."""
        statements = [(each, ()) for each in _dialect(schema).split(";") if each.strip()]
        with _translated():
            self._server.write((f"SELECT pg_advisory_xact_lock({_MAKING})", ()), *statements)
        return PostgresDatabase(self._server)

    async def ask(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """What a statement gives, without keeping the event loop waiting."""

        def work() -> list[Row]:
            with _translated():
                return self._server.rows(_placed(sql), values)

        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def trouble(self) -> str | None:
        """Why it cannot be used now; None where it can."""
        try:
            self._server.rows("SELECT 1")
        except UnusableServer as exc:
            return str(exc)
        return None

    def close(self) -> None:
        """Let go of the server."""
        self._threads.shutdown()
        self._server.close()


class PostgresDatabase:
    """The tables of one store. Raises UnusableData."""

    shared = True

    def __init__(self, server: Server) -> None:
        self._server = server

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """What a query finds."""
        with _translated():
            return self._server.rows(_placed(sql), values)

    def write(self, *changes: Change) -> int:
        """Make all the changes or none; gives the number of rows the last one changed."""
        with _translated():
            return self._server.write(*((_placed(sql), values) for sql, values in changes))


def _dialect(schema: str) -> str:
    """The schema of a store as PostgreSQL knows it: numbers of chats and people need 64 bits."""
    return re.sub(r"\bINTEGER\b", "BIGINT", schema).replace("WITHOUT ROWID", "")


@lru_cache(maxsize=256)
def _placed(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except UnusableServer as exc:
        raise UnusableData(exc.server, exc.reason, _REMEDY) from exc
