"""Lets the tests of the bot import what they share, which lies beside them."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from api_server import TOKEN, ApiServer
from postgres_server import NoServer, PostgresServer
from running import Program, started

from bot.database import Database
from bot.postgres import Postgres
from bot.sqlite import SqliteDatabase

ADMIN = 6


@pytest.fixture
def server() -> Iterator[ApiServer]:
    """A Bot API server on a loopback port; what it refused fails the test."""
    with ApiServer().running() as server:
        yield server
    assert server.refused == []


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ApiServer, Program]]:
    """A bot at work on a fake index; it serves some people and some groups, and obeys one of them."""
    with ApiServer(sends_everything=True).running() as server:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_BASE_URL": server.base_url,
            "ALLOWED_CHATS": ",".join(map(str, (*range(6, 600), *range(-1599, -1000)))),
            "ADMINS": str(ADMIN),
        }
        with started(tmp_path_factory.mktemp("world"), settings) as program:
            server.wait("setMyCommands", 8)
            yield server, program
        assert server.refused == []


@pytest.fixture
def talk(world: tuple[ApiServer, Program]) -> ApiServer:
    """Its server, with what was said before forgotten, and somebody new in a new group."""
    server = world[0]
    server.calls.clear()
    server.meet_somebody()
    return server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL; tests that need it are skipped where none can be had."""
    try:
        server = PostgresServer.started()
    except NoServer as reason:
        pytest.skip(str(reason))
    yield server
    server.remove()


@pytest.fixture
def state_url(postgres_server: PostgresServer) -> str:
    """The address of a new, empty database."""
    return postgres_server.new_database()


@pytest.fixture
def postgres(state_url: str) -> Iterator[Postgres]:
    """A new, empty database."""
    opened = Postgres(state_url)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Makes a database of a schema, each time on the same file or server, as several processes would."""
    with ExitStack() as stack:
        if request.param == "postgresql":
            postgres: Postgres = request.getfixturevalue("postgres")
            yield postgres.database
            return

        def file(schema: str) -> Database:
            opened = SqliteDatabase(tmp_path / "state.sqlite", schema)
            stack.callback(opened.close)
            return opened

        yield file
