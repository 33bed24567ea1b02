"""Power: what is not flushed is gone when it goes. A rebuild's calls are replayed up to it, and their order judged."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from benchmarks.stress import child, replay, tracing
from benchmarks.stress.child import Ended
from benchmarks.stress.tally import Tally
from benchmarks.stress.world import World, agrees
from retrieval.indexing.generations import live_name

_CALLS = ("write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link")
_WRITES = frozenset(["write", "pwrite64", "writev", "ftruncate"])
_FLUSHES = frozenset(["fsync", "fdatasync"])
_OPEN_FILE = re.compile(r"^\d+<([^>]*)>")
_NAMES = re.compile(r'"([^"]*)"')
SUBJECT = "storage"
EVERY = 4
"""Calls between two after which some of what was not flushed is there all the same."""


def gone(folder: Path, scale: float, chance: random.Random) -> Tally:
    """The power goes behind any call: what is on the disk then answers as before, and the next rebuild mends it."""
    tally = Tally(SUBJECT, "power loss behind any call, replayed: what was not flushed is gone, or there in part")
    if not tracing.available():
        tally.notes.append("not tried: strace is not here, or may not trace")
        return tally
    shutil.rmtree(folder, ignore_errors=True)
    world, left = World(folder.resolve() / "world"), World(folder.resolve() / "left")
    world.write(0)
    world.index.mkdir()
    for edition, full in ((0, False), (1, False), (2, True)):
        world.write(edition)
        images = _images(world, max(1, round(EVERY / scale)), chance, full=full)
        for where, image in images.items():
            shutil.rmtree(left.folder, ignore_errors=True)
            left.write(edition)
            left.index.mkdir()
            replay.restore(dict(image), left.index)
            _judge_image(tally, left, edition, where)
    return tally


def _images(world: World, step: int, chance: random.Random, *, full: bool) -> dict[str, frozenset[Any]]:
    """Different images by where the power went: behind each flush what was flushed, now and then something more."""
    images: dict[frozenset[Any], str] = {}
    for at, (call, disk) in enumerate(replay.replayed(lambda: world.build(full=full), world.index)):
        if call in _FLUSHES and at % max(1, step // EVERY) == 0:
            images.setdefault(frozenset(disk.image().items()), f"behind call {at} ({call}), full {full}")
        if at % step == 0:
            by_chance = frozenset(disk.image(chance).items())
            images.setdefault(by_chance, f"behind call {at} ({call}), full {full}, in part")
    return {where: image for image, where in images.items()}


def _judge_image(tally: Tally, left: World, edition: int, where: str) -> None:
    found = child.run(left.answers)
    mended = child.run(lambda: [left.build(), left.answers(), left.litter()])
    as_before = agrees(found.said or [], (edition - 1, edition)) if edition else _is_first(found, edition)
    if not as_before:
        tally.lose(f"edition {edition} {where}: {found}"[:600])
    elif mended.said is None or not agrees(mended.said[1], (edition,)) or mended.said[2]:
        tally.lose(f"edition {edition} {where}: the next rebuild did not mend it: {mended}"[:600])
    else:
        tally.survive()


def _is_first(found: Ended, edition: int) -> bool:
    """Whether there is no index yet, or one of the first edition."""
    return "no index here yet" in (found.refused or "") or agrees(found.said or [], (edition,))


def loss(folder: Path) -> Tally:
    """All that the pointer reaches is flushed before the pointer is, and the pointer behind it."""
    tally = Tally(SUBJECT, "power loss: each file and folder the pointer reaches is flushed before it")
    if not tracing.available():
        tally.notes.append("not tried: strace is not here, or may not trace")
        return tally
    shutil.rmtree(folder, ignore_errors=True)
    world = World(folder.resolve())
    for edition in (0, 1):
        world.write(edition)
        _judge(tally, world, _Disk(tracing.recorded(lambda: world.build(), _CALLS)))
    return tally


class _Disk:
    """The last write, and the last flush, of every file and folder, by the position of the call."""

    def __init__(self, calls: Iterable[tuple[str, str, str]]) -> None:
        self.written: dict[str, int] = {}
        self.flushed: dict[str, int] = {}
        self.pointed = -1
        """When the pointer was renamed."""
        for at, (_, call, rest) in enumerate(calls):
            self._note(at, call, rest)

    def _note(self, at: int, call: str, rest: str) -> None:
        if call in _WRITES | _FLUSHES:
            match = _OPEN_FILE.match(rest)
            if match:
                (self.written if call in _WRITES else self.flushed)[match[1]] = at
            return
        old, new = _NAMES.findall(rest)[:2]
        if call != "link":
            self._move(old, new)
            if new.endswith("/CURRENT"):
                self.pointed = at
        self.written[str(PurePosixPath(new).parent)] = at

    def _move(self, old: str, new: str) -> None:
        for times in (self.written, self.flushed):
            for path in [path for path in times if path == old or path.startswith(old + "/")]:
                times[new + path.removeprefix(old)] = times.pop(path)


def _judge(tally: Tally, world: World, disk: _Disk) -> None:
    live = world.index / "generations" / child.run(lambda: live_name(world.index)).said
    reached = [live, *live.rglob("*"), live.parent, world.index / "CURRENT"]
    for path in (path for path in reached if not path.name.endswith(".lock")):
        flushed, written = disk.flushed.get(str(path), -1), disk.written.get(str(path), -1)
        # A linked file was flushed with the generation it comes from, and never changes.
        linked = path.is_file() and written < 0 and path.stat().st_nlink > 1
        if linked or written < flushed < disk.pointed:
            tally.survive()
        else:
            tally.lose(f"{path.relative_to(world.index)}: written {written}, flushed {flushed}, pointed {disk.pointed}")
    if disk.flushed.get(str(world.index), -1) > disk.pointed > 0:
        tally.survive()
    else:
        tally.lose("the pointer's folder is not flushed behind it")
