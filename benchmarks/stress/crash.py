"""Crashes: a rebuild is killed at random moments, and at each of its system calls that touch the disk."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stress import child, tracing
from benchmarks.stress.child import Ended
from benchmarks.stress.tally import Tally
from benchmarks.stress.world import CheapEncoder, World, agrees

MOMENTS = 300
SLOW = 0.004
"""Seconds for a text, so that half of the moments fall into the embedding."""
FULL = 0.3
"""Share of the rebuilds at random moments that do everything anew."""
_CALLS = (
    *("write", "pwrite64", "sendfile", "ftruncate", "fsync", "fdatasync"),
    *("rename", "renameat", "renameat2", "link", "mkdir", "unlink", "unlinkat", "rmdir"),
)
SUBJECT = "crash"


def run(folder: Path, scale: float, chance: random.Random) -> list[Tally]:
    """All crashes."""
    return [at_random(folder / "random", round(MOMENTS * scale), chance), *at_each_call(folder / "calls", scale)]


def at_random(folder: Path, moments: int, chance: random.Random) -> Tally:
    """`kill -9` at random moments: what was answered still is, the next rebuild is done, what was embedded is kept.

    What was embedded is what the encoder gave back, but for its last call, of which only what had reached the journal
    is: between the two, nothing can keep it.
    """
    tally = Tally(SUBJECT, "kill -9 of a rebuild at random moments")
    world, seconds = _prepared(folder)
    live = 0
    for edition in range(1, moments + 1):
        world.write(edition)
        note = folder / "encoded"
        note.unlink(missing_ok=True)
        full = chance.random() < FULL
        rebuild = child.start(lambda: world.build(CheapEncoder(note, seconds=SLOW), full=full))  # noqa: B023
        time.sleep(chance.uniform(0, 1.1 * (3 * seconds if full else seconds)))
        rebuild.kill()
        rebuild.ended()
        live = _judge(tally, world, live, edition, note)
    return tally


def at_each_call(folder: Path, scale: float) -> list[Tally]:
    """Killed at, or failing at, the n-th write, fsync, rename, ..., for every n; so too where all is done anew."""
    killed = Tally(SUBJECT, "kill -9 at each write, fsync, rename, link, mkdir, unlink")
    failing = Tally(SUBJECT, "each of these calls fails (EIO; ENOSPC for writes)")
    anew = Tally(SUBJECT, "kill -9 at each of these calls of a rebuild that does all anew")
    if not tracing.available():
        killed.notes.append("not tried: strace is not here, or may not trace")
        return [killed, failing, anew]
    world, _ = _prepared(folder)
    live = 0
    for full, tallies in ((False, (killed, failing)), (True, (anew,))):
        live += 1
        world.build(full=True)
        world.write(live)
        counts = tracing.counts(lambda: world.build(full=full), _CALLS)  # noqa: B023
        world.build(full=True)
        for tally in tallies:
            tally.figures = {f"calls_{name}": count for name, count in counts.items() if count}
            live = _at_each(tally, world, counts, live, _Faults(tally is failing, full, max(1, round(1 / scale))))
    return [killed, failing, anew]


@dataclass(frozen=True, slots=True)
class _Faults:
    """What happens to a rebuild at its calls."""

    fail: bool
    """Whether the calls fail; else the rebuild is killed there."""
    full: bool
    step: int


def _at_each(tally: Tally, world: World, counts: Mapping[str, int], live: int, faults: _Faults) -> int:
    """Rebuild once for each call, with the fault at that call; gives the edition that is live in the end."""
    edition = live
    for call, count in counts.items():
        # A rebuild of another edition makes a few calls more or less; beyond the last one nothing is injected.
        for number in range(1, count + 3, faults.step):
            edition += 1
            world.write(edition)
            fault = f"error={_error(call)}" if faults.fail else "signal=KILL"
            ended = tracing.with_fault(lambda: world.build(full=faults.full), f"{call}:{fault}:when={number}")
            if faults.fail and not ended.is_clear:
                tally.lose(f"{call} {number}: {(ended.crashed or ended.refused or str(ended.signal))[-300:]}")
            live = _judge(tally, world, live, edition)
            # An index with many dead passages is written anew; the next rebuild shall go on from this one.
            _sure(child.run(lambda: world.build(full=True)))
    return live


def _error(call: str) -> str:
    return "ENOSPC" if call in ("write", "pwrite64", "sendfile", "ftruncate", "mkdir", "link") else "EIO"


def _prepared(folder: Path) -> tuple[World, float]:
    """A world with an index of edition 0, and the seconds that a rebuild of another takes."""
    shutil.rmtree(folder, ignore_errors=True)
    world = World(folder)
    world.write(0)
    _sure(child.run(world.build))
    world.write(1)
    started = time.perf_counter()
    _sure(child.run(lambda: World(folder).build(CheapEncoder(seconds=SLOW))))
    seconds = time.perf_counter() - started
    world.write(0)
    _sure(child.run(world.build))
    return world, seconds


def _sure(ended: Ended) -> None:
    if ended.said is None:
        raise RuntimeError(f"the world cannot be prepared: {ended}")


def _judge(tally: Tally, world: World, before: int, after: int, note: Path | None = None) -> int:
    """Count how it went; gives the edition that is live in the end."""
    encoded = _embedded(world, note) if note and note.exists() else set()
    found = child.run(world.answers)
    if found.said is None or not agrees(found.said, (before, after)):
        tally.lose(f"edition {after}: the index in place does not answer as before: {found}"[:600])
        return _start_over(world, after)
    again = world.folder / "again"
    again.unlink(missing_ok=True)
    ended = child.run(lambda: [world.build(CheapEncoder(again)), world.answers(), world.litter()])
    repeated = encoded.intersection(again.read_text().split() if again.exists() else ())
    if ended.said is None or not agrees(ended.said[1], (after,)):
        tally.lose(f"edition {after}: the next rebuild did not mend it: {ended}"[:600])
        return _start_over(world, after)
    if ended.said[2]:
        tally.lose(f"edition {after}: left behind: {ended.said[2]}")
    elif repeated:
        tally.lose(f"edition {after}: {len(repeated)} texts were embedded again")
    else:
        tally.survive()
    return after


def _embedded(world: World, note: Path) -> set[str]:
    """Keys of the texts that a rebuild had embedded, and written down, when it was killed."""
    calls = [set(line.split()) for line in note.read_text().splitlines()]
    # Without a journal the rebuild had come to its end, and all is in the index.
    if not calls or not world.has_journal():
        return set().union(*calls)
    return set().union(*calls[:-1], calls[-1] & world.journalled())


def _start_over(world: World, edition: int) -> int:
    shutil.rmtree(world.index)
    _sure(child.run(world.build))
    return edition
