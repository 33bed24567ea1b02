"""The disk: the effects that publishing an index consists of. Nothing else renames or removes a part of an index.

The power may go at any moment, so a file and its folder are flushed before a name that leads to them is written, and
the folder of that name behind it. What fails here or in a library that writes an index becomes one UnusableIndex.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EDQUOT, EFBIG, EIO, ENOSPC, EROFS
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from retrieval.errors import UnusableIndex

_REASONS = (
    *(os.strerror(number) for number in (ENOSPC, EDQUOT, EFBIG, EIO, EROFS)),
    # What tantivy says where a thread of its own met one of these.
    "An index writer was killed",
)
"""By these words a library's error is known to be the disk's."""


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """What goes wrong on the disk while `index` is written, by whatever library, is raised as UnusableIndex."""
    try:
        yield
    except (OSError, RuntimeError, ValueError, sqlite3.Error) as exc:
        reason = _reason(exc)
        if reason is None:
            raise
        message = f"the index cannot be written ({reason}) and is as it was; make room there, or choose another --index"
        raise UnusableIndex(index, message) from exc


def _reason(error: Exception) -> str | None:
    """What the disk says; None where the error is not the disk's."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, sqlite3.OperationalError):
        return str(error)
    return next((reason for reason in _REASONS if reason in str(error)), None)


def read(file: Path) -> str:
    """The text of a regular file; raises OSError, also for a FIFO, which would be waited for without end."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError("not a file")
    return file.read_text(encoding="utf-8")


def size(file: Path) -> int:
    """Size in bytes of a regular file; -1 where there is none."""
    try:
        found = file.stat()
    except (OSError, ValueError):
        return -1
    return found.st_size if stat.S_ISREG(found.st_mode) else -1


def write(file: Path, text: str) -> None:
    """Write a file and flush it."""
    file.write_text(text, encoding="utf-8")
    flush(file)


def save(file: Path, array: NDArray[Any]) -> None:
    """Write an array as numpy does, whose own writing overlooks a disk that is full when the file is closed."""
    _save(file, array.shape, [array])


def save_rows(file: Path, rows: Sequence[NDArray[Any]]) -> None:
    """Write arrays of one shape and type as the one whose rows they are."""
    _save(file, (len(rows), *rows[0].shape), rows)


def _save(file: Path, shape: tuple[int, ...], parts: Sequence[NDArray[Any]]) -> None:
    header = {"shape": shape, "fortran_order": False, "descr": npy.dtype_to_descr(parts[0].dtype)}
    with file.open("wb") as stream:
        npy.write_array_header_1_0(stream, header)
        for part in parts:
            stream.write(np.ascontiguousarray(part).data)


def flush(path: Path) -> None:
    """Force a file, or the names in a folder, down to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rename(old: Path, new: Path) -> None:
    """Give a flushed file or folder its name, in one step, and flush the name."""
    os.replace(old, new)  # noqa: PTH105  - one function for files and folders
    flush(new.parent)


def remove(path: Path) -> None:
    """Remove a file or a folder as far as that is possible: the next rebuild sweeps what is left."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink()
