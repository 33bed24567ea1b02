"""Which files an unpacked model has, and whether they are still what was written."""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file must be."""

    size: int
    crc32: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a folder, by their path in it."""

    files: dict[str, FileRecord]

    @classmethod
    def of(cls, folder: Path) -> Manifest:
        """Of the files that are there now."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return cls({path.relative_to(folder).as_posix(): _record(path) for path in paths})

    @classmethod
    def load(cls, folder: Path) -> Manifest | None:
        """What was noted when the folder was written; None where that cannot be read."""
        try:
            files = json.loads((folder / FILE_NAME).read_bytes())
            return cls({name: FileRecord(**record) for name, record in files.items()})
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def save(self, folder: Path) -> None:
        """Write it down in the folder."""
        files = {name: asdict(record) for name, record in self.files.items()}
        (folder / FILE_NAME).write_text(json.dumps(files, indent=1) + "\n", encoding="utf-8")

    def holds(self, folder: Path, read: Collection[str] | None = None) -> bool:
        """Whether every file is there in its size, and those in `read` (None: all) have their checksums.

        CRC-32 notices any flipped bit, at some gigabytes a second: about 25 ms for the files that a question
        needs. It is a guard against accidents; nobody is kept out of their own cache.
        """
        try:
            return all(self._holds(folder, name, read is None or name in read) for name in self.files)
        except OSError:
            return False

    def _holds(self, folder: Path, name: str, read: bool) -> bool:
        path, record = folder / name, self.files[name]
        return path.stat().st_size == record.size and (not read or _crc32(path) == record.crc32)


def _record(path: Path) -> FileRecord:
    return FileRecord(path.stat().st_size, _crc32(path))


def _crc32(path: Path) -> int:
    with path.open("rb") as file:
        if not path.stat().st_size:
            return 0
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return zlib.crc32(content)
