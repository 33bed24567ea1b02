"""How the program is run: a webhook, metrics, a bot that is thrown out, many people at once."""

import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from api_server import BOT, GROUP, PERSON, PRIVATE, TOKEN, ApiServer
from fake_retriever import BEST
from running import delivered, free_port, run, started, wait_for

from bot.languages.language import language_for
from bot.sqlite import SqliteDatabase
from bot.subscriptions import Subscriptions

ENGLISH = language_for("en")


def settings_for(server: ApiServer, **more: str) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": server.base_url, **more}


def test_a_webhook_takes_only_what_shows_the_secret(server: ApiServer, tmp_path: Path) -> None:
    port = free_port()
    webhook = {"WEBHOOK_URL": "https://bot.example.com/hook", "WEBHOOK_PORT": str(port), "WEBHOOK_SECRET": "between-us"}
    with started(tmp_path, settings_for(server, **webhook)) as program:
        call = server.wait("setWebhook")[0]
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
    assert Subscriptions(lambda schema: SqliteDatabase(file, schema)).topics(PRIVATE["id"]) == []


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


def test_in_a_lively_group_every_question_that_came_while_it_was_away_is_answered(
    server: ApiServer, tmp_path: Path
) -> None:
    server.say("/ask When was it lit?", chat=GROUP)
    for number in range(60):
        server.say("@ana chatter" if number % 2 else "chatter", chat=GROUP)
    server.say(f"@{BOT['username']} When was it lit?", chat=GROUP)
    server.say("/ask When was it lit?", chat=GROUP)
    with started(tmp_path, settings_for(server)):
        assert len(server.wait("sendMessage", 3)) == 3


def test_the_menus_are_set_however_long_the_start_is_held_up(server: ApiServer, tmp_path: Path) -> None:
    server.delay_once("deleteWebhook", 1.8)
    with started(tmp_path, settings_for(server)):
        assert server.wait("setMyCommands", 8, 5)


def test_what_is_under_way_when_it_is_told_to_stop_is_answered(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)) as program:
        server.say("slow")
        server.wait("sendChatAction")
        ended = program.stop()
    assert ended.code == 0
    (answer,) = server.sent()
    assert answer.parsed
    assert BEST in answer.parsed.text


def test_subscriptions_outlive_a_restart_and_tell_what_is_new_once(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)) as program:
        server.say("/subscribe 渡轮")
        server.wait("sendMessage")
        time.sleep(6)  # the first look at the index: all that stands in it is old news
        program.stop()
    for count in (2, 2):
        with started(tmp_path, settings_for(server, INDEX_DIR="newer")) as program:
            digest = server.wait("sendMessage", count)[-1]
            time.sleep(6)
            program.stop()
    assert digest.parsed
    assert digest.parsed.text.startswith(ENGLISH.digest.format(topic="渡轮"))
    assert len(server.sent()) == 2


def test_no_secret_is_logged_even_when_everything_is(server: ApiServer, tmp_path: Path) -> None:
    port = free_port()
    settings = settings_for(
        server,
        WEBHOOK_URL=f"https://bot.example.com/{TOKEN}",
        WEBHOOK_PORT=str(port),
        WEBHOOK_SECRET="between-the-two-of-us",
        TELEGRAM_BASE_URL=server.base_url.replace("://", "://lin:pass-phrase-of-lin@"),
    )
    with started(tmp_path, settings, "--debug") as program:
        server.wait("setWebhook")
        wait_for(port)
        log = program.stop().err
    assert "setWebhook" in log
    for secret in (TOKEN, TOKEN.partition(":")[2], "between-the-two-of-us", "pass-phrase-of-lin"):
        assert secret not in log


def test_health_is_shown_beside_the_metrics(server: ApiServer, tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, settings_for(server, METRICS_PORT=str(port))) as program:
        server.wait("getMe")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as response:
            assert response.read() == b"ok\n"
        assert program.stop().code == 0


def test_while_the_server_of_the_index_is_away_health_says_so(server: ApiServer, tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, settings_for(server, METRICS_PORT=str(port), INDEX_DIR="away")) as program:
        server.wait("getMe")
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
        with caught.value as response:
            assert (response.code, response.read()) == (503, b"news: Milvus does not answer\n")
        assert program.stop().code == 0


def test_a_page_that_is_not_there_for_a_while_does_not_end_the_polling(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)) as program:
        server.say("/start")
        server.wait("sendMessage")
        server.fail_once("getUpdates", 404, "Not Found")
        server.say("/help")
        server.wait("sendMessage", 2)
        server.say("When was it lit?")
        server.wait("sendMessage", 3)
        assert program.stop().code == 0


def webhook(port: int) -> dict[str, str]:
    return {"WEBHOOK_URL": "https://bot.example.com/hook", "WEBHOOK_PORT": str(port)}


def test_a_webhook_that_telegram_refuses_is_one_line(server: ApiServer, tmp_path: Path) -> None:
    server.fail_once("setWebhook", 400, "Bad Request: bad webhook: Failed to resolve host")
    ended = run(tmp_path, settings_for(server, **webhook(free_port())))
    assert ended.code == 1
    assert ended.err.splitlines()[-1].startswith("article-bot: WEBHOOK_URL is refused (Bad webhook: failed to resolve")
    assert "Traceback" not in ended.err


def test_a_webhooks_port_in_use_is_one_line(server: ApiServer, tmp_path: Path) -> None:
    ended = run(tmp_path, settings_for(server, **webhook(server.port)))
    assert ended.code == 1
    assert ended.err.splitlines()[-1].startswith("article-bot: WEBHOOK_PORT is ")
    assert "Traceback" not in ended.err


def test_it_can_be_stopped_while_its_start_is_held_up(server: ApiServer, tmp_path: Path) -> None:
    for _ in range(9):
        server.fail_once("deleteWebhook", 502, "Bad Gateway")
    with started(tmp_path, settings_for(server)) as program:
        server.wait("getMe")
        time.sleep(2)
        ended = program.stop()
    assert ended.code == 0
    assert "answering as" in ended.err
    assert "Traceback" not in ended.err
