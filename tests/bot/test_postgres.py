"""The shared database: what its outages do, and what is said of them."""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from postgres_server import PASSWORD, PostgresServer

from bot.database import Database
from bot.errors import UnusableData
from bot.postgres import Postgres
from bot.settings import passwords_in
from retrieval.errors import MissingExtra
from retrieval.postgres import PAUSE, Server

SCHEMA = "CREATE TABLE IF NOT EXISTS number (value INTEGER PRIMARY KEY)"


@pytest.fixture
def numbers(postgres: Postgres) -> Database:
    made = postgres.database(SCHEMA)
    made.write(("INSERT INTO number VALUES (?)", (1,)))
    return made


@pytest.fixture
def outage(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server that a test may kill; it is there again afterwards."""
    yield postgres_server
    postgres_server.kill()
    postgres_server.start()


def count(numbers: Database) -> list[tuple[object, ...]]:
    return numbers.rows("SELECT count(*) FROM number")


def test_a_restart_between_two_calls_is_not_noticed(numbers: Database, outage: PostgresServer) -> None:
    outage.kill()
    outage.start()
    assert count(numbers) == [(1,)]


def test_an_outage_fails_calls_in_one_line_and_is_over_when_the_server_is_back(
    numbers: Database, outage: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    outage.kill()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with pytest.raises(
                UnusableData, match=r"^PostgreSQL at 127\.0\.0\.1:.*; start it, or mend STATE_URL$"
            ) as error:
                count(numbers)
            assert "\n" not in str(error.value)
            assert PASSWORD not in str(error.value)
        outage.start()
        time.sleep(PAUSE)
        assert count(numbers) == [(1,)]
    said = [each.getMessage() for each in caplog.records]
    assert ["trying again" in each for each in said] == [True, False], said


def test_a_call_that_the_server_ends_in_the_middle_changes_nothing(numbers: Database, postgres: Postgres) -> None:
    errors: list[Exception] = []

    def work() -> None:
        try:
            numbers.write(("INSERT INTO number VALUES (?)", (2,)), ("SELECT pg_sleep(?)", (5,)))
        except UnusableData as error:
            errors.append(error)

    other = threading.Thread(target=work)
    other.start()
    ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE ?"
    end = time.monotonic() + 5
    while not numbers.rows(f"{ending} AND state = 'active'", ("%pg_sleep%",)) and time.monotonic() < end:
        time.sleep(0.02)
    other.join()
    assert len(errors) == 1
    assert count(numbers) == [(1,)]


def test_two_that_make_their_tables_at_once_both_can(state_url: str) -> None:
    made: list[Database] = []

    def make() -> None:
        postgres = Postgres(state_url)
        made.append(postgres.database(SCHEMA))
        postgres.close()

    threads = [threading.Thread(target=make) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 8


def test_the_event_loop_goes_on_while_the_database_works(postgres: Postgres) -> None:
    async def talk() -> int:
        asked = asyncio.create_task(postgres.ask("SELECT pg_sleep(?)", (0.3,)))
        steps = 0
        while not asked.done():
            await asyncio.sleep(0.01)
            steps += 1
        return steps

    assert asyncio.run(talk()) > 10


@pytest.mark.parametrize(
    ("database", "password", "words"),
    [("postgres", "pass-phrase-of-mo", "password authentication failed"), ("nowhere", PASSWORD, "does not exist")],
)
def test_a_server_that_refuses_is_one_line(
    postgres_server: PostgresServer, database: str, password: str, words: str
) -> None:
    address = postgres_server.address(database, password)
    with pytest.raises(UnusableData, match=words) as error:
        Postgres(address).database(SCHEMA)
    assert "\n" not in str(error.value)
    assert password not in str(error.value)


def test_what_is_no_address_is_not_repeated() -> None:
    with pytest.raises(UnusableData, match="the address cannot be read") as error:
        Postgres("postgresql://lin:pass-phrase@[::1/x")
    assert "pass-phrase" not in str(error.value)


def test_a_server_that_does_not_listen_is_given_up_at_once() -> None:
    server = Server("postgresql://lin@127.0.0.1:1/x")
    started = time.monotonic()
    for _ in range(20):
        with pytest.raises(Exception, match="refused"):
            server.rows("SELECT 1")
    assert time.monotonic() - started < 1


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"pip install 'wenda\[postgres\]'"):
        Postgres("postgresql://lin@127.0.0.1/x")


@pytest.mark.parametrize(
    ("address", "passwords"),
    [
        ("postgresql://lin@127.0.0.1/x", []),
        ("postgresql://lin:p%40ss@127.0.0.1/x", ["p%40ss", "p@ss"]),
        ("postgresql:///x?user=lin&password=p%40ss&sslpassword=key", ["p@ss", "key"]),
    ],
)
def test_passwords_are_found_in_an_address(address: str, passwords: list[str]) -> None:
    assert passwords_in(address) == passwords
