"""Generations: an index folder holds complete, immutable generations, and a pointer to the live one.

    INDEX/CURRENT                   name of the live generation
    INDEX/generations/NAME/         manifest.json, catalogue.sqlite, runs.u16, *.faiss, offsets.npy, lexical/ ...

A rebuild writes a whole new generation beside the live one, flushes it to disk and then renames the pointer over
the old one: a crash at any moment leaves the previous generation live.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import DamagedIndex, IndexBusy, NoIndex, UnusableIndex
from retrieval.indexing import disk
from retrieval.indexing.manifest import Manifest, files_in, read_manifest, write_manifest

KEPT = 1
"""Generations kept beside the live one: a reader that opened one just before the switch still needs it."""
_CURRENT, _POINTING = "CURRENT", "CURRENT.new"
LOCK, _HOLDER = "lock", "lock.holder"
PARTS = frozenset([_CURRENT, _POINTING, _HOLDER, "generations", "journal"])
"""What an index folder holds besides the lock, which is made first and stays."""
_UNFINISHED = ".unfinished-"
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z", re.ASCII)


def new_name() -> str:
    """A name for a generation: sorts by time of making."""
    return datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S.%fZ")


def live_name(index: Path) -> str:
    """Name of the live generation. Raises NoIndex, DamagedIndex."""
    try:
        name = disk.read(index / _CURRENT).strip()
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise NoIndex(index) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise DamagedIndex(index, f"{_CURRENT} cannot be read ({exc})") from exc
    if not _NAME.fullmatch(name):
        raise DamagedIndex(index, f"{_CURRENT} does not name a generation")
    return name


def folder_of(index: Path, name: str) -> Path:
    """Where a generation's files are."""
    return index / "generations" / name


def load_manifest(index: Path, name: str, *, whole: bool = False) -> Manifest:
    """The manifest of a generation whose files are as they were written.

    `whole` compares the sums of all files; else those of files beyond the first CHECKED bytes are not.
    Raises WrongFormat, DamagedIndex.
    """
    folder = folder_of(index, name)
    if not folder.is_dir():
        raise DamagedIndex(index, f"{_CURRENT} names the generation {name}, which is gone")
    return read_manifest(index, folder, whole=whole)


@contextmanager
def lock(index: Path) -> Iterator[None]:
    """Hold the index, swept, for a rebuild. Raises IndexBusy, UnusableIndex."""
    holder = index / _HOLDER
    with disk.writing(index):
        index.mkdir(parents=True, exist_ok=True)
        _check_ours(index)
        guard = FileLock(index / LOCK)
        try:
            guard.acquire(timeout=0)
        except Timeout as exc:
            raise IndexBusy(index, _holder(index)) from exc
    try:
        with disk.writing(index):
            # By the lock a folder is known for an index, also after a loss of power amid its first rebuild.
            disk.flush(index)
            holder.write_text(f"process {os.getpid()}", encoding="utf-8")
        _sweep(index)
        yield
    finally:
        disk.remove(holder)
        guard.release()


def _check_ours(index: Path) -> None:
    """Raise UnusableIndex where a rebuild would write over, or sweep away, what is not an index's."""
    present = {path.name for path in index.iterdir()}
    others = sorted(present & PARTS)
    if others and LOCK not in present and not _names(index):
        message = f"holds something else by the name of {others[0]}, and no index; give a new folder as --index"
        raise UnusableIndex(index, message)


def _is_ours(name: str) -> bool:
    """Whether a name is one of a generation, finished or not."""
    return name.startswith(_UNFINISHED) or _NAME.fullmatch(name) is not None


def _holder(index: Path) -> str:
    try:
        return disk.read(index / _HOLDER) or "another process"
    except (OSError, UnicodeDecodeError):
        return "another process"


@contextmanager
def unfinished(index: Path, name: str) -> Iterator[Path]:
    """A folder to write a generation into; gone afterwards unless it was published. Raises UnusableIndex."""
    folder = folder_of(index, _UNFINISHED + name)
    try:
        with disk.writing(index):
            folder.mkdir(parents=True)
            yield folder
    finally:
        disk.remove(folder)


def publish(index: Path, folder: Path, manifest: Manifest) -> None:
    """Make the generation written in `folder` the live one, and remove those nobody needs any more."""
    write_manifest(folder, manifest)
    for path in [*files_in(folder), *(path for path in folder.rglob("*") if path.is_dir()), folder]:
        disk.flush(path)
    disk.rename(folder, folder_of(index, manifest.name))
    _point(index, manifest.name)
    _sweep(index)


def _point(index: Path, name: str) -> None:
    """Let the pointer name a generation; where that fails, the generation goes again."""
    try:
        disk.write(index / _POINTING, name + "\n")
        disk.flush(index.parent)
        disk.flush(index)
        disk.rename(index / _POINTING, index / _CURRENT)
    except OSError:
        _sweep(index)
        raise


def _sweep(index: Path) -> None:
    """Remove what nobody needs any more; the caller holds the lock, so nobody is writing.

    That is what a killed rebuild left: an unfinished generation, and one later than the live one, which was never
    pointed at; and generations that were live once, but for the last KEPT. What is not let go is left for next time.
    """
    disk.remove(index / _POINTING)
    with suppress(DamagedIndex, OSError):
        latest, names = _latest(index), _names(index)
        old = [name for name in names if name < latest and not name.startswith(_UNFINISHED)]
        for name in names:
            if name.startswith(_UNFINISHED) or name > latest or name in old[: len(old) - KEPT]:
                disk.remove(folder_of(index, name))


def _latest(index: Path) -> str:
    """Name of the live generation, which sorts behind all those before it; of none yet, the empty one."""
    try:
        return live_name(index)
    except NoIndex:
        return ""


def _names(index: Path) -> list[str]:
    """Names of all generations, finished or not, in order; what else is in their folder is not the index's."""
    folder = index / "generations"
    return sorted(path.name for path in folder.iterdir() if _is_ours(path.name)) if folder.is_dir() else []
