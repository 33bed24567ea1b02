"""The state: where all is kept that outlives a restart, and what is shared where several processes are one bot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bot.arrivals import Arrivals
from bot.buckets import Buckets
from bot.database import Database
from bot.postgres import Postgres
from bot.quota import Quota, Rationing, SharedQuota
from bot.settings import Settings
from bot.sqlite import SqliteDatabase


@dataclass(frozen=True, slots=True)
class State:
    """What is kept where; nothing is shared but through PostgreSQL."""

    own: Callable[[str], Database]
    """Makes a database of a schema, for what only the bot reads."""
    feedback: Callable[[str], Database]
    """The same for what evaluation reads, too."""
    quota: Rationing
    trouble: Callable[[], str | None]
    """Why the state cannot be used now; None where it can, or nobody knows."""
    buckets: Buckets | None = None
    arrivals: Arrivals | None = None
    """None where one process gets all updates."""


@contextmanager
def opened(settings: Settings) -> Iterator[State]:
    """The state that the settings name; raises UnusableData, and MissingExtra where a library is not installed."""
    with ExitStack() as stack:
        yield _shared(settings, stack) if settings.state_url else _in_files(settings, stack)


def _shared(settings: Settings, stack: ExitStack) -> State:
    postgres = Postgres(settings.state_url)
    stack.callback(postgres.close)
    buckets = Buckets(postgres)
    return State(
        own=postgres.database,
        feedback=postgres.database,
        quota=SharedQuota(buckets),
        trouble=postgres.trouble,
        buckets=buckets,
        # Without a webhook one process fetches all updates: Telegram serves no second one.
        arrivals=Arrivals(postgres) if settings.webhook_url else None,
    )


def _in_files(settings: Settings, stack: ExitStack) -> State:
    def database(name: str, schema: str) -> Database:
        opened = SqliteDatabase(settings.data / name, schema)
        stack.callback(opened.close)
        return opened

    return State(
        own=lambda schema: database("state.sqlite", schema),
        feedback=lambda schema: database("feedback.sqlite", schema),
        quota=Quota(),
        trouble=lambda: None,
    )
