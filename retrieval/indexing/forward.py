"""The forward index: every passage's folded runs and its length, in the order of passages, for lexical scoring.

    runs.u16       the runs of all passages, one after another, in UTF-16 code units
    forward.npz    `ends` (n,) int64, where each passage's end in it, and `lengths` (n,) float32, 0 for removed ones

A question reads some hundred passages of it, so it is mapped, and what is read is compared as it stands.
"""

from __future__ import annotations

import shutil
import zipfile
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex

RUNS, TABLE = "runs.u16", "forward.npz"
_BLOCK = 1 << 22
"""Bytes written at a time."""
Units = NDArray[np.uint16]
"""(n,) uint16: UTF-16 code units."""
Rows = NDArray[np.int64]
"""(n,) int64: row numbers, or places."""


def units_of(text: str) -> Units:
    """A text's code units; those of a half surrogate pair too."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


@dataclass(frozen=True, slots=True)
class Terms:
    """What lexical scoring needs of n passages."""

    units: Units
    """Their packed runs (`analysis.pack_runs`), one after another."""
    ends: Rows
    """(n,) int64: where each one's end."""
    lengths: NDArray[np.float32]
    """(n,) float32: how many tokens each has."""

    def runs(self, at: int) -> str:
        """The packed runs of one of them."""
        start = int(self.ends[at - 1]) if at else 0
        return self.units[start : self.ends[at]].tobytes().decode("utf-16-le", "surrogatepass")


class ForwardWriter:
    """Writes a forward index into a folder: a new one, or on from a copy of the one in `original`."""

    def __init__(self, folder: Path, original: Path | None = None) -> None:
        self._folder = folder
        self._ends, self._lengths = array("q"), array("f")
        self._end = 0
        self._waiting = bytearray()
        (folder / RUNS).touch()
        if original is not None:
            self._take_over(original)

    @property
    def total_length(self) -> float:
        """Sum of the lengths of the passages that were not removed."""
        return float(sum(self._lengths))

    def add(self, runs: str, length: float) -> None:
        """Append a passage: its packed runs, and how many tokens it has."""
        units = units_of(runs)
        self._end += len(units)
        self._ends.append(self._end)
        self._lengths.append(length)
        self._waiting += units.tobytes()
        if len(self._waiting) >= _BLOCK:
            self._write()

    def remove(self, passages: Iterable[int]) -> None:
        """Passages by their numbers, which are not given again."""
        for number in passages:
            self._lengths[number] = 0.0

    def close(self) -> None:
        """Write everything out."""
        self._write()
        ends, lengths = np.frombuffer(self._ends, np.int64), np.frombuffer(self._lengths, np.float32)
        np.savez(self._folder / TABLE, ends=ends, lengths=lengths)

    def _write(self) -> None:
        # Opened for each block: a rebuild that fails leaves no file open.
        with (self._folder / RUNS).open("ab") as stream:
            stream.write(self._waiting)
        self._waiting.clear()

    def _take_over(self, original: Path) -> None:
        before = ForwardIndex(original)
        shutil.copyfile(original / RUNS, self._folder / RUNS)
        self._ends, self._lengths = array("q", before.ends.tobytes()), array("f", before.lengths.tobytes())
        self._end = self._ends[-1] if self._ends else 0


class ForwardIndex:
    """Reads a forward index. Raises DamagedIndex."""

    def __init__(self, folder: Path) -> None:
        try:
            with np.load(folder / TABLE) as stored:
                self.ends: Rows = stored["ends"]
                self.lengths: NDArray[np.float32] = stored["lengths"]
            self._units = np.memmap(folder / RUNS, np.uint8, "r").data if len(self.ends) else memoryview(b"")
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as exc:
            raise DamagedIndex(folder, f"{RUNS} or {TABLE} cannot be read ({str(exc).splitlines()[0][:120]})") from exc

    def terms(self, rows: Rows) -> Terms:
        """Terms of the passages in (n,) rows."""
        starts = np.where(rows > 0, self.ends[rows - 1], 0)
        ends = self.ends[rows]
        parts = [self._units[2 * start : 2 * end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        return Terms(np.frombuffer(b"".join(parts), "<u2"), np.cumsum(ends - starts), self.lengths[rows])
