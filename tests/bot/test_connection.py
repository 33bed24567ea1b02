"""The connection to the Bot API: what was not sent, and what cannot be read."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_server import GROUP, OLD_POLL, PERSON, TOKEN, ApiServer
from fake_retriever import BEST
from running import delivered, free_port, started, wait_for
from telegram import Message, Update
from telegram.error import NetworkError

from bot.connection import Connection, NotTaken, leaving_out_unreadable

ME = {"id": 4711, "is_bot": True, "first_name": "Wenda"}
UNREADABLE = {
    "my_chat_member": {"chat": GROUP, "from": PERSON, "date": 1, "old_chat_member": {}, "new_chat_member": {}}
}
"""Who came or went is not told."""
LEFT_OUT = "an update cannot be read and is left out (KeyError)"


class Failing(Connection):
    """Fails as the network does."""

    def __init__(self, error: httpx.TransportError) -> None:
        super().__init__()

        def fail(_: httpx.Request) -> httpx.Response:
            raise error

        self._client = httpx.AsyncClient(transport=httpx.MockTransport(fail))


@pytest.mark.parametrize(
    ("error", "not_taken"),
    [
        (httpx.ConnectError("refused"), True),
        (httpx.ConnectTimeout("nobody there"), True),
        (httpx.PoolTimeout("all are in use"), True),
        (httpx.ReadTimeout("no response"), False),
        (httpx.WriteTimeout("half of it sent"), False),
    ],
)
def test_what_was_not_sent_can_be_sent_again(error: httpx.TransportError, not_taken: bool) -> None:
    with pytest.raises(NetworkError) as caught:
        asyncio.run(Failing(error).do_request("http://127.0.0.1/", "POST"))
    assert isinstance(caught.value, NotTaken) == not_taken


def test_an_update_that_cannot_be_read_tells_nothing() -> None:
    read = Update.de_json
    with leaving_out_unreadable():
        left_out, other = Update.de_list([{"update_id": 7, **UNREADABLE}, {"update_id": 8}])
        with pytest.raises(KeyError):
            Update.de_json({"message": 1})
    assert (left_out.update_id, left_out.my_chat_member, other.update_id) == (7, None, 8)
    assert Update.de_json == read


def test_of_an_update_that_cannot_be_read_whole_the_words_are() -> None:
    quoted = {"message_id": 3, "date": 1, "chat": GROUP, "from": PERSON, "poll": OLD_POLL}
    words = {"text": "/ask When?", "entities": [{"type": "bot_command", "offset": 0, "length": 4}]}
    said = {"message_id": 7, "date": 1, "chat": GROUP, "from": PERSON, "reply_to_message": quoted, **words}
    with pytest.raises(TypeError):
        Update.de_json({"update_id": 7, "message": said})
    with leaving_out_unreadable():
        message = Update.de_json({"update_id": 7, "message": said}).message
    assert message
    assert message.reply_to_message
    assert (message.text, message.reply_to_message.message_id) == ("/ask When?", 3)
    assert message.parse_entities() == {message.entities[0]: "/ask"}


@pytest.mark.parametrize("kind", ["reply_to_message", "pinned_message"])
def test_a_press_on_a_message_that_cannot_be_read_whole_is_one(kind: str) -> None:
    quoted = {"message_id": 3, "date": 1, "chat": GROUP, "from": PERSON, "poll": OLD_POLL}
    message = {"message_id": 7, "date": 1, "chat": GROUP, "from": ME, "via_bot": ME, kind: quoted}
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "p:1", "message": message}
    with leaving_out_unreadable():
        pressed = Update.de_json({"update_id": 7, "callback_query": query}).callback_query
    assert pressed
    assert isinstance(pressed.message, Message)
    assert pressed.message.via_bot
    assert getattr(pressed.message, kind).message_id == 3


def test_who_was_thrown_out_is_known_even_if_not_for_how_long() -> None:
    change = {
        "chat": GROUP,
        "from": PERSON,
        "date": 1,
        "old_chat_member": {"status": "restricted", "user": ME},
        "new_chat_member": {"status": "kicked", "user": ME},
    }
    with leaving_out_unreadable():
        read = Update.de_json({"update_id": 7, "my_chat_member": change}).my_chat_member
    assert read
    assert (read.old_chat_member.status, read.new_chat_member.status) == ("member", "left")


def settings_for(server: ApiServer, **more: str) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": server.base_url, **more}


def test_what_comes_after_an_update_that_cannot_be_read_is_answered(server: ApiServer, tmp_path: Path) -> None:
    with started(tmp_path, settings_for(server)) as program:
        server.update(**UNREADABLE)
        server.say("When was it lit?")
        (answer,) = server.wait("sendMessage")
        time.sleep(0.3)
        ended = program.stop()
    assert answer.parsed
    assert BEST in answer.parsed.text
    assert ended.code == 0
    assert ended.err.count(LEFT_OUT) == 1
    assert "Traceback" not in ended.err


def test_a_webhook_acknowledges_an_update_that_cannot_be_read(server: ApiServer, tmp_path: Path) -> None:
    port = free_port()
    webhook = {"WEBHOOK_URL": "https://bot.example.com/hook", "WEBHOOK_PORT": str(port), "WEBHOOK_SECRET": "between-us"}
    with started(tmp_path, settings_for(server, **webhook)) as program:
        wait_for(port)
        update: dict[str, Any] = {"update_id": 1, **UNREADABLE}
        assert delivered(port, update, "between-us") == 200
        assert delivered(port, {"update_id": 2, "message": server.say("When was it lit?")}, "between-us") == 200
        server.wait("sendMessage")
        ended = program.stop()
    assert ended.code == 0
    assert ended.err.count(LEFT_OUT) == 1


def test_a_webhook_refuses_what_is_no_json_and_goes_on(server: ApiServer, tmp_path: Path) -> None:
    port = free_port()
    webhook = {"WEBHOOK_URL": "https://bot.example.com/hook", "WEBHOOK_PORT": str(port), "WEBHOOK_SECRET": "between-us"}
    with started(tmp_path, settings_for(server, **webhook)) as program:
        wait_for(port)
        for body in (b"{", b"", b"\xff", b"null", b"[]", b"{}", b"[" * 100_000):
            assert delivered(port, body, "between-us") == 400
        assert delivered(port, b"{", "somebody else's") == 403
        assert delivered(port, {"update_id": 2, "message": server.say("When was it lit?")}, "between-us") == 200
        server.wait("sendMessage")
        ended = program.stop()
    assert ended.code == 0
    assert "Traceback" not in ended.err
