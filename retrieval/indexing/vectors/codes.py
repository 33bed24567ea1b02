"""Codes: vectors in 8 or 6 bits a component, in the order of their rows, in a file that FAISS reads as an index.

The file is written as a stream, or goes on from a copy of another with new rows at its end, so that memory does not
grow with the collection. Its format is FAISS's own of an IndexScalarQuantizer (faiss/impl/index_write.cpp): a header
with the number of rows, the quantiser, the number of bytes that follow, and these bytes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex

Rows = NDArray[np.int64]
"""(n,) int64: row numbers."""

TRAINING = 20_000
"""Vectors from which the range of each component is learnt."""
MARGIN = 0.1
"""Share by which the learnt range is widened, for vectors that come later."""
ENOUGH = 1_000
"""Vectors from which on they show the ranges. Where there are n fewer, more is added to the ranges."""
SPREAD = 4.0
"""Over the fourth root of n, what is added to either side, in spreads that a component of unit vectors would have
without a mean of its own, 1 / sqrt(d). Inner products of 300 texts in codes learnt from others are wrong by .002 at
most, by one, ten or a hundred of them; without it by .25, .04 and .008."""
EIGHT_BITS, SIX_BITS = faiss.ScalarQuantizer.QT_8bit, faiss.ScalarQuantizer.QT_6bit
MANY = 5_000_000
"""Rows from which on a component takes six bits, a quarter less disk; hit@1 of DRCD .9722 with 6, .9725 with 8."""
_ROWS_AT = 8
"""Where the header holds the number of rows, behind four letters and the dimension."""


class Codes:
    """Reads a file of codes, mapped rather than loaded. Raises DamagedIndex."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.index: faiss.IndexScalarQuantizer = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as exc:
            reason = str(exc).splitlines()[0][:120]
            raise DamagedIndex(file.parent, f"{file.name} cannot be read ({reason})") from exc
        self.dimension = int(self.index.d)
        shape = (len(self), self.index.code_size)
        # The codes are what the file ends with.
        at = file.stat().st_size - shape[0] * shape[1]
        self._codes = np.memmap(file, np.uint8, "r", at, shape) if len(self) else np.empty(shape, np.uint8)
        low, width = faiss.vector_to_array(self.index.sq.trained).reshape(2, self.dimension)
        self._step = width / ((1 << 8 * self.index.code_size // self.dimension) - 1)
        self._origin = low + self._step / 2

    def __len__(self) -> int:
        return int(self.index.ntotal)

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) float32 vectors in (n,) rows."""
        if not len(rows):
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.asarray(self.index.reconstruct_batch(rows), dtype=np.float32)

    def codes(self, rows: Rows) -> NDArray[np.uint8]:
        """(n, s) uint8 codes in (n,) rows."""
        return np.asarray(self._codes[rows])

    def products(self, rows: Rows, vector: Vectors) -> Vectors:
        """(n,) float32 inner products of what is in (n,) rows with a (d,) vector, without restoring each vector."""
        # Not `@`: for a product this small, BLAS spends its time on waking threads, tens of times as much when busy.
        products = np.einsum("nd,d->n", self._numbers(rows), self._step * vector)
        return np.asarray(products + self._origin @ vector, dtype=np.float32)

    def _numbers(self, rows: Rows) -> Vectors:
        """(n, d) float32: the number that each component's code is (faiss/impl/ScalarQuantizer.cpp)."""
        codes = self._codes[rows]
        if self.index.code_size == self.dimension:
            return codes.astype(np.float32)
        # Four components of six bits share three bytes.
        numbers = np.empty((len(codes), self.dimension // 4, 4), dtype=np.float32)
        first, second, third = codes.reshape(len(codes), self.dimension // 4, 3).transpose(2, 0, 1)
        numbers[:, :, 0] = first & 63
        numbers[:, :, 1] = first >> 6 | (second & 15) << 2
        numbers[:, :, 2] = second >> 4 | (third & 3) << 4
        numbers[:, :, 3] = third >> 2
        return numbers.reshape(len(codes), self.dimension)


class CodeWriter:
    """Writes a file of codes row by row."""

    def __init__(self, file: Path, dimension: int, *, expected: int = 0, like: Codes | None = None) -> None:
        """`expected`: about how many rows; `like`: codes whose ranges are taken over, so that their vectors stay."""
        self.rows = 0
        self._file = file
        self._index = _empty(dimension, SIX_BITS if expected >= MANY and dimension % 4 == 0 else EIGHT_BITS)
        self._waiting: list[Vectors] = []
        if like:
            self._index = _empty(dimension, like.index.sq.qtype)
            self._index.sq = like.index.sq
            self._index.is_trained = True
            self._begin()

    @classmethod
    def continuing(cls, original: Path, file: Path) -> CodeWriter:
        """A writer of `file` that begins with all that `original` holds."""
        previous = Codes(original)
        writer = cls(file, previous.dimension, like=previous)
        if previous:
            writer._take_over(original, len(previous))
        return writer

    def add(self, vectors: Vectors) -> None:
        """Append (n, d) vectors."""
        self.rows += len(vectors)
        if not self._index.is_trained:
            self._waiting.append(vectors)
            if self.rows < TRAINING:
                return
            vectors = self._train()
        self._write(vectors)

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) vectors that were added."""
        if not len(rows):
            return np.empty((0, self._index.d), dtype=np.float32)
        if not self._index.is_trained:
            return np.concatenate(self._waiting)[rows]
        self._stream.flush()
        codes = np.memmap(self._file, np.uint8, "r", self._header, (self.rows, self._index.code_size))
        return np.asarray(self._index.sq.decode(codes[rows]), dtype=np.float32)

    def close(self) -> None:
        """Write everything out."""
        if not self._index.is_trained:
            self._write(self._train())
        self._stream.seek(_ROWS_AT)
        self._stream.write(np.int64(self.rows).tobytes())
        self._stream.seek(self._header - 8)
        self._stream.write(np.uint64(self.rows * self._index.code_size).tobytes())
        self._stream.close()

    def discard(self) -> None:
        """Let go of the file, whatever it holds."""
        if self._index.is_trained:
            self._stream.close()

    def _train(self) -> Vectors:
        vectors = np.concatenate([np.empty((0, self._index.d), np.float32), *self._waiting])
        self._waiting.clear()
        self._index.train(vectors if len(vectors) >= ENOUGH else _spread(vectors, self._index.d))
        self._begin()
        return vectors

    def _begin(self) -> None:
        header = faiss.serialize_index(self._index).tobytes()
        self._header = len(header)
        self._stream = self._file.open("w+b")
        self._stream.write(header)

    def _take_over(self, original: Path, rows: int) -> None:
        self._stream.close()
        shutil.copyfile(original, self._file)
        self._stream = self._file.open("r+b")
        self._stream.seek(self._header + rows * self._index.code_size)
        self.rows = rows

    def _write(self, vectors: Vectors) -> None:
        if len(vectors):
            self._stream.write(self._index.sq.compute_codes(np.ascontiguousarray(vectors)).tobytes())


def _spread(vectors: Vectors, dimension: int) -> Vectors:
    """(2 n, d): (n, d) `vectors`, or the origin where there are none, moved to either side."""
    middles = vectors if len(vectors) else np.zeros((1, dimension), np.float32)
    aside = np.float32(SPREAD / dimension**0.5 / len(middles) ** 0.25)
    return np.concatenate([middles - aside, middles + aside])


def _empty(dimension: int, bits: int) -> faiss.IndexScalarQuantizer:
    index = faiss.IndexScalarQuantizer(dimension, bits, faiss.METRIC_INNER_PRODUCT)
    index.sq.rangestat_arg = MARGIN
    return index
