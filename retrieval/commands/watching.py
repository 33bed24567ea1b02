"""Watching: when a folder of articles has changed, whatever happens to the folder itself."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from retrieval.indexing import generations
from retrieval.indexing.address import Address, MilvusAddress

QUIET_MS = 1_600
"""How long a folder must be quiet before it is read: an editor or a git checkout writes in bursts."""
_USUAL = DefaultFilter()


def watched(folder: Path, index: Address) -> Iterator[bool]:
    """True once the folder is watched, for what changed before that, and again where another takes its place.

    False whenever it has changed, or is gone. Ends when interrupted.
    """
    own = _written(index)
    while True:
        place, begins = _place(folder), True
        if place is None:
            yield False
            while _place(folder) is None:
                time.sleep(QUIET_MS / 1_000)
            continue
        real = folder.resolve()
        # It may go at any moment.
        with suppress(FileNotFoundError):
            for changes in _batches(real):
                # A folder that is made at once where another was removed may get the same number.
                if _place(folder) != place or (Change.deleted, str(real)) in changes:
                    break
                if begins or any(_counts(change, path, own) for change, path in changes):
                    yield begins
                begins = False
            else:
                return


def _batches(folder: Path) -> Iterator[set[tuple[Change, str]]]:
    """What has changed in the folder, each time that it is quiet again; nothing every now and then."""
    return watch(
        folder,
        watch_filter=None,
        debounce=QUIET_MS,
        step=QUIET_MS // 4,
        rust_timeout=QUIET_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
    )


def _place(folder: Path) -> tuple[int, int] | None:
    """Which folder that is, whatever leads to it; None where there is none."""
    with suppress(OSError):
        found = folder.stat()
        return found.st_dev, found.st_ino
    return None


def _counts(change: Change, path: str, own: Sequence[Path]) -> bool:
    """Whether that may be an article's, and is neither what an editor leaves nor in one of a rebuild's `own` places."""
    real = Path(os.path.realpath(path))
    return _USUAL(change, path) and not any(real.is_relative_to(each) for each in own)


def _written(index: Address) -> list[Path]:
    """Files and folders that a rebuild of `index` writes, whose folder may hold articles, too."""
    if isinstance(index, MilvusAddress):
        return [Path(index.uri).resolve()] if index.lite else []
    return [index.resolve() / name for name in (*generations.PARTS, generations.LOCK)]
