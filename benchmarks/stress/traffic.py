"""Traffic: an hour of questions in minutes, to the bot as it runs, through a Bot API server that fails now and then."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.stress.loopback import ROOT, api, faulty_server
from benchmarks.stress.quick_bot import SPEED
from benchmarks.stress.tally import Tally
from bot.languages.language import language_for

QUESTIONS, CHATS, FAULTS = 20_000, 200, 0.05
RATE = 120.0
"""Questions a second."""
WAITING, HELD = 150, 5.0
"""Questions without a reply from which on nobody asks anything for some seconds: people wait for answers."""
WARM = 0.5
"""Share of the questions after which memory should not grow any more: the bot remembers 10,000 updates."""
GROWTH = 0.05
PATIENCE = 120.0
SUBJECT = "load"
LANGUAGE = language_for("en")
_ASKED = re.compile(r"question (\d+) of")


def run(folder: Path, scale: float, chance: random.Random) -> list[Tally]:
    """All traffic."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    questions = max(CHATS * 2, round(QUESTIONS * scale))
    tally = Tally(SUBJECT, f"questions from {CHATS} chats, 5% of the server's responses failing")
    order = Tally(SUBJECT, "chats whose replies are in order, none twice")
    health = Tally(SUBJECT, "the bot afterwards: memory flat, no task left, a clean end")
    with faulty_server(FAULTS, chance.randrange(1 << 30)).running() as server, _bot(folder, server.base_url) as process:
        server.wait("setMyCommands", 8, PATIENCE)
        idle = _settled(folder)
        started = time.perf_counter()
        server.failing = True
        warm = _ask_all(server, questions, process)
        _wait_until_quiet(server)
        server.failing = False
        seconds = time.perf_counter() - started
        _judge(server, questions, tally, order)
        after, resident = _settled(folder), _resident(process)
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE)
    health.figures = {
        "resident_mb_warm": warm,
        "resident_mb_after": resident,
        "tasks_idle": idle["tasks"],
        "tasks_after": after["tasks"],
    }
    tally.figures |= {"seconds": round(seconds, 1), "time_runs_faster_by": SPEED}
    tally.figures |= {f"fault_{name.replace(' ', '_')}": count for name, count in server.faults.items()}
    for name, good in (
        (f"memory grew from {warm} to {resident} MB", resident <= warm * (1 + GROWTH)),
        (f"tasks: {idle} before, {after} after", after["tasks"] <= max(idle["tasks"], 8)),
        (f"it ended with {code}", code == 0),
        (f"the server refused {server.refused[:3]}", not server.refused),
    ):
        if good:
            health.survive()
        else:
            health.lose(name)
    return [tally, order, health]


@contextmanager
def _bot(folder: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = {"TELEGRAM_BOT_TOKEN": api.TOKEN, "TELEGRAM_BASE_URL": address, "BOT_DATA": str(folder / "data")}
    command = [sys.executable, "-m", "benchmarks.stress.quick_bot", str(folder / "steps.json")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **settings, "PYTHONPATH": str(ROOT)}, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _ask_all(server: Any, questions: int, process: subprocess.Popen[bytes]) -> float:
    """Ask at an even rate, or as fast as answers come if that is slower; gives the memory after the warm-up."""
    warm, seen, sent = 0.0, 0, 0
    started = time.perf_counter()
    for number in range(questions):
        chat = 1 + number % CHATS
        server.person, server.chat = {**api.PERSON, "id": chat}, {**api.PRIVATE, "id": chat}
        server.say(f"question {number} of chat {chat}")
        time.sleep(max(0.0, started + (number + 1) / RATE - time.perf_counter()))
        held = time.perf_counter() + HELD
        while number - sent > WAITING and time.perf_counter() < held:
            calls = server.calls[seen:]
            seen, sent = seen + len(calls), sent + sum(call.method == "sendMessage" for call in calls)
            time.sleep(0.01)
        if number == round(questions * WARM):
            warm = _resident(process)
    return warm


def _wait_until_quiet(server: Any) -> None:
    """Until nothing has been sent for some seconds."""
    count, since = -1, time.perf_counter()
    while time.perf_counter() - since < 8:
        time.sleep(0.2)
        if len(server.calls) != count:
            count, since = len(server.calls), time.perf_counter()


def _judge(server: Any, questions: int, tally: Tally, order: Tally) -> None:
    replies: defaultdict[int, list[str]] = defaultdict(list)
    for call in server.sent():
        replies[int(call.arguments["chat_id"])].append(call.parsed.text)
    polite = (LANGUAGE.busy, LANGUAGE.slower, LANGUAGE.trouble)
    both = 0
    for chat in range(1, CHATS + 1):
        asked = list(range(chat - 1, questions, CHATS))
        answered = [int(match[1]) for text in replies[chat] if (match := _ASKED.search(text))]
        declined = sum(text in polite for text in replies[chat])
        missing = len(asked) - len(set(answered))
        # An apology may follow an answer whose receipt was lost: the bot cannot know that it arrived.
        both += max(0, declined - missing)
        tally.outcomes["survived"] += len(set(answered))
        tally.outcomes["refused"] += min(declined, missing)
        for _ in range(missing - declined):
            tally.lose(f"chat {chat}: no reply to one of {sorted(set(asked) - set(answered))[:9]}")
        if answered == sorted(set(answered)):
            order.survive()
        else:
            order.lose(f"chat {chat}: {answered}")
    tally.figures["answered_and_apologised_for"] = both


def _settled(folder: Path) -> dict[str, int]:
    time.sleep(3.0)
    return dict(json.loads((folder / "steps.json").read_text()))


def _resident(process: subprocess.Popen[bytes]) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return round(int(status.partition("VmRSS:")[2].split()[0]) / 1024, 1)
