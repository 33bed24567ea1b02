"""How the program is run: a webhook, metrics, a bot that is thrown out, many people at once."""

import json
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from api_server import GROUP, PERSON, PRIVATE, TOKEN, ApiServer
from fake_retriever import BEST
from running import run, started

from bot.database import Database
from bot.languages.language import language_for
from bot.subscriptions import Subscriptions

ENGLISH = language_for("en")


def settings_for(server: ApiServer, **more: str) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": server.base_url, **more}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Until something listens at the port."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens at port {port}")


def delivered(port: int, update: dict[str, Any], secret: str) -> int:
    """The status that a delivery to the webhook gets."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/hook",
        json.dumps(update).encode(),
        {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret},
    )
    try:
        with urllib.request.urlopen(request) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_webhook_takes_only_what_shows_the_secret(server: ApiServer, tmp_path: Path) -> None:
    port = free_port()
    webhook = {"WEBHOOK_URL": "https://bot.example.com/hook", "WEBHOOK_PORT": str(port), "WEBHOOK_SECRET": "between-us"}
    with started(tmp_path, settings_for(server, **webhook)) as program:
        (call,) = server.wait("setWebhook")
        assert call.arguments["url"] == "https://bot.example.com/hook"
        assert call.arguments["secret_token"] == "between-us"
        wait_for(port)
        message = server.say("When was it lit?")
        update = {"update_id": 1, "message": message}
        assert delivered(port, update, "guessed") == 403
        assert delivered(port, update, "between-us") == 200
        assert delivered(port, update, "between-us") == 200, "a receipt that was lost"
        (answer,) = server.wait("sendMessage")
        ended = program.stop()
    assert answer.parsed
    assert BEST in answer.parsed.text
    assert len(server.sent()) == 1
    assert ended.code == 0
    assert "between-us" not in ended.err


def test_metrics_are_shown_when_asked_for(server: ApiServer, tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, settings_for(server, METRICS_PORT=str(port))) as program:
        server.say("When was it lit?")
        server.wait("sendMessage")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
            shown = response.read().decode()
        assert program.stop().code == 0
    assert 'wenda_questions_total{outcome="answered"} 1.0' in shown


def test_a_port_in_use_is_one_line(server: ApiServer, tmp_path: Path) -> None:
    ended = run(tmp_path, settings_for(server, METRICS_PORT=str(server.port)))
    assert ended.code == 1
    assert ended.err.startswith("article-bot: METRICS_PORT is ")
    assert ended.err.count("\n") == 1


def test_a_damaged_file_of_the_bot_is_one_line(server: ApiServer, tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_text("no database" * 1000)
    ended = run(tmp_path, settings_for(server, BOT_DATA=str(tmp_path)))
    assert ended.code == 1
    assert "state.sqlite cannot be used" in ended.err
    assert ended.err.count("\n") == 1


def test_who_blocks_the_bot_is_subscribed_no_more(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)) as program:
        server.say("/subscribe lighthouse")
        server.wait("sendMessage")
        change = {"chat": PRIVATE, "from": PERSON, "date": 1, "old_chat_member": _member("member")}
        server.update(my_chat_member={**change, "new_chat_member": {**_member("kicked"), "until_date": 0}})
        server.say("/help")
        server.wait("sendMessage", 2)
        program.stop()
    file = tmp_path / "bot-data" / "state.sqlite"
    assert Subscriptions(lambda schema: Database(file, schema)).topics(PRIVATE["id"]) == []


def _member(status: str) -> dict[str, Any]:
    return {"status": status, "user": {"id": 4711, "is_bot": True, "first_name": "Wenda"}}


def test_many_people_at_once_each_get_their_answers_once_and_in_order(server: ApiServer, tmp_path: Path) -> None:
    chats = 40
    with started(tmp_path, settings_for(server)) as program:
        for number in range(1, chats + 1):
            server.person, server.chat = {**PERSON, "id": number}, {**PRIVATE, "id": number}
            server.say("When was it lit?")
            server.say("unheard")
        calls = server.wait("sendMessage", 2 * chats, 30)
        ended = program.stop()
    assert ended.code == 0
    assert len(server.sent()) == 2 * chats
    for number in range(1, chats + 1):
        texts = [call.parsed.text for call in calls if call.parsed and int(call.arguments["chat_id"]) == number]
        assert BEST in texts[0] or texts[0] == ENGLISH.busy
        assert texts[1] in (ENGLISH.nothing, ENGLISH.busy)


def test_a_flood_in_a_group_does_not_keep_a_person_waiting(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)):
        for _ in range(100):
            server.say("/ask slow", chat=GROUP)
        server.person, server.chat = {**PERSON, "id": 8}, {**PRIVATE, "id": 8}
        server.say("When was it lit?")
        (first,) = server.wait("sendMessage")
    assert int(first.arguments["chat_id"]) == 8
