"""The program from its start to its end: a process, signals, and Telegram over loopback HTTP."""

import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from api_server import TOKEN, ApiServer
from fake_retriever import BEST
from running import REAL, Program, run, started

SECRET = TOKEN.partition(":")[2]


def settings_for(server: ApiServer, **more: str) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": server.base_url, **more}


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def logged(program: Program, words: str) -> Callable[[], bool]:
    return lambda: words in program.log.read_text("utf-8")


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_and_ends_cleanly_when_told_to(server: ApiServer, tmp_path: Path, told: signal.Signals) -> None:
    with started(tmp_path, settings_for(server)) as program:
        server.say("When was the lighthouse lit?")
        (answer,) = server.wait("sendMessage")
        ended = program.stop(told)
    assert answer.parsed
    assert BEST in answer.parsed.text
    assert ended.code == 0
    assert [line.partition(" INFO ")[2] for line in ended.err.splitlines()] == [
        "bot.application: answering as @wenda_test_bot"
    ]


def test_the_menu_of_commands_is_set_for_every_language_telegram_tells_apart(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)):
        calls = server.wait("setMyCommands", 8)
    assert {call.arguments.get("language_code", "") for call in calls} == {"", "en", "ja", "zh"}


def test_a_missing_token_is_one_line(tmp_path: Path) -> None:
    ended = run(tmp_path, {})
    assert ended.code == 1
    assert ended.err.startswith("article-bot: TELEGRAM_BOT_TOKEN is not set; ask @BotFather")
    assert ended.err.count("\n") == 1


def test_a_refused_token_is_one_line(server: ApiServer, tmp_path: Path) -> None:
    ended = run(tmp_path, settings_for(server, TELEGRAM_BOT_TOKEN="4711:OutdatedSecret"))
    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert "TELEGRAM_BOT_TOKEN" in ended.err
    assert "@BotFather" in ended.err
    assert "OutdatedSecret" not in ended.err


def test_a_token_revoked_halfway_ends_the_program(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)) as program:
        server.say("/start")
        server.wait("sendMessage")
        server.revoke()
        ended = program.ended()
    assert ended.code == 1
    assert "refused the token in TELEGRAM_BOT_TOKEN" in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
    assert SECRET not in ended.err


def test_a_missing_index_is_one_line(server: ApiServer, tmp_path: Path) -> None:
    ended = run(tmp_path, settings_for(server, INDEX_DIR="missing"))
    assert ended.code == 1
    assert ended.err.startswith("article-bot: missing: no index here yet")
    assert ended.err.count("\n") == 1


def test_settings_may_stand_in_a_file(server: ApiServer, tmp_path: Path) -> None:
    lines = [f"{name}={value}" for name, value in settings_for(server).items()]
    (tmp_path / ".env").write_text("\n".join(lines), "utf-8")
    with started(tmp_path, {}):
        server.say("/help")
        server.wait("sendMessage")


def test_the_token_is_not_in_the_log_even_when_everything_is_logged(server: ApiServer, tmp_path: Path) -> None:
    server.fail_once("getUpdates", 502, "Bad Gateway")
    with started(tmp_path, settings_for(server), "--debug") as program:
        server.say("broken")
        server.wait("sendMessage")
        log = program.stop().err
    assert len(log.splitlines()) > 50
    assert SECRET not in log


def test_it_waits_for_a_network_that_is_not_there_yet(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": f"http://127.0.0.1:{port}/bot"}
    with started(tmp_path, settings) as program:
        until(logged(program, "Telegram cannot be reached"))
        with ApiServer().running(port) as server:
            server.say("When was it lit?")
            server.wait("sendMessage")
            ended = program.stop()
    assert ended.code == 0
    assert "Telegram can be reached again" in ended.err
    assert "Traceback" not in ended.err


def test_it_can_be_stopped_while_it_waits_for_the_network(tmp_path: Path) -> None:
    settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": "http://127.0.0.1:9/bot"}
    with started(tmp_path, settings) as program:
        until(logged(program, "Telegram cannot be reached"))
        ended = program.stop()
    assert ended.code == 0
    assert len(ended.err.splitlines()) == 1


def test_an_outage_is_logged_once_and_outlived(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)) as program:
        server.say("/start")
        server.wait("sendMessage")
        server.wait("setMyCommands", 8)
        server.stop()
        until(logged(program, "Telegram cannot be reached"))
        time.sleep(2.5)
        server.start(server.port)
        server.say("/help")
        server.wait("sendMessage", 2)
        ended = program.stop()
    assert ended.code == 0
    assert ended.err.count("cannot be reached") == 1
    assert "Traceback" not in ended.err


def test_nobody_waits_for_the_menus(server: ApiServer, tmp_path: Path) -> None:
    server.fail_once("setMyCommands", 429, "Too Many Requests: retry after 9", retry_after=9)
    with started(tmp_path, settings_for(server)) as program:
        server.say("/start")
        server.wait("sendMessage", seconds=8)
        assert program.stop().code == 0


def test_too_many_requests_are_waited_out(server: ApiServer, tmp_path: Path) -> None:
    server.fail_once("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1)
    with started(tmp_path, settings_for(server)):
        server.say("When was it lit?")
        (answer,) = server.wait("sendMessage")
    assert answer.parsed
    assert BEST in answer.parsed.text


@pytest.mark.parametrize("argument", ["--help", "--nonsense"])
def test_usage(tmp_path: Path, argument: str) -> None:
    ended = run(tmp_path, {}, argument, program=REAL)
    assert ended.code == (0 if argument == "--help" else 2)
    assert "article-bot" in ended.out + ended.err


def test_a_token_may_come_from_a_file_and_one_that_others_can_read_is_warned_of(
    server: ApiServer, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o644)
    settings = {"TELEGRAM_BOT_TOKEN_FILE": str(file), "TELEGRAM_BASE_URL": server.base_url}
    with started(tmp_path, settings) as program:
        server.say("/help")
        server.wait("sendMessage")
        ended = program.stop()
    assert f"chmod 600 {file}" in ended.err
    assert SECRET not in ended.err
