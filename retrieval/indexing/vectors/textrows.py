"""Text rows: in which row a text's vector stands, so that the same text is never embedded twice.

A text is known by 64 bits of its BLAKE2b hash. Among ten million texts the chance that any two share them is one in
370,000 (birthday bound); what would follow is one passage with another's vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndex
from retrieval.indexing import disk

Keys = NDArray[np.uint64]
"""(n,) uint64: hashes of texts."""

_RECENT = 500_000
"""Texts kept in a dict, at a hundred bytes each, before they are sorted into an array of 16."""


def keys_of(texts: Sequence[str]) -> Keys:
    """(n,) keys of texts."""
    digests = (blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts)
    return np.frombuffer(b"".join(digests), dtype="<u8")


class TextRows:
    """Rows by text: sorted runs, the last one a dict."""

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []
        self._recent: dict[int, int] = {}

    @classmethod
    def open(cls, file: Path) -> TextRows:
        """What was saved in `file`. Raises DamagedIndex."""
        rows = cls()
        try:
            rows._runs.append(np.load(file, mmap_mode="r"))
        except (OSError, ValueError) as exc:
            raise DamagedIndex(file.parent, f"{file.name} cannot be read ({exc})") from exc
        return rows

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """(n,) row of each text, -1 for one that is not there."""
        found = np.full(len(keys), -1, dtype=np.int64)
        for run in self._runs:
            _find(run, keys, found)
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
        disk.save(file, _merged(self._runs))

    def _settle(self) -> None:
        if self._recent:
            self._runs.append(_sorted(np.array([list(self._recent), list(self._recent.values())], dtype=np.uint64)))
            self._recent.clear()


def _find(run: NDArray[np.uint64], keys: Keys, found: NDArray[np.int64]) -> None:
    """Fill `found` with the rows of those `keys` that stand in `run`, (2, n): keys in order, and their rows."""
    if not run.shape[1]:
        return
    places = np.minimum(np.searchsorted(run[0], keys), run.shape[1] - 1)
    hit = run[0][places] == keys
    found[hit] = run[1][places[hit]].astype(np.int64)


def _merged(runs: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    if not runs:
        return np.empty((2, 0), dtype=np.uint64)
    if len(runs) == 1:
        return runs[0]
    merged = _sorted(np.concatenate(runs, axis=1))
    first = np.concatenate([[True], merged[0][1:] != merged[0][:-1]])
    return merged[:, first]


def _sorted(run: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return run[:, np.argsort(run[0], kind="stable")]
