"""Text rows: in which row a text's vector stands, so that the same text is never embedded twice.

A text is known by 64 bits of its BLAKE2b hash. Among ten million texts the chance that any two share them is one in
370,000 (birthday bound); what would follow is one passage with another's vector.

Memory does not grow with the texts: all but the latest are in files without a name, mapped, which go with this process
or before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.indexing import disk

Keys = NDArray[np.uint64]
"""(n,) uint64: hashes of texts."""

_RECENT = 65_536
"""Texts kept in a dict, at a hundred bytes each, before they are sorted into a run of 16."""
_GROWTH = 4
"""A run is merged with the one before it unless that has more than so many times its texts: of ten million, few runs
are searched, and each text is written some ten times."""
_PIECE = 262_144
"""Texts that are merged at a time."""


def keys_of(texts: Sequence[str]) -> Keys:
    """(n,) keys of texts."""
    return np.frombuffer(b"".join(map(_key, texts)), dtype="<u8")


# The texts of a chunk are asked for four times.
@lru_cache(maxsize=8_192)
def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class _Run:
    """Some texts."""

    keys: Keys
    """(n,) in order, each once."""
    rows: NDArray[np.uint64]
    """(n,) the row of each."""

    def __len__(self) -> int:
        return len(self.keys)

    def part(self, start: int, end: int) -> _Run:
        """Those of its texts from `start` on, before `end`."""
        return _Run(self.keys[start:end], self.rows[start:end])


class TextRows:
    """Rows by text: runs in order of keys, the latest texts in a dict."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where the files are; that of the system for such files where None."""
        self._folder = folder
        self._runs: list[_Run] = []
        self._recent: dict[int, int] = {}

    @classmethod
    def open(cls, file: Path, folder: Path | None = None) -> TextRows:
        """What was saved in `file`. Raises DamagedIndex."""
        rows = cls(folder)
        try:
            keys, numbers = np.load(file, mmap_mode="r")
        except (OSError, ValueError) as exc:
            raise DamagedIndex(file.parent, f"{file.name} cannot be read ({exc})") from exc
        rows._runs.append(_Run(keys, numbers))
        return rows

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """(n,) row of each text, -1 for one that is not there."""
        found = np.full(len(keys), -1, dtype=np.int64)
        order = np.argsort(keys)
        for run in filter(len, self._runs):
            _find(run, keys, order, found)
        recent = self._recent
        for at, key in enumerate(keys.tolist()):
            if key in recent:
                found[at] = recent[key]
        return found

    def add(self, keys: Keys, first: int) -> None:
        """Take in texts whose rows begin with `first`."""
        self._recent.update(zip(keys.tolist(), range(first, first + len(keys)), strict=True))
        if len(self._recent) >= _RECENT:
            self._settle()

    def save(self, file: Path) -> None:
        """Write all to `file`, each text once."""
        self._settle()
        if len(self._runs) != 1:
            self._runs = [self._merged(self._runs)]
        disk.save_rows(file, [self._runs[0].keys, self._runs[0].rows])

    def _settle(self) -> None:
        if not self._recent:
            return
        keys = np.fromiter(self._recent.keys(), np.uint64, len(self._recent))
        rows = np.fromiter(self._recent.values(), np.uint64, len(self._recent))
        self._recent.clear()
        order = np.argsort(keys)
        self._runs.append(_Run(keys[order], rows[order]))
        if (last := _of_a_size(self._runs)) > 1:
            self._runs[-last:] = [self._merged(self._runs[-last:])]

    def _merged(self, runs: Sequence[_Run]) -> _Run:
        """What is in `runs`, in a file."""
        with TemporaryFile(dir=self._folder) as keys, TemporaryFile(dir=self._folder) as rows:
            for piece in _pieces(runs):
                keys.write(piece.keys.tobytes())
                rows.write(piece.rows.tobytes())
            return _Run(_mapped(keys), _mapped(rows))


def _of_a_size(runs: Sequence[_Run]) -> int:
    """How many of the last runs are merged."""
    count, texts = 1, len(runs[-1])
    for run in reversed(runs[:-1]):
        if len(run) > _GROWTH * texts:
            break
        count, texts = count + 1, texts + len(run)
    return count


def _mapped(stream: IO[bytes]) -> NDArray[np.uint64]:
    """(n,) uint64: the numbers in a file, which may be closed then."""
    stream.flush()
    return np.memmap(stream, np.uint64, "r") if stream.tell() else np.empty(0, np.uint64)


def _find(run: _Run, keys: Keys, order: NDArray[np.int64], found: NDArray[np.int64]) -> None:
    """Fill `found` with the rows of those `keys` that stand in `run`; taken in `order`, neighbours are near by."""
    places = np.minimum(np.searchsorted(run.keys, keys[order]), len(run) - 1)
    hit = run.keys[places] == keys[order]
    found[order[hit]] = run.rows[places[hit]].astype(np.int64)


def _pieces(runs: Sequence[_Run]) -> Iterator[_Run]:
    """What is in `runs`, each text once, in order of keys: hashes, so that each part of their range has as many."""
    parts = -(-sum(map(len, runs)) // _PIECE)
    bounds = np.array([at * (1 << 64) // parts for at in range(1, parts)], dtype=np.uint64)
    cuts = [[0, *np.searchsorted(run.keys, bounds).tolist(), len(run)] for run in runs]
    for at in range(parts):
        yield _joined([run.part(cut[at], cut[at + 1]) for run, cut in zip(runs, cuts, strict=True)])


def _joined(runs: Sequence[_Run]) -> _Run:
    keys, rows = np.concatenate([run.keys for run in runs]), np.concatenate([run.rows for run in runs])
    different, first = np.unique(keys, return_index=True)
    return _Run(different, rows[first])
