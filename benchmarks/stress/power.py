"""Power: what is not flushed is gone when it goes. The order of a rebuild's calls is recorded and judged."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from benchmarks.stress import child, tracing
from benchmarks.stress.tally import Tally
from benchmarks.stress.world import World
from retrieval.indexing.generations import live_name

_CALLS = ("write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link")
_WRITES = frozenset(["write", "pwrite64", "writev", "ftruncate"])
_FLUSHES = frozenset(["fsync", "fdatasync"])
_OPEN_FILE = re.compile(r"^\d+<([^>]*)>")
_NAMES = re.compile(r'"([^"]*)"')
SUBJECT = "storage"


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
