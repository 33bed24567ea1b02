"""PostgreSQL: a few connections to one server, opened when they are needed, and anew after an outage."""

from __future__ import annotations

import logging
import select
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

from retrieval.errors import MissingExtra, UnusableServer

if TYPE_CHECKING:
    from psycopg import Connection

Row: TypeAlias = tuple[object, ...]
Change: TypeAlias = tuple[str, Sequence[object]]
"""SQL with `%s` for each value, and the values."""

SCHEMES = ("postgresql://", "postgres://")
PAUSE = 1.0
"""Seconds between two attempts to connect; whoever asks in between is told at once what the last one met."""
_OPTIONS: dict[str, Any] = {
    "application_name": "wenda",
    "connect_timeout": 5,
    # A server that vanished without a word is given up after about ten seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "options": "-c statement_timeout=10s",
}

_log = logging.getLogger(__name__)


class Server:
    """One database on a server; may be used from several threads, each needs a connection of its own.

    A connection that broke while it was idle is replaced. One that breaks at work fails that call alone: it raises
    UnusableServer, and nothing, or with a commit under way all, of its changes are kept.
    """

    def __init__(self, address: str) -> None:
        """`address` as libpq reads it; raises MissingExtra, and UnusableServer where it is no address."""
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict
        except ImportError as exc:
            raise MissingExtra("psycopg, PostgreSQL's library", "postgres") from exc
        self._library = psycopg
        try:
            self._options: dict[str, Any] = {**_OPTIONS, **conninfo_to_dict(address)}
        except psycopg.Error:
            # What it says of an address may hold the password.
            raise UnusableServer("PostgreSQL", "the address cannot be read") from None
        self.name = _name(self._options)
        self._idle: list[Connection[Row]] = []
        self._lock = Lock()
        self._met = False
        self._trouble = ""
        self._again = 0.0

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """What a query gives, in one round trip."""
        with self._connection() as connection:
            return connection.execute(sql.encode(), _bound(values)).fetchall()

    def write(self, *changes: Change) -> int:
        """Make all the changes or none; gives the number of rows the last one changed."""
        with self._connection() as connection:
            if len(changes) == 1:
                return connection.execute(changes[0][0].encode(), _bound(changes[0][1])).rowcount
            with connection.pipeline(), connection.transaction():
                done = [connection.execute(sql.encode(), _bound(values)) for sql, values in changes]
            return done[-1].rowcount

    def close(self) -> None:
        """Let go of the connections that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection[Row]]:
        try:
            connection = self._taken()
            try:
                yield connection
            finally:
                self._give_back(connection)
        except self._library.Error as exc:
            raise UnusableServer(self.name, _line(exc)) from exc

    def _taken(self) -> Connection[Row]:
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return self._opened()
            if _silent(connection):
                return connection
            connection.close()

    def _give_back(self, connection: Connection[Row]) -> None:
        if connection.info.transaction_status != self._library.pq.TransactionStatus.IDLE:
            connection.close()
            return
        with self._lock:
            self._idle.append(connection)

    def _opened(self) -> Connection[Row]:
        if time.monotonic() < self._again:
            raise UnusableServer(self.name, self._trouble)
        try:
            # Statements are not prepared: poolers between here and the server may not know them again.
            connection = self._library.connect(**self._options, autocommit=True, prepare_threshold=None)
        except self._library.Error as exc:
            self._note_outage(_line(exc))
            raise
        if self._trouble:
            _log.warning("%s can be used again", self.name)
        self._met, self._trouble = True, ""
        return connection

    def _note_outage(self, reason: str) -> None:
        self._again = time.monotonic() + PAUSE
        # What keeps a program from starting is said when it ends.
        if self._met and not self._trouble:
            _log.warning("%s cannot be used, trying again until it can (%s)", self.name, reason)
        self._trouble = reason


def _silent(connection: Connection[Row]) -> bool:
    """Whether the server said nothing while the connection was idle: the only thing it says then is goodbye."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)


def _bound(values: Sequence[object]) -> list[object]:
    return [_storable(value) if isinstance(value, str) else value for value in values]


def _storable(text: str) -> str:
    """Without the null character and halves of surrogate pairs, which PostgreSQL refuses."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _name(options: dict[str, Any]) -> str:
    """The server, fit to be shown: without user and password."""
    host, port = options.get("host") or options.get("hostaddr") or "this machine", options.get("port")
    return f"PostgreSQL at {host}" + (f":{port}" if port else "") + f"/{options.get('dbname') or ''}"


def _line(error: Exception) -> str:
    """What the library says, on one line."""
    return " ".join(str(error).split()).removeprefix("connection failed: ") or type(error).__name__
