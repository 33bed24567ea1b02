"""Generations: an index folder holds complete, immutable generations, and a pointer to the live one.

    INDEX/CURRENT                   name of the live generation
    INDEX/generations/NAME/         manifest.json, catalogue.sqlite, *.faiss, offsets.npy, lexical/

A rebuild writes a whole new generation beside the live one, flushes it to disk and then renames the pointer over
the old one: a crash at any moment leaves the previous generation live. Only this module renames or deletes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import DamagedIndex, IndexBusy, NoIndex, UnusableIndex, WrongFormat

FORMAT = 4
"""Goes up whenever an index written by an earlier program can no longer be read."""
KEPT = 1
"""Generations kept beside the live one: a reader that opened one just before the switch still needs it."""
CHECKED = 256 << 20
"""Bytes up to which an index is read whole, and its sums compared, whenever it is opened: about a sixth of a second.
Of larger ones openings compare the files' sizes; rebuilds and `rebuild-embeddings --verify` compare the sums."""
_MANIFEST = "manifest.json"
_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is, and what its files must be."""

    format: int
    name: str
    created: str
    """ISO 8601, UTC."""
    model: str
    fingerprint: str
    dimension: int
    articles: int
    passages: int
    sentences: int
    rows: int
    """Passages with those that were removed, whose numbers are not given again."""
    total_length: float
    """Sum of the passages' lengths, for BM25's average."""
    settings: str
    """What decided how articles were read, see changes.settings."""
    skipped: list[tuple[str, str]]
    """Paths of the files that were left out, with the reason."""
    files: dict[str, tuple[int, str]]
    """Size in bytes and SHA-256 of every file."""


def new_name() -> str:
    """A name for a generation: sorts by time of making."""
    return datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S.%fZ")


def live_name(index: Path) -> str:
    """Name of the live generation. Raises NoIndex, DamagedIndex."""
    try:
        name = (index / "CURRENT").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise NoIndex(index) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise DamagedIndex(index, f"CURRENT cannot be read ({exc})") from exc
    if not name or name != Path(name).name or name.startswith("."):
        raise DamagedIndex(index, "CURRENT does not name a generation")
    return name


def folder_of(index: Path, name: str) -> Path:
    """Where a generation's files are."""
    return index / "generations" / name


def load_manifest(index: Path, name: str, *, whole: bool = False) -> Manifest:
    """The manifest of a generation whose files are as they were written.

    `whole` compares the sums of all files; else those of an index of more than CHECKED bytes are not.
    Raises WrongFormat, DamagedIndex.
    """
    folder = folder_of(index, name)
    try:
        fields = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if fields["format"] != FORMAT:
            raise WrongFormat(index, FORMAT, fields["format"])
        if fields.pop("sum") != sum_of(fields):
            raise DamagedIndex(index, f"{name}/{_MANIFEST} is not what was written")
        fields["files"] = {file: (size, digest) for file, (size, digest) in fields["files"].items()}
        manifest = Manifest(**fields)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise DamagedIndex(index, f"{name}/{_MANIFEST} cannot be read") from exc
    _check_sizes(index, manifest)
    if whole or sum(size for size, _ in manifest.files.values()) <= CHECKED:
        _check_sums(index, manifest)
    return manifest


def _check_sizes(index: Path, manifest: Manifest) -> None:
    for file, (size, _) in manifest.files.items():
        found = _size(folder_of(index, manifest.name) / file)
        if found != size:
            raise DamagedIndex(index, f"{file} has {found} bytes, not {size}" if found >= 0 else f"{file} is gone")


def _check_sums(index: Path, manifest: Manifest) -> None:
    for file, (_, digest) in manifest.files.items():
        try:
            found = _digest(folder_of(index, manifest.name) / file)
        except OSError as exc:
            raise DamagedIndex(index, f"{file} cannot be read ({exc.strerror})") from exc
        if found != digest:
            raise DamagedIndex(index, f"{file} is not what was written")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return -1


@contextmanager
def lock(index: Path) -> Iterator[None]:
    """Hold the index for a rebuild. Raises IndexBusy, UnusableIndex."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        guard = FileLock(index / "lock")
        guard.acquire(timeout=0)
    except Timeout as exc:
        raise IndexBusy(index, _holder(index)) from exc
    except OSError as exc:
        raise UnusableIndex(index, f"the index cannot be written: {exc.strerror}; choose another --index") from exc
    try:
        (index / "lock.holder").write_text(f"process {os.getpid()}", encoding="utf-8")
        yield
    finally:
        (index / "lock.holder").unlink(missing_ok=True)
        guard.release()


def _holder(index: Path) -> str:
    try:
        return (index / "lock.holder").read_text(encoding="utf-8") or "another process"
    except OSError:
        return "another process"


@contextmanager
def unfinished(index: Path, name: str) -> Iterator[Path]:
    """A folder to write a generation into; gone afterwards unless it was published."""
    _sweep(index)
    folder = folder_of(index, _UNFINISHED + name)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(index: Path, folder: Path, manifest: Manifest) -> None:
    """Make the generation written in `folder` the live one, and drop those nobody needs any more."""
    files = {file.relative_to(folder).as_posix(): _describe(file) for file in _files(folder)}
    fields = asdict(manifest) | {"files": files}
    fields["sum"] = sum_of(fields)
    (folder / _MANIFEST).write_text(json.dumps(fields, indent=1), encoding="ascii")
    for file in _files(folder):
        _flush(file)
    for inside in [*(path for path in folder.rglob("*") if path.is_dir()), folder]:
        _flush(inside)
    folder.rename(folder_of(index, manifest.name))
    _flush(index / "generations")
    _point(index, manifest.name)
    _drop_old(index, manifest.name)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))


def _describe(file: Path) -> tuple[int, str]:
    return file.stat().st_size, _digest(file)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def sum_of(fields: Mapping[str, object]) -> str:
    """SHA-256 of a manifest's fields but `sum`, in an order and a form of their own."""
    fields = {name: value for name, value in fields.items() if name != "sum"}
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode("ascii")).hexdigest()


def _flush(path: Path) -> None:
    """Force a file, or the names in a folder, down to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _point(index: Path, name: str) -> None:
    temporary = index / "CURRENT.new"
    temporary.write_text(name + "\n", encoding="utf-8")
    _flush(temporary)
    temporary.replace(index / "CURRENT")
    _flush(index)


def _drop_old(index: Path, live: str) -> None:
    names = sorted(path.name for path in (index / "generations").iterdir() if path.name != live)
    finished = [name for name in names if not name.startswith(_UNFINISHED)]
    for name in finished[: len(finished) - KEPT]:
        shutil.rmtree(folder_of(index, name), ignore_errors=True)


def _sweep(index: Path) -> None:
    """Remove what a killed rebuild left; the caller holds the lock, so nobody is writing it."""
    for path in (index / "generations").glob(_UNFINISHED + "*"):
        shutil.rmtree(path, ignore_errors=True)
    (index / "CURRENT.new").unlink(missing_ok=True)
