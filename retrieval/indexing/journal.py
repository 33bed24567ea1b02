"""The journal: what a rebuild has embedded so far, so that the one after a crash need not do it again.

    INDEX/journal    a hash of the encoder's fingerprint (16 bytes), then records of key, vector and sum

Embedding is the long part of a rebuild. The journal is appended to and never flushed: after a loss of power its end
may be torn, which the records' sums tell. The chunk that was being embedded when a rebuild was killed is not in it.
Components have 16 bits; an index keeps 8 of them. A rebuild that is done removes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, Vectors
from retrieval.indexing import disk
from retrieval.indexing.recall import Recalled, RecallingEncoder
from retrieval.indexing.vectors.textrows import keys_of

FILE = "journal"
HEAD = 16
"""Bytes before the first record."""


def record(dimension: int) -> np.dtype[np.void]:
    """What is kept of a text."""
    return np.dtype([("key", "<u8"), ("vector", "<f2", (dimension,)), ("sum", "<u4")])


class Journal(RecallingEncoder):
    """An encoder that remembers, across crashes, what it has encoded; the caller holds the index's lock."""

    def __init__(self, index: Path, encoder: Encoder, *, anew: bool = False) -> None:
        """`anew` forgets what was remembered."""
        super().__init__(encoder)
        self._file = index / FILE
        self._head = blake2b(self.fingerprint.encode("utf-8", "surrogatepass"), digest_size=HEAD).digest()
        self._record = record(encoder.dimension)
        self._records = np.empty(0, self._record) if anew else self._read()
        self._order = np.argsort(self._records["key"], kind="stable")
        self._sorted = self._records["key"][self._order]
        self._stream = self._begin()

    def _remember(self, texts: Sequence[str]) -> Recalled:
        places = self._places(keys_of(texts))
        known = places >= 0
        return Recalled(known, self._records["vector"][places[known]].astype(np.float32))

    def close(self) -> None:
        """Keep what was written for the next rebuild."""
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
        self._stream = None

    def discard(self) -> None:
        """Forget all: it is in the index now."""
        self.close()
        disk.remove(self._file)

    def _read(self) -> NDArray[np.void]:
        """The whole records of this encoder's, as far as they are there."""
        size = disk.size(self._file) - HEAD
        count = max(0, size) // self._record.itemsize
        with suppress(OSError):
            if count and self._begins_as_ours():
                return np.memmap(self._file, self._record, "r", HEAD, (count,))
        return np.empty(0, self._record)

    def _begins_as_ours(self) -> bool:
        with self._file.open("rb") as stream:
            return stream.read(HEAD) == self._head

    def _begin(self) -> BinaryIO | None:
        """The file to append to, cut behind its last whole record; None where the disk has no room for it."""
        try:
            stream = self._file.open("r+b" if len(self._records) else "wb")
            if not len(self._records):
                stream.write(self._head)
            end = HEAD + len(self._records) * self._record.itemsize
            stream.truncate(end)
            stream.seek(end)
        except OSError:
            return None
        return stream

    def _places(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """(n,) where each key's record is; -1 where there is none, or none whose sum is right."""
        if not len(self._sorted):
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        places = np.where(self._sorted[at] == keys, self._order[at], -1)
        return np.array([place if place >= 0 and self._is_whole(place) else -1 for place in places], dtype=np.int64)

    def _is_whole(self, place: int) -> bool:
        record = self._records[place]
        return bool(record["sum"] == _sum(record["vector"].tobytes(), int(record["key"])))

    def _note(self, texts: Sequence[str], vectors: Vectors) -> None:
        if self._stream is None or not texts:
            return
        keys = keys_of(texts)
        records = np.zeros(len(keys), self._record)
        records["key"], records["vector"] = keys, vectors
        kept, size = records["vector"].tobytes(), records["vector"].itemsize * self.dimension
        records["sum"] = [_sum(kept[at * size : (at + 1) * size], key) for at, key in enumerate(keys.tolist())]
        try:
            self._stream.write(records.tobytes())
            self._stream.flush()
        except OSError:
            # Whether the index has room too will be seen; the journal only saves time.
            self.close()


def _sum(vector: bytes, key: int) -> int:
    return crc32(vector, key & 0xFFFFFFFF)
