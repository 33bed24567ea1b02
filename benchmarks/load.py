"""Many people at once: the bot as it runs, its real index and model, against a strict Bot API server on loopback.

    python -m benchmarks.load

300 questions about the sample articles from 100 chats, all at once. Counted: how many are answered, told that there
is no answer, or told that the bot is busy; how long until the last one is; whether every question has one reply, its
own, in its place; and how long the longest step of the bot's event loop is, during which it can do nothing else.
Exit code 1 where one of the bars is missed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.results import save
from bot.followups import is_talk
from bot.languages.language import language_for
from retrieval.indexing.build import build_index
from retrieval.searching.retriever import Retriever

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "tests" / "articles"
CHATS = 100
EACH = 3
SECONDS = 10.0
"""Until all are answered."""
BLOCKED_MS = 100.0
"""The longest that the event loop may be busy with one thing."""
_PATIENCE = 60.0
LANGUAGE = language_for("en")


def main() -> int:
    """Run it, print it, keep it; 1 where a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        figures = _measured(Path(folder))
    print(json.dumps(figures, indent=1))
    print(save("load", "python -m benchmarks.load", figures))
    lost = figures["chats_with_more_or_fewer_replies_than_questions"] or figures["replies_to_another_question"]
    return 0 if not lost and figures["seconds"] <= SECONDS and figures["event_loop"]["longest_ms"] <= BLOCKED_MS else 1


def _measured(folder: Path) -> dict[str, Any]:
    build_index(ARTICLES, folder / "index")
    # The same server as the tests': it refuses what Telegram refuses.
    sys.path.insert(0, str(ROOT / "tests" / "bot"))
    api: Any = import_module("api_server")
    with api.ApiServer().running() as server, _bot(folder, server.base_url, api.TOKEN) as process:
        server.wait("setMyCommands", 8, _PATIENCE)
        _warm_up(server, api)
        before = _resident(process)
        asked, seconds = _ask_all(server, api)
        after = _resident(process)
        process.send_signal(signal.SIGTERM)
        ended = process.wait(_PATIENCE)
        return {
            **_judged(server.sent(), asked, _expected(folder / "index", {q for chat in asked.values() for q in chat})),
            "chats": CHATS,
            "questions": CHATS * EACH,
            "seconds": round(seconds, 2),
            "refused_by_the_server": len(server.refused),
            "event_loop": json.loads((folder / "steps.json").read_text(encoding="utf-8")),
            "resident_mb": {"before": before, "after": after},
            "exit_code": ended,
        }


@contextmanager
def _bot(folder: Path, address: str, token: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_BASE_URL": address, "INDEX_DIR": str(folder / "index")}
    command = [sys.executable, "-m", "benchmarks.load_bot", str(folder / "steps.json")]
    environment = {**os.environ, **settings, "BOT_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _warm_up(server: Any, api: Any) -> None:
    for number in range(8):
        _speak_as(server, api, 5_000 + number)
        server.say("北汀岛的灯塔谁在守？")
    server.wait("sendMessage", 8, _PATIENCE)
    server.calls.clear()


def _ask_all(server: Any, api: Any) -> tuple[dict[int, list[str]], float]:
    """The questions by chat, and the seconds until there are as many replies."""
    lines = (ARTICLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = cycle(json.loads(line)["question"] for line in lines if line)
    asked: defaultdict[int, list[str]] = defaultdict(list)
    started = time.perf_counter()
    for question, chat in zip(islice(questions, CHATS * EACH), cycle(range(1, CHATS + 1)), strict=False):
        _speak_as(server, api, chat)
        server.say(question)
        asked[chat].append(question)
    server.wait("sendMessage", CHATS * EACH, _PATIENCE)
    seconds = time.perf_counter() - started
    time.sleep(1.0)  # for a reply too many
    return asked, seconds


def _speak_as(server: Any, api: Any, number: int) -> None:
    server.person, server.chat = {**api.PERSON, "id": number}, {**api.PRIVATE, "id": number}


def _expected(index: Path, questions: set[str]) -> dict[str, str]:
    """What the reply to each question must show: the title of the article that answers it, or that there is none.

    Whoever only greets is asked for a question.
    """
    with Retriever.open(index) as retriever:
        answers = {question: retriever.answer(question) for question in questions}
    return {
        question: answer.hits[0].article.title[:12] if answer.answered else _declined(question)
        for question, answer in answers.items()
    }


def _declined(question: str) -> str:
    return LANGUAGE.empty if is_talk(question) else LANGUAGE.nothing


def _judged(calls: list[Any], asked: dict[int, list[str]], expected: dict[str, str]) -> dict[str, Any]:
    replied: defaultdict[int, list[str]] = defaultdict(list)
    for call in calls:
        replied[int(call.arguments["chat_id"])].append(call.parsed.text)
    texts = [text for chat in replied.values() for text in chat]
    pairs = [(question, text) for chat in asked for question, text in zip(asked[chat], replied[chat], strict=False)]
    busy, nothing = texts.count(LANGUAGE.busy), texts.count(LANGUAGE.nothing) + texts.count(LANGUAGE.empty)
    return {
        "replies": len(texts),
        "answered": len(texts) - busy - nothing,
        "no_answer": nothing,
        "busy": busy,
        "chats_with_more_or_fewer_replies_than_questions": sum(len(asked[c]) != len(replied[c]) for c in asked),
        "replies_to_another_question": sum(text != LANGUAGE.busy and expected[q] not in text for q, text in pairs),
    }


def _resident(process: subprocess.Popen[bytes]) -> float:
    """Resident memory in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return round(int(status.partition("VmRSS:")[2].split()[0]) / 1024, 1)


if __name__ == "__main__":
    sys.exit(main())
