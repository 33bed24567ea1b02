"""Concurrency: rebuilds at once, readers through many switches, an articles folder that changes while it is read."""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.stress import child
from benchmarks.stress.child import Child
from benchmarks.stress.loopback import ROOT, api, running
from benchmarks.stress.tally import Tally
from benchmarks.stress.world import QUESTIONS, CheapEncoder, World, agrees, place
from retrieval.commands import rebuild
from retrieval.indexing.build import build_index
from retrieval.reading import files
from retrieval.reading.files import Source
from retrieval.searching.retriever import Retriever

PAIRS, SWITCHES, READERS, FOLDERS = 20, 50, 10, 100
PATIENCE = 30
"""Seconds after which something hangs."""
BOT_ASKED = 3
"""Questions to the bot behind each switch."""
SUBJECT = "concurrency"
_EDITION = re.compile(r"公报(?:条目|第)(\d+)")


def run(folder: Path, scale: float, chance: random.Random) -> list[Tally]:
    """All that happens at once."""
    return [
        two_rebuilds(folder / "two", max(1, round(PAIRS * scale))),
        readers(folder / "readers", max(5, round(SWITCHES * scale))),
        changing_folder(folder / "changing", max(5, round(FOLDERS * scale)), chance),
    ]


def two_rebuilds(folder: Path, pairs: int) -> Tally:
    """The second one says who holds the lock, with exit code 1; once that one is killed, the third goes on."""
    tally = Tally(SUBJECT, "a second rebuild at once; then one after the first was killed")
    world = _prepared(folder)
    for edition in range(1, pairs + 1):
        world.write(edition)
        first = child.start(lambda: world.build(CheapEncoder(seconds=1)))
        _wait_for(lambda: (world.index / "lock.holder").exists())
        second = child.run(lambda: _command(world))
        first.kill()
        first.ended()
        code, said = second.said or (None, "")
        if code == 1 and f"process {first.pid}" in said and said.count("\n") == 1:
            tally.refuse()
        else:
            tally.lose(f"the second one ended with {code}: {said[-300:]}{second.crashed or ''}")
        third = child.run(lambda: [world.build(), world.answers()])
        if third.said and agrees(third.said[1], (edition,)):
            tally.survive()
        else:
            tally.lose(f"the third one: {third}"[:400])
    return tally


def readers(folder: Path, switches: int) -> Tally:
    """Ten readers in processes of their own, one in several threads, and a bot that people ask meanwhile."""
    tally = Tally(SUBJECT, f"answers of {READERS} readers and a bot through {switches} switches of generation")
    world = _prepared(folder)
    with _bot(world) as server:
        _switch(tally, world, folder, switches, server)
    return tally


def _switch(tally: Tally, world: World, folder: Path, switches: int, server: Any) -> None:
    stop = folder / "stop"
    kinds: list[Callable[[], list[Any]]] = [lambda: _read(world, stop), lambda: _reopen(world, stop)]
    started = [child.start(kinds[number % 2]) for number in range(READERS)]
    started.append(child.start(lambda: _read_in_threads(world, stop)))
    for edition in range(1, switches + 1):
        world.write(edition)
        built = child.run(world.build)
        if built.said is None:
            tally.lose(f"the rebuild of {edition} failed: {built}"[:400])
        for number in range(BOT_ASKED):
            person = edition * BOT_ASKED + number
            server.person, server.chat = {**api.PERSON, "id": person}, {**api.PRIVATE, "id": person}
            server.say(QUESTIONS[-1])
    stop.touch()
    for reader in started:
        _judge(tally, reader, switches)
    _judge_bot(tally, server, switches)


def changing_folder(folder: Path, tries: int, chance: random.Random) -> Tally:
    """Files vanish, grow, are replaced, and become FIFOs, folders and links between being listed and being read."""
    tally = Tally(SUBJECT, "an articles folder that changes between listing and reading, and meanwhile")
    world = _prepared(folder)
    for edition in range(1, tries + 1):
        shutil.rmtree(world.articles)
        world.write(edition)
        seed = chance.random()
        ended = child.run(lambda: _built_amid_changes(world, seed))  # noqa: B023
        answers = child.run(world.answers)
        if not ended.is_clear:
            tally.lose(f"{edition}: {ended}"[-500:])
        elif answers.said is None:
            tally.lose(f"{edition}: {answers}"[:400])
        elif ended.refused:
            tally.refuse()
        else:
            tally.survive()
    return tally


def _command(world: World) -> tuple[int, str]:
    """Exit code and stderr of `rebuild-embeddings`."""
    with (
        contextlib.redirect_stderr(io.StringIO()) as said,
        contextlib.redirect_stdout(io.StringIO()),
        mock.patch.object(rebuild, "load_encoder", return_value=CheapEncoder()),
    ):
        code = rebuild.main([str(world.articles), "--index", str(world.index)])
    return code, said.getvalue()


def _read(world: World, stop: Path) -> list[Any]:
    """[edition, ...] as one open retriever saw them, or what went wrong."""
    with Retriever.open(world.index, encoder=CheapEncoder()) as retriever:
        return _asked(retriever, lambda: not stop.exists())


def _reopen(world: World, stop: Path) -> list[Any]:
    """The same, opening the index for every look."""
    seen: list[Any] = []
    while not stop.exists():
        with Retriever.open(world.index, encoder=CheapEncoder()) as retriever:
            once = iter([True, False])
            seen += _asked(retriever, lambda: next(once))  # noqa: B023
    return seen


def _read_in_threads(world: World, stop: Path) -> list[Any]:
    seen: list[list[Any]] = [[] for _ in range(4)]
    with Retriever.open(world.index, encoder=CheapEncoder()) as retriever:

        def ask(at: int) -> None:
            seen[at] = _asked(retriever, lambda: not stop.exists())

        threads = [threading.Thread(target=ask, args=(at,)) for at in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return max(seen, key=lambda each: [isinstance(item, str) for item in each].count(True))


def _asked(retriever: Retriever, go_on: Callable[[], bool]) -> list[Any]:
    seen: list[Any] = []
    while go_on():
        hits = retriever.search(QUESTIONS[-1], k=4)
        editions = {int(number) for hit in hits for number in _EDITION.findall(hit.text)}
        seen.append(editions.pop() if len(editions) == 1 else f"editions {sorted(editions)} in one answer")
        texts = [retriever.search(question, k=1)[0].text for question in QUESTIONS[:2]]
        if not all(part in text for part, text in zip(("罗怀安在灯塔", "林小满在渡轮"), texts, strict=True)):
            seen.append(f"a wrong answer: {texts}")
    return seen


@contextmanager
def _bot(world: World) -> Iterator[Any]:
    """A bot on the index, and the Bot API server that it talks to."""
    place = world.folder / "bot"
    place.mkdir()
    with api.ApiServer().running() as server:
        settings = {
            "TELEGRAM_BOT_TOKEN": api.TOKEN,
            "TELEGRAM_BASE_URL": server.base_url,
            "INDEX_DIR": str(world.index),
            "PYTHONPATH": str(ROOT),
        }
        with running.started(place, settings, program=("-m", "benchmarks.stress.indexed_bot")):
            server.wait("setMyCommands", 8, PATIENCE)
            yield server


def _judge_bot(tally: Tally, server: Any, last: int) -> None:
    """Everybody has one reply, of an edition that was live between the question and the reply."""
    with contextlib.suppress(TimeoutError, AssertionError):
        server.wait("sendMessage", last * BOT_ASKED, PATIENCE)
    replies = {int(call.arguments["chat_id"]): call.parsed.text for call in server.sent()}
    for person in range(BOT_ASKED, (last + 1) * BOT_ASKED):
        editions = {int(number) for number in _EDITION.findall(replies.get(person, ""))}
        if len(editions) == 1 and person // BOT_ASKED <= editions.pop() <= last:
            tally.survive()
        else:
            tally.lose(f"the bot's reply after edition {person // BOT_ASKED}: {replies.get(person)}"[:300])
    if len(server.sent()) != len(replies) or server.refused:
        tally.lose(f"{len(server.sent())} replies to {len(replies)} people; {server.refused}"[:300])


def _judge(tally: Tally, reader: Child, last: int) -> None:
    ended = reader.ended()
    if ended.said is None:
        tally.lose(f"a reader failed: {ended}"[-600:])
        return
    before = 0
    for edition in ended.said:
        if isinstance(edition, str) or not before <= edition <= last:
            tally.lose(f"after edition {before}: {edition}")
        else:
            tally.survive()
            before = edition


def _built_amid_changes(world: World, seed: float) -> dict[str, int]:
    """A rebuild of a folder that changes at the worst moment, and goes on changing."""
    signal.alarm(PATIENCE)
    chance, find, over, one = random.Random(seed), files.find, threading.Event(), threading.Lock()

    def found(*arguments: Any, **options: Any) -> list[Source]:
        sources = find(*arguments, **options)
        with one:
            for source in chance.sample(sources, min(6, len(sources))):
                _change(source.file, chance)
        return sources

    def go_on() -> None:
        while not over.wait(0.003):
            with one:
                _change(chance.choice(sorted(world.articles.iterdir())), chance)

    changing = threading.Thread(target=go_on)
    changing.start()
    try:
        with mock.patch.object(files, "find", found):
            report = build_index(world.articles, world.index, encoder=CheapEncoder())
        return {"articles": report.articles, "skipped": len(report.skipped)}
    finally:
        over.set()
        changing.join()


def _change(file: Path, chance: random.Random) -> None:
    kind = chance.randrange(7)
    if not file.is_file():
        # Nothing else is tried with it: to write into a FIFO is to wait.
        return
    if kind == 0:
        with file.open("a", encoding="utf-8") as stream:
            stream.write("后来又添了一句话。" * 100)
        return
    if kind == 1:
        place(file, "换成了另一篇文章，讲的是别的事情。")
        return
    file.unlink()
    if kind == 2:
        os.mkfifo(file)
    elif kind == 3:
        file.mkdir()
    elif kind == 4:
        file.symlink_to("/dev/zero")
    elif kind == 5:
        file.symlink_to(file)


def _wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(PATIENCE * 200):
        if condition():
            return
        time.sleep(0.005)
    raise RuntimeError("it does not begin")


def _prepared(folder: Path) -> World:
    shutil.rmtree(folder, ignore_errors=True)
    world = World(folder)
    world.write(0)
    if child.run(world.build).said is None:
        raise RuntimeError("the world cannot be prepared")
    return world
