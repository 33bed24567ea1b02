"""Two processes of the bot behind one webhook address, on one PostgreSQL."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from api_server import TOKEN, ApiServer, Call
from fake_retriever import BEST
from postgres_server import PASSWORD, PostgresServer
from running import Program, delivered, free_port, run, started, wait_for

from bot.albums import TOGETHER
from bot.languages.language import language_for
from bot.quota import BURST

ENGLISH = language_for("en")
SECRET = "between-us"
REDELIVERED_AFTER = 0.2
PATIENCE = 60
"""Seconds that Telegram is taken to deliver an update again and again."""


@dataclass(frozen=True)
class Process:
    """One of the two."""

    program: Program
    port: int
    """Of its webhook."""
    health: int

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health}/health") as response:
                return bool(response.status == 200)
        except urllib.error.HTTPError:
            return False


@dataclass(frozen=True)
class World:
    """Two processes, what they talk to, and what they keep all in."""

    server: ApiServer
    processes: tuple[Process, Process]
    postgres: PostgresServer
    state_url: str

    def deliver(self, to: int, happened: dict[str, Any] | str) -> None:
        """As Telegram does: again and again, until it is acknowledged."""
        update = self.server.update_of(happened)
        end = time.monotonic() + PATIENCE
        while (status := delivered(self.processes[to].port, update, SECRET)) != 200:
            assert time.monotonic() < end, f"{to} still says {status}:\n{self.log()[-2_000:]}"
            time.sleep(REDELIVERED_AFTER)

    def log(self) -> str:
        return "".join(each.program.log.read_text("utf-8") for each in self.processes)


@pytest.fixture(scope="module")
def module_world(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[World]:
    state_url = postgres_server.new_database()
    with ApiServer().running() as server, ExitStack() as stack:
        server.person = {**server.person, "id": 20_000}
        processes = [process(stack, tmp_path_factory.mktemp("process"), server, state_url) for _ in range(2)]
        for each in processes:
            wait_for(each.port)
        yield World(server, (processes[0], processes[1]), postgres_server, state_url)
        ended = [each.program.stop() for each in processes]
        assert [each.code for each in ended] == [0, 0]
        assert server.refused == []
    for each in ended:
        assert PASSWORD not in each.err
        assert "Traceback" not in each.err


@pytest.fixture
def world(module_world: World) -> World:
    """The two processes, and somebody new."""
    module_world.server.calls.clear()
    module_world.server.meet_somebody()
    return module_world


def process(stack: ExitStack, folder: Path, server: ApiServer, state_url: str, **more: str) -> Process:
    port, health = free_port(), free_port()
    settings = {**settings_for(server, state_url), "WEBHOOK_PORT": str(port), "METRICS_PORT": str(health), **more}
    return Process(stack.enter_context(started(folder, settings)), port, health)


def settings_for(server: ApiServer, state_url: str) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_BASE_URL": server.base_url,
        "STATE_URL": state_url,
        "WEBHOOK_URL": "https://bot.example.com/hook",
        "WEBHOOK_SECRET": SECRET,
    }


def texts(calls: list[Call]) -> list[str]:
    return [call.parsed.text for call in calls if call.parsed]


def test_what_is_delivered_to_both_at_once_is_answered_once(world: World) -> None:
    messages = []
    for _ in range(12):
        world.server.meet_somebody()
        messages.append(world.server.say("When was it lit?"))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: world.deliver(number % 2, messages[number // 2]), range(24)))
    answered = [int(call.arguments["chat_id"]) for call in world.server.wait("sendMessage", 12)]
    assert sorted(answered) == sorted(each["chat"]["id"] for each in messages)
    time.sleep(0.3)
    assert len(world.server.sent()) == 12


def test_questions_of_a_chat_are_answered_in_order_a_second_apart(world: World) -> None:
    for number, text in enumerate(("brief", "unheard", "When was it lit?")):
        world.deliver(number % 2, world.server.say(text))
    calls = world.server.wait("sendMessage", 3)
    assert [BEST in text for text in texts(calls)] == [True, False, True]
    assert all(later.at - sooner.at > 0.9 for sooner, later in pairwise(calls))


def test_a_person_has_one_quota_with_both(world: World) -> None:
    server = world.server
    for number in range(BURST + 2):
        world.deliver(number % 2, server.say("/ask unheard", chat=server.group))
    said = texts(server.wait("sendMessage", BURST + 1))
    assert said[-1] == ENGLISH.slower
    assert said.count(ENGLISH.slower) == 1
    time.sleep(0.3)
    assert len(server.sent()) == BURST + 1


def test_a_button_is_answered_by_the_other_process(world: World) -> None:
    server = world.server
    world.deliver(0, server.say("When was it lit?"))
    (answer,) = server.wait("sendMessage")
    shown = server.message(answer)
    other = next(data for label, data in answer.buttons().items() if data.startswith("p:"))
    world.deliver(1, server.press(other, shown))
    assert server.wait("editMessageText")
    judging = next(data for data in answer.buttons().values() if data.startswith("r:"))
    world.deliver(1, server.press(judging, shown))
    assert server.wait("answerCallbackQuery", 2)[1].arguments["text"] == ENGLISH.thanks


def test_a_follow_up_is_understood_by_the_other_process(world: World) -> None:
    server = world.server
    world.deliver(0, server.say("When was the lighthouse lit?"))
    (answer,) = server.wait("sendMessage")
    world.deliver(1, server.say("what about 2020?", reply_to_message=server.message(answer)))
    assert "When was the lighthouse lit 2020" in texts(server.wait("sendMessage", 2))[1]


def test_a_language_chosen_with_one_is_spoken_by_the_other(world: World) -> None:
    server = world.server
    world.deliver(0, server.say("/language", chat=server.group))
    (choice,) = server.wait("sendMessage")
    world.deliver(0, server.press("g:ja", server.message(choice)))
    server.wait("answerCallbackQuery")
    world.deliver(1, server.say("/help@wenda_test_bot", chat=server.group))
    assert texts(server.wait("sendMessage", 2))[1].startswith(language_for("ja").help)


def test_an_album_that_both_are_sent_gets_one_word_of_help(world: World) -> None:
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    for number in range(3):
        world.deliver(number % 2, world.server.say("", photo=photo, media_group_id="album"))
    world.server.wait("sendMessage")
    time.sleep(0.5)
    assert texts(world.server.sent()) == [ENGLISH.empty]


def test_an_album_whose_words_come_to_the_other_process_is_not_asked_for_them(world: World) -> None:
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    world.deliver(0, world.server.say("", photo=photo, media_group_id="late"))
    world.deliver(1, world.server.say("", photo=photo, media_group_id="late", caption="When was it lit?"))
    time.sleep(TOGETHER + 0.5)
    (told,) = texts(world.server.sent())
    assert BEST in told


def test_while_the_database_is_away_nothing_is_lost_and_the_bot_is_back_with_it(world: World) -> None:
    server, first = world.server, world.processes[0]
    assert first.is_healthy()
    world.deliver(0, server.say("slow"))
    time.sleep(0.3)
    world.postgres.kill()
    try:
        (call,) = server.wait("sendMessage")
        assert BEST in texts([call])[0]
        assert call.buttons() == {}
        assert not first.is_healthy()
        server.meet_somebody()
        later = server.say("When was it lit?")
        assert delivered(first.port, server.update_of(later), SECRET) == 503
    finally:
        world.postgres.start()
    world.deliver(0, later)
    assert BEST in texts(server.wait("sendMessage", 2))[1]
    server.meet_somebody()
    world.deliver(1, server.say("When was it lit?"))
    assert BEST in texts(server.wait("sendMessage", 3))[2]
    assert first.is_healthy()
    lines = [line for line in first.program.log.read_text("utf-8").splitlines() if "could not be kept" in line]
    assert len(lines) == 1
    assert "PostgreSQL at 127.0.0.1" in lines[0]


def test_a_restart_of_the_database_amid_questions_costs_no_answer_and_no_order(world: World) -> None:
    server, asked = world.server, []
    for number in range(10):
        server.meet_somebody()
        asked.append(
            [server.say(f"/ask {number} brief", chat=server.group, **{"from": server.person}) for _ in range(3)]
        )

    def ask(chat: int) -> None:
        for number, message in enumerate(asked[chat]):
            world.deliver((chat + number) % 2, message)
            time.sleep(0.1 * (chat % 3))

    with ThreadPoolExecutor(10) as pool:
        delivering = pool.map(ask, range(10))
        time.sleep(0.2)
        world.postgres.kill()
        world.postgres.start()
        list(delivering)
    calls = server.wait("sendMessage", 30)
    for messages in asked:
        chat = messages[0]["chat"]["id"]
        replied = [each.arguments["reply_parameters"]["message_id"] for each in calls if _chat(each) == chat]
        assert replied == [each["message_id"] for each in messages]
    time.sleep(0.3)
    assert len(server.sent()) == 30


def _chat(call: Call) -> int:
    return int(call.arguments["chat_id"])


def test_a_subscription_made_with_one_is_told_once(world: World, tmp_path: Path) -> None:
    server = world.server
    time.sleep(max(0.0, 6 - _age(world)))  # the first look at the index: all that stands in it is old news
    world.deliver(0, server.say("/subscribe 渡轮"))
    server.wait("sendMessage")
    time.sleep(1)  # what came to be known in the same second is no news
    with ExitStack() as stack:
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            process(stack, folder, server, world.state_url, INDEX_DIR="newer")
        digest = server.wait("sendMessage", 2)[1]
        time.sleep(0.7)
    assert texts([digest])[0].startswith(ENGLISH.digest.format(topic="渡轮"))
    assert len(server.sent()) == 2


def _age(world: World) -> float:
    return time.time() - min(each.program.log.parent.stat().st_ctime for each in world.processes)


@pytest.mark.parametrize(
    ("state_url", "words"),
    [
        ("postgresql://lin:pass-phrase@127.0.0.1:1/x", "PostgreSQL at 127.0.0.1:1/x cannot be used"),
        ("mysql://lin:pass-phrase@127.0.0.1/x", "STATE_URL is no address"),
        ("postgresql://lin:pass-phrase@127.0.0.1/x?colour=red", "the address cannot be read"),
    ],
)
def test_a_database_that_cannot_be_had_is_one_line(
    server: ApiServer, tmp_path: Path, state_url: str, words: str
) -> None:
    ended = run(tmp_path, settings_for(server, state_url))
    assert ended.code == 1
    assert ended.err.startswith("article-bot: ")
    assert words in ended.err
    assert ended.err.count("\n") == 1
    assert "pass-phrase" not in ended.err


def test_wrong_credentials_are_one_line(server: ApiServer, tmp_path: Path, postgres_server: PostgresServer) -> None:
    ended = run(tmp_path, settings_for(server, postgres_server.address(password="pass-phrase")))
    assert ended.code == 1
    assert "password authentication failed" in ended.err
    assert ended.err.count("\n") == 1
    assert "pass-phrase" not in ended.err
