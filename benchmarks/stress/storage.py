"""Storage: no room, no right to write, and power that goes: what is on the disk must still be an index."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.stress import child, power
from benchmarks.stress.child import Ended
from benchmarks.stress.tally import Tally
from benchmarks.stress.world import World, agrees

BYTES = 120
"""Limits tried, in bytes of one file."""
PAGE = 4096
ROOM = 16 << 20
SUBJECT = "storage"


def run(folder: Path, scale: float, chance: random.Random) -> list[Tally]:
    """All about storage."""
    return [
        file_limits(folder / "limits", round(BYTES * scale), chance),
        full_disk(folder / "full", scale),
        read_only(folder / "closed"),
        power.loss(folder / "power"),
        power.gone(folder / "gone", scale, chance),
    ]


def file_limits(folder: Path, tries: int, chance: random.Random) -> Tally:
    """No file may grow beyond a limit, which is anything up to the size of the largest."""
    tally = Tally(SUBJECT, "a file that cannot grow beyond a random byte (RLIMIT_FSIZE)")
    world = _prepared(folder)
    largest = max(file.stat().st_size for file in world.index.rglob("*") if file.is_file())
    live = 0
    for edition in range(1, tries + 1):
        world.write(edition)
        limit = chance.randrange(largest + PAGE)
        live = _judge(tally, world, child.run(_limited(world, limit)), live, edition, f"{limit} bytes")
    return tally


def full_disk(folder: Path, scale: float) -> Tally:
    """A disk of its own with room for n pages more, for every n up to what a rebuild needs."""
    tally = Tally(SUBJECT, "a disk with room for n more pages of 4 KiB, each n until a rebuild fits")
    with _mounted(folder) as mounted:
        if not mounted:
            tally.notes.append("not tried: no right to mount a small tmpfs here")
            return tally
        world = _prepared(folder / "world")
        live, edition, pages, fitted = 0, 0, 0, 0
        while fitted < 3:
            edition += 1
            world.write(edition)
            with _leaving(folder, pages):
                ended = child.run(world.build)
            fitted += ended.said is not None
            live = _judge(tally, world, ended, live, edition, f"{pages} pages")
            pages += max(1, round(1 / scale))
    return tally


def read_only(folder: Path) -> Tally:
    """A disk that became read-only: a rebuild says so, and the index answers."""
    tally = Tally(SUBJECT, "a folder that became read-only")
    with _mounted(folder) as mounted:
        if not mounted and os.geteuid() == 0:
            tally.notes.append("not tried: no right to mount, and root may write anywhere")
            return tally
        world = _prepared(folder / "world")
        world.write(1)
        places = [world.index, world.index / "generations"]
        for place in [folder] if mounted else places:
            _close(place, mounted)
            ended = child.run(world.build)
            answers = child.run(world.answers)
            _reopen(place, mounted)
            if ended.refused and "cannot be written" in ended.refused and agrees(answers.said or [], (0,)):
                tally.refuse()
            else:
                tally.lose(f"{place.name}: {ended} {answers}"[:600])
    return tally


def _prepared(folder: Path) -> World:
    shutil.rmtree(folder, ignore_errors=True)
    world = World(folder)
    world.write(0)
    ended = child.run(world.build)
    if ended.said is None:
        raise RuntimeError(f"the world cannot be prepared: {ended}")
    return world


def _limited(world: World, limit: int) -> Callable[[], Any]:
    def work() -> Any:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return world.build()

    return work


def _judge(tally: Tally, world: World, ended: Ended, before: int, after: int, where: str) -> int:
    """Count how a rebuild without room ended; gives the edition that is live in the end."""
    found = child.run(world.answers)
    mended = child.run(lambda: [world.build(), world.answers(), world.litter()])
    if not ended.is_clear:
        tally.lose(f"{where}: {ended}"[-600:])
    elif not agrees(found.said or [], (before, after)):
        tally.lose(f"{where}: the index in place does not answer as before: {found}"[:600])
    elif mended.said is None or not agrees(mended.said[1], (after,)) or mended.said[2]:
        tally.lose(f"{where}: the next rebuild did not mend it: {mended}"[:600])
    elif ended.refused:
        tally.refuse()
    else:
        tally.survive()
    return after


@contextmanager
def _mounted(folder: Path) -> Iterator[bool]:
    """A small disk in memory at `folder`; False where that is not allowed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = ["-t", "tmpfs", "-o", f"size={ROOM}"]
    done = _mount([*options, "none", str(folder)])
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", str(folder)], check=True)


def _mount(arguments: Sequence[str]) -> bool:
    if shutil.which("mount") is None:
        return False
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@contextmanager
def _leaving(folder: Path, pages: int) -> Iterator[None]:
    """Fill the disk but for some pages."""
    filler = folder / "filler"
    free = os.statvfs(folder)
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(1, free.f_bavail - pages) * PAGE)
    try:
        yield
    finally:
        filler.unlink()


def _close(place: Path, mounted: bool) -> None:
    if mounted:
        _mount(["-o", "remount,ro", str(place)])
    else:
        place.chmod(0o500)


def _reopen(place: Path, mounted: bool) -> None:
    if mounted:
        _mount(["-o", "remount,rw", str(place)])
    else:
        place.chmod(0o700)
