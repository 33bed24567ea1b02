"""Staging: vectors on their way to Milvus, as codes in files that grow row by row and go when the rebuild ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.indexing import scripts as writing
from retrieval.indexing.milvus.packing import code_size, decode, encode
from retrieval.indexing.vectors.codes import Rows
from retrieval.indexing.vectors.index import ScriptMeans


class CodeFile:
    """Codes of vectors, one behind another."""

    def __init__(self, file: Path, dimension: int) -> None:
        self.rows = 0
        self._stream = file.open("w+b")
        self._file = file
        self._dimension = dimension
        self._size = code_size(dimension)

    def add(self, vectors: Vectors) -> Vectors:
        """Append (n, d) vectors; gives them as they are kept."""
        codes = encode(vectors)
        self._stream.write(codes.tobytes())
        self.rows += len(codes)
        return decode(codes, self._dimension)

    def codes(self, first: int, count: int) -> NDArray[np.uint8]:
        """(count, s) codes from row `first` on."""
        return np.asarray(self._mapped()[first : first + count])

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) vectors in `rows`."""
        return decode(self._mapped()[rows], self._dimension)

    def _mapped(self) -> NDArray[np.uint8]:
        self._stream.flush()
        if not self.rows:
            return np.empty((0, self._size), dtype=np.uint8)
        return np.memmap(self._file, np.uint8, "r", shape=(self.rows, self._size))

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()


class Staging:
    """Vectors of the passages of a collection, and of their sentences."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self.folder = folder
        self.passages = CodeFile(folder / "passages.codes", dimension)
        self.sentences = CodeFile(folder / "sentences.codes", dimension)
        self._sums = np.zeros((writing.COUNT, dimension))
        self._counts = np.zeros(writing.COUNT, dtype=np.int64)

    def add(self, passages: Vectors, sentences: Vectors, counts: NDArray[np.int64], scripts: NDArray[np.uint8]) -> None:
        """Add n passages: (n, d) vectors, those of their sentences in order, (n,) sentences and script of each."""
        self.passages.add(passages)
        kept = self.sentences.add(sentences)
        written_in = np.repeat(scripts, counts)
        for script in np.unique(written_in):
            self._sums[script] += kept[written_in == script].sum(axis=0, dtype=np.float64)
        self._counts += np.bincount(written_in, minlength=writing.COUNT)

    @property
    def means(self) -> ScriptMeans:
        """Mean vectors of the sentences by script."""
        return ScriptMeans(
            self._counts.copy(), (self._sums / np.maximum(self._counts, 1)[:, np.newaxis]).astype(np.float32)
        )

    def close(self) -> None:
        """Let go of the files."""
        self.passages.close()
        self.sentences.close()
