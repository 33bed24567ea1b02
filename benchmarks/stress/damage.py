"""Damage: bytes flipped, files cut short, gone, or replaced; and indexes of other programs and models."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.stress import child
from benchmarks.stress.tally import Tally
from benchmarks.stress.world import QUESTIONS, CheapEncoder, World, agrees
from retrieval.commands import rebuild
from retrieval.errors import RetrievalError
from retrieval.indexing import generations, manifest
from retrieval.searching.retriever import Retriever

FLIPS, CUTS = 60, 12
"""In each file."""
BATCH = 25
SUBJECT = "damage"
Hurt = Callable[[], Callable[[], None]]
"""Does some damage, and gives what undoes it."""


def run(folder: Path, scale: float, chance: random.Random) -> list[Tally]:
    """All kinds of damage."""
    world = _prepared(folder)
    files = _files(world)
    flips = [(file, at) for file in files for at in _sample(file, FLIPS, scale, chance)]
    small = [file for file in (*files, world.index / "CURRENT") if file.name in ("manifest.json", "CURRENT")]
    step = max(1, round(0.2 / scale))
    every = [(file, at) for file in small for at in range(0, file.stat().st_size, step)]
    cuts = [(file, at) for file in files for at in (0, *_sample(file, CUTS, scale, chance))]
    return [
        _tried(world, "a bit of a file flipped", [(_place(f, at), flip(f, at, chance)) for f, at in flips], named=True),
        _tried(
            world,
            "each byte of manifest and CURRENT",
            [(_place(f, at), flip(f, at, chance)) for f, at in every],
            named=True,
        ),
        _tried(world, "a file cut short", [(_place(f, at), cut(f, at)) for f, at in cuts], named=True),
        _tried(world, "a file gone, a folder, or a FIFO", [each for f in files for each in _replaced(f)], named=True),
        _tried(world, "CURRENT leads nowhere", _pointers(world)),
        _tried(world, "a manifest of another version, model or generation", _manifests(world)),
        _repaired(world, files, chance),
        _beyond(world, files, scale, chance),
    ]


def flip(file: Path, at: int, chance: random.Random) -> Hurt:
    """Flip one bit of a byte."""
    bit = 1 << chance.randrange(8)

    def hurt() -> Callable[[], None]:
        before = file.read_bytes()
        file.write_bytes(before[:at] + bytes([before[at] ^ bit]) + before[at + 1 :])
        return lambda: _restore(file, before)

    return hurt


def cut(file: Path, at: int) -> Hurt:
    """Cut a file at a length."""

    def hurt() -> Callable[[], None]:
        before = file.read_bytes()
        os.truncate(file, at)
        return lambda: _restore(file, before)

    return hurt


def replaced(file: Path, make: Callable[[Path], object]) -> Hurt:
    """Put something else in a file's place."""

    def hurt() -> Callable[[], None]:
        before = file.read_bytes()
        file.unlink()
        make(file)
        return lambda: _restore(file, before)

    return hurt


def _writing(content: bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(content)


def _restore(file: Path, content: bytes) -> None:
    if file.is_dir() and not file.is_symlink():
        file.rmdir()
    else:
        file.unlink(missing_ok=True)
    file.write_bytes(content)


def _replaced(file: Path) -> list[tuple[str, Hurt]]:
    makes = {"gone": lambda _: None, "folder": Path.mkdir, "fifo": os.mkfifo}
    return [(f"{file.name} {name}", replaced(file, make)) for name, make in makes.items()]


def _pointers(world: World) -> list[tuple[str, Hurt]]:
    pointer = world.index / "CURRENT"
    texts = [
        "",
        "\n",
        ".",
        "..",
        "../..",
        "../generations",
        "/etc",
        "no-such",
        ".unfinished-1",
        "a\0b",
        "a\nb",
        "x" * 5000,
    ]
    hurts = [(repr(text[:20]), replaced(pointer, _writing(text.encode()))) for text in texts]
    bytes_ = [(repr(data), replaced(pointer, _writing(data))) for data in (b"\xff", b"\x80a")]
    loop = ("a link to itself", replaced(pointer, lambda file: file.symlink_to(file)))
    return [*hurts, *bytes_, loop, *_replaced(pointer)]


def _manifests(world: World) -> list[tuple[str, Hurt]]:
    file = generations.folder_of(world.index, generations.live_name(world.index)) / "manifest.json"
    fields = json.loads(file.read_text())

    def signed(**changes: object) -> str:
        changed = fields | changes
        return json.dumps(changed | {"sum": manifest.sum_of(changed)})

    texts = {
        "newer": signed(format=manifest.FORMAT + 1),
        "unknown format": signed(format="x"),
        "another model": signed(fingerprint="another", model="another"),
        "another name": signed(name="../../elsewhere"),
        "no list of files": signed(files=[]),
        "a list": "[]",
        "deep": "[" * 100_000,
        "long number": '{"format": ' + "9" * 10_000 + "}",
        "other fields": signed(unheard_of=1),
    }
    return [(name, replaced(file, _writing(text.encode()))) for name, text in texts.items()]


def _tried(world: World, what: str, hurts: list[tuple[str, Hurt]], *, named: bool = False) -> Tally:
    """Open and ask after each damage; the children do some of them each, for none may bring its process down.

    `named`: what is said must name the file, with which the names of `hurts` begin.
    """
    tally = Tally(SUBJECT, what)
    for first in range(0, len(hurts), BATCH):
        batch = hurts[first : first + BATCH]
        ended = child.run(lambda: [_asked(world, hurt) for _, hurt in batch])  # noqa: B023
        if ended.said is None:
            tally.lose(f"{batch[0][0]} to {batch[-1][0]}: {ended}"[:800])
            continue
        for (name, _), outcome in zip(batch, ended.said, strict=True):
            _count(tally, name, outcome, named=named)
    return tally


def _asked(world: World, hurt: Hurt) -> list[Any]:
    undo = hurt()
    try:
        return ["answered", world.answers()]
    except RetrievalError as exc:
        return ["refused", str(exc)]
    finally:
        undo()


def _count(tally: Tally, name: str, outcome: list[Any], *, named: bool) -> None:
    kind, said = outcome
    # A number that was the format's may be another format's now.
    clear = (
        "\n" not in said and "rebuild-embeddings" in said and (not named or name.split()[0] in said or "format" in said)
    )
    if kind == "refused" and clear:
        tally.refuse()
    elif kind == "answered" and agrees(said, (0,)):
        tally.survive()
    else:
        tally.lose(f"{name}: {said}"[:400])


def _repaired(world: World, files: list[Path], chance: random.Random) -> Tally:
    """`--verify` finds any damage, and a rebuild mends it."""
    tally = Tally(SUBJECT, "found by --verify, mended by the next rebuild")
    for file in files:
        copy = World(world.folder.with_name("copy"))
        shutil.rmtree(copy.folder, ignore_errors=True)
        shutil.copytree(world.folder, copy.folder)
        hurt = copy.folder / file.relative_to(world.folder)
        flip(hurt, chance.randrange(hurt.stat().st_size), chance)()
        found = child.run(lambda: _verified(copy))  # noqa: B023
        ended = child.run(lambda: [copy.build(), copy.answers()])  # noqa: B023
        code, said = found.said or (None, "")
        clear = said.count("\n") == 1 and file.name in said and "rebuild-embeddings" in said
        if code == 1 and (clear or "format" in said) and ended.said and agrees(ended.said[1], (0,)):
            tally.survive()
        else:
            tally.lose(f"{file.name}: {found} {ended}"[:400])
    return tally


def _verified(world: World) -> tuple[int, str]:
    """Exit code and stderr of `rebuild-embeddings --verify`."""
    with contextlib.redirect_stderr(io.StringIO()) as said, contextlib.redirect_stdout(io.StringIO()):
        code = rebuild.main(["--verify", "--index", str(world.index)])
    return code, said.getvalue()


def _beyond(world: World, files: list[Path], scale: float, chance: random.Random) -> Tally:
    """Files too large for their sums to be compared at opening: asked at once, and when their sums were compared."""
    tally = Tally(SUBJECT, "a bit flipped in a file beyond what openings compare: noticed while in use")
    places = [
        (file, at) for file in files if file.name != "manifest.json" for at in _sample(file, FLIPS, scale, chance)
    ]
    tally.figures["other_answers_before_it_was_noticed"] = 0
    for file, at in places:
        ended = child.run(lambda: _asked_at_once(world, flip(file, at, chance)))  # noqa: B023
        if ended.refused or (ended.said and ended.said[1]):
            tally.refuse()
        else:
            tally.lose(f"{_place(file, at)}: {ended}"[-500:])
        if ended.said and ended.said[0] and not agrees(ended.said[0], (0,)):
            tally.figures["other_answers_before_it_was_noticed"] += 1
    return tally


def _asked_at_once(world: World, hurt: Hurt) -> list[Any]:
    """What is answered at once, if anything, and what is said later on."""
    manifest.CHECKED = 0
    undo = hurt()
    try:
        with Retriever.open(world.index, encoder=CheapEncoder()) as retriever:
            answers: list[str] = []
            with suppress(RetrievalError):
                answers = [retriever.search(question, k=1)[0].text for question in QUESTIONS]
            for thread in threading.enumerate():
                if thread.name == "inspection":
                    thread.join()
            try:
                retriever.search(QUESTIONS[0])
            except RetrievalError as exc:
                return [answers, str(exc)]
        return [answers, None]
    finally:
        undo()


def _prepared(folder: Path) -> World:
    shutil.rmtree(folder, ignore_errors=True)
    world = World(folder / "world")
    world.write(0)
    ended = child.run(world.build)
    if ended.said is None:
        raise RuntimeError(f"the world cannot be prepared: {ended}")
    return world


def _files(world: World) -> list[Path]:
    folder = generations.folder_of(world.index, generations.live_name(world.index))
    return sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.endswith(".lock"))


def _sample(file: Path, count: int, scale: float, chance: random.Random) -> list[int]:
    size = file.stat().st_size
    return chance.sample(range(size), min(size, max(1, round(count * scale))))


def _place(file: Path, at: int) -> str:
    return f"{file.name} at {at}"
