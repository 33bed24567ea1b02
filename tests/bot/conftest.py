"""Lets the tests of the bot import what they share, which lies beside them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from api_server import TOKEN, ApiServer
from running import Program, started

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
