"""Hostile chats: what people may send, press and forge, to a bot as a process on the Bot API server of the tests."""

from __future__ import annotations

import json
import random
import shutil
import socket
import string
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.stress.hostile import MESSAGES, QUESTIONS
from benchmarks.stress.loopback import api, running
from benchmarks.stress.tally import Tally
from bot.languages.language import language_for

PRESSES, FLOOD = 300, 150
SUBJECT = "chats"
LANGUAGE = language_for("en")
MARK = "Zebulon7731"
"""A name that nobody but the person has."""


def run(folder: Path, scale: float, chance: random.Random) -> list[Tally]:
    """All that chats may try."""
    shutil.rmtree(folder, ignore_errors=True)
    kinds: list[Callable[[Path, float, random.Random], Tally]] = [texts, presses, flood, replayed, strangers, webhook]
    tallies = []
    for kind in kinds:
        place = folder / kind.__name__
        place.mkdir(parents=True)
        tallies.append(kind(place, scale, chance))
    return [*tallies, secrets(folder)]


def _settings(server: Any, **more: str) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": api.TOKEN, "TELEGRAM_BASE_URL": server.base_url, "BOT_DATA": "data", **more}


def _somebody(server: Any, number: int) -> None:
    server.person = {**api.PERSON, "id": number, "first_name": MARK, "last_name": MARK, "username": MARK}
    server.chat = {**api.PRIVATE, "id": number, "first_name": MARK, "username": MARK}
    server.group = {**api.GROUP, "id": -1000 - number, "title": MARK}


def _answered(server: Any, method: str, count: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if sum(call.method == method for call in server.calls) >= count:
            return True
        time.sleep(0.01)
    return False


def texts(folder: Path, _: float, __: random.Random) -> Tally:
    """Markup, commands and queries: each gets one reply that Telegram takes."""
    tally = Tally(SUBJECT, "markup, forged commands and query syntax as messages")
    with api.ApiServer().running() as server, running.started(folder, _settings(server)):
        server.wait("setMyCommands", 8)
        for number, text in enumerate([*QUESTIONS, *MESSAGES], 100):
            _somebody(server, number)
            server.calls.clear()
            try:
                server.say(text)
            except (UnicodeEncodeError, KeyError):
                # Telegram itself takes no such text.
                tally.refuse()
                continue
            done = _answered(server, "sendMessage", 1)
            if done and not server.refused and LANGUAGE.trouble != server.sent()[0].parsed.text:
                tally.survive()
            else:
                tally.lose(f"{text[:60]!r}: {server.refused} {[c.arguments for c in server.sent()]}"[:400])
                server.refused.clear()
    return tally


def presses(folder: Path, scale: float, chance: random.Random) -> Tally:
    """Callback data that is forged, changed a little, or of a message of somebody else: answered, and nothing done."""
    tally = Tally(SUBJECT, "forged callback data, and others' buttons")
    with api.ApiServer().running() as server, running.started(folder, _settings(server)):
        server.wait("setMyCommands", 8)
        _somebody(server, 50)
        server.say(f"@{api.BOT['username']} When was it lit?", chat=server.group)
        (call,) = server.wait("sendMessage")
        message, real = server.message(call), [data for data in call.buttons().values() if not data.startswith("http")]
        for number in range(max(20, round(PRESSES * scale))):
            other = {**api.PERSON, "id": 5_000 + number}
            data = chance.choice(real) if number % 3 == 0 else _forged(chance, real)
            server.calls.clear()
            server.press(data, message, **{"from": other})
            done = _answered(server, "answerCallbackQuery", 1)
            shown = any(c.method == "editMessageText" for c in server.calls)
            if done and not shown and not server.refused:
                tally.refuse()
            else:
                tally.lose(f"{data!r}: answered {done}, edited {shown}, {server.refused}")
        time.sleep(0.5)
        if any(c.method == "editMessageText" for c in server.calls):
            tally.lose("a message was edited in the end")
    return tally


def _forged(chance: random.Random, real: list[str]) -> str:
    kind = chance.randrange(4)
    if kind == 0:
        return "".join(chance.choices(string.printable, k=chance.randrange(1, 64)))
    if kind == 1:
        data = list(chance.choice(real))
        # Behind the kind: the languages' buttons and the newest articles' are everybody's.
        data[chance.randrange(2, len(data))] = chance.choice(string.ascii_letters + string.digits)
        return "".join(data)
    return chance.choice(
        ["p:", "p:x:999", "m:../..:0:1", "p:' OR 1=1:0", "r::0", "g:xx", "\0", "p:" + "A" * 60, "w:x:-1", "t:%:0"]
    )


def flood(folder: Path, scale: float, _: random.Random) -> Tally:
    """A person floods, in private and in a group, a whole group does, and everybody: others are answered meanwhile."""
    tally = Tally(SUBJECT, "floods of a person, of a group, and of everybody: others are answered")
    count = max(40, round(FLOOD * scale))
    with api.ApiServer().running() as server, running.started(folder, _settings(server)):
        server.wait("setMyCommands", 8)
        for name, chat_of in (
            ("a person", lambda _: 70),
            ("a person in a group", lambda _: 71),
            ("a group", lambda number: 2_000 + number),
            ("everybody", lambda number: 1_000 + number),
        ):
            server.calls.clear()
            for number in range(count):
                _somebody(server, chat_of(number))
                in_group = {"chat": {**server.group, "id": -1071}} if "group" in name else {}
                server.say(f"/ask When was it lit? {number}", **in_group)
            _somebody(server, {"a person": 80, "a person in a group": 81, "a group": 82, "everybody": 83}[name])
            server.say("When was it lit?")
            end, got = time.monotonic() + 30, False
            while time.monotonic() < end and not got:
                got = any(
                    c.arguments["chat_id"] in (server.person["id"], str(server.person["id"])) for c in server.sent()
                )
                time.sleep(0.02)
            if got and not server.refused:
                tally.survive()
            else:
                tally.lose(f"a flood of {name}: somebody else got no reply; {server.refused}")
            time.sleep(2)
            replies = len(server.sent())
            if name == "everybody" or replies < count / 2:
                tally.refuse()
            else:
                tally.lose(f"a flood of {count} by {name} got {replies} replies")
    return tally


def replayed(folder: Path, _: float, __: random.Random) -> Tally:
    """Updates that are delivered once more, at once and after a kill -9: each is answered once."""
    tally = Tally(SUBJECT, "updates delivered again, at once and after kill -9")
    with api.ApiServer().running() as server:
        updates: list[dict[str, Any]] = []
        with running.started(folder, _settings(server)) as program:
            server.wait("setMyCommands", 8)
            for number in range(900, 920):
                _somebody(server, number)
                message = server.say("When was it lit?")
                updates.append({"update_id": server._number, "message": message})
            server.wait("sendMessage", 20)
            time.sleep(1)
            server._updates[:0] = updates
            time.sleep(2)
            program.process.kill()
        with server._changed:
            server._updates = [*updates]
        with running.started(folder, _settings(server)):
            server.wait("setMyCommands", 16)
            _somebody(server, 950)
            server.say("When was it lit?")
            _answered(server, "sendMessage", 21, 20)
            time.sleep(2)
        for update in updates:
            chat = update["message"]["chat"]["id"]
            replies = sum(int(call.arguments["chat_id"]) == chat for call in server.sent())
            if replies == 1:
                tally.survive()
            else:
                tally.lose(f"chat {chat} got {replies} replies")
    return tally


def strangers(folder: Path, _: float, __: random.Random) -> Tally:
    """Who is not on the list learns nothing, not even what is indexed."""
    tally = Tally(SUBJECT, "strangers where ALLOWED_CHATS is set: told nothing but that")
    said = [
        "When was it lit?",
        "/about",
        "/latest",
        "/categories",
        "/search x",
        "/help",
        "/start",
        "/start q-V2hlbg",
        "/stats",
        "/language",
        "/subscribe x",
    ]
    with api.ApiServer().running() as server, running.started(folder, _settings(server, ALLOWED_CHATS="6")):
        server.wait("setMyCommands", 8)
        for number, text in enumerate(said, 300):
            _somebody(server, number)
            server.calls.clear()
            server.say(text)
            _answered(server, "sendMessage", 1)
            shown = [call.parsed.text for call in server.sent()]
            if shown == [LANGUAGE.closed]:
                tally.refuse()
            else:
                tally.lose(f"{text!r}: {shown}")
        server.calls.clear()
        server.ask_inline("When was it lit?")
        message = server.say("x", chat=server.group)
        server.press("p:x:0", message)
        server.press("l", message)
        server.edit(message, "When was it lit?")
        time.sleep(3)
        told = [call for call in server.calls if call.method in ("answerInlineQuery", "editMessageText")]
        if any(call.arguments.get("results") for call in told) or any(c.method == "editMessageText" for c in told):
            tally.lose(f"inline or by button: {told}"[:300])
        else:
            tally.refuse()
    return tally


def webhook(folder: Path, _: float, __: random.Random) -> Tally:
    """Deliveries without the secret, or with another, are refused."""
    tally = Tally(SUBJECT, "webhook deliveries without the secret, with a wrong one, and odd bodies with it")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    hook = {"WEBHOOK_URL": "https://bot.example.com/hook", "WEBHOOK_PORT": str(port), "WEBHOOK_SECRET": "between-us"}
    wrong = [None, "", "between-u", "between -us", "Between-us", "between-us\x80", "x" * 300, "between-us,between-us"]
    with api.ApiServer().running() as server, running.started(folder, _settings(server, **hook)):
        server.wait("setWebhook")
        time.sleep(1)
        _somebody(server, 400)
        message = server.say("When was it lit?")
        for number, secret in enumerate(wrong):
            status = _delivered(port, {"update_id": number, "message": message}, secret)
            if status in (400, 401, 403, 404):
                tally.refuse()
            else:
                tally.lose(f"{secret!r}: {status}")
        if _delivered(port, {"update_id": 99, "message": message}, "between-us") == 200 and _answered(
            server, "sendMessage", 1
        ):
            tally.survive()
        else:
            tally.lose("the right secret was refused")
        if len(server.sent()) > 1:
            tally.lose("a forged delivery was answered")
        for body in _bodies(message).values():
            answer = _posted(port, body, "between-us")
            if answer == 200:
                tally.survive()
            else:
                tally.refuse()
        _somebody(server, 401)
        again = server.say("When was it lit?")
        server.calls.clear()
        if _delivered(port, {"update_id": 100, "message": again}, "between-us") != 200 or not _answered(
            server, "sendMessage", 1
        ):
            tally.lose("after odd deliveries nobody is answered")
    return tally


def _bodies(message: dict[str, Any]) -> dict[str, bytes]:
    """Bodies that nobody should send."""
    updates: dict[str, object] = {
        "no update": {},
        "a list": [],
        "a text": "x",
        "null": None,
        "an id that is a text": {"update_id": "x", "message": message},
        "an id without end": {"update_id": 10**4_000},
        "no chat": {"update_id": 1_001, "message": {"message_id": 1, "date": 0}},
        "fields of other types": {"update_id": 1_002, "message": {**message, "text": {"a": []}, "chat": 7}},
        "entities that are none": {
            "update_id": 1_003,
            "message": {**message, "entities": [{"type": "x", "offset": -9}]},
        },
        "a date beyond all": {"update_id": 1_004, "message": {**message, "date": 10**18}},
        "half a surrogate pair": {"update_id": 1_005, "message": {**message, "text": "\ud800"}},
        "many fields": {"update_id": 1_006, **{f"x{number}": number for number in range(100_000)}},
        "a press on nothing": {"update_id": 1_007, "callback_query": {"id": "1", "from": {}, "data": "x" * 5_000}},
    }
    bodies = {name: json.dumps(update).encode() for name, update in updates.items()}
    return bodies | {
        "nothing": b"",
        "no JSON": b"{",
        "NaN": b'{"update_id": NaN}',
        "no UTF-8": b'{"update_id": 1, "x": "\xff"}',
        "nested deeply": b'{"update_id": 1_008, "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        "10 MB": b'{"update_id": 1009, "x": "' + b"x" * 10_000_000 + b'"}',
        "200 MB": b'{"update_id": 1010, "x": "' + b"x" * 200_000_000 + b'"}',
    }


def _delivered(port: int, update: dict[str, Any], secret: str | None) -> int:
    return _posted(port, json.dumps(update).encode(), secret) or 0


def _posted(port: int, body: bytes, secret: str | None) -> int | None:
    """The status of the response; None where the connection was closed instead."""
    headers = {"Content-Type": "application/json"}
    if secret is not None:
        headers["X-Telegram-Bot-Api-Secret-Token"] = secret
    request = urllib.request.Request(f"http://127.0.0.1:{port}/hook", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def secrets(folder: Path) -> Tally:
    """What all of this left on the disk: no name in a database, no token in a log."""
    tally = Tally(SUBJECT, "files afterwards: no name in a database, no token in a log")
    token = api.TOKEN.partition(":")[2].encode()
    for file in (file for file in folder.rglob("*") if file.is_file()):
        content = file.read_bytes()
        if MARK.encode() in content or token in content or b"between-us" in content:
            tally.lose(f"{file.relative_to(folder)} holds a name or a secret")
        else:
            tally.survive()
    return tally
