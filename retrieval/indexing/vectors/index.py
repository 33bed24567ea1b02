"""The vectors of a collection: one a passage and one a sentence, as they are written and as they are searched.

A sentence's row is its number in the collection; a passage's sentences are consecutive rows, found by `offsets`.
Rows are never given twice: what a later generation has removed leaves dead rows, until a rebuild of everything.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex
from retrieval.indexing import disk, scripts
from retrieval.indexing.vectors.codes import Codes, CodeWriter, Rows
from retrieval.indexing.vectors.nearest import Mask, Nearest
from retrieval.indexing.vectors.partitions import write_partitions

_PASSAGES, _SENTENCES, _OFFSETS, _TABLE = "passages.faiss", "sentences.faiss", "offsets.npy", "passages.npz"


@dataclass(frozen=True, slots=True)
class ScriptMeans:
    """Mean vectors of the collection's texts by script: where a language lies, whatever is said in it."""

    counts: NDArray[np.int64]
    """(scripts,) sentences in each script."""
    sentences: Vectors
    """(scripts, d) float32, zero where there is none."""


class VectorWriter:
    """Writes the vectors of a collection, passage by passage, into a folder.

    With `previous`, components are quantised as they were there, so that vectors taken over stay what they are;
    `continuing` also begins with all its rows.
    """

    def __init__(
        self, folder: Path, dimension: int, previous: VectorIndex | None = None, *, sentences: int = 0
    ) -> None:
        """`sentences`: about how many there will be."""
        self.folder = folder
        like = (previous.passages, previous.sentences) if previous else (None, None)
        self.passages = CodeWriter(folder / _PASSAGES, dimension, like=like[0])
        self.sentences = CodeWriter(folder / _SENTENCES, dimension, expected=sentences, like=like[1])
        self._offsets = [np.zeros(1, dtype=np.int64)]
        self._scripts: list[NDArray[np.uint8]] = []
        self._sums = np.zeros((scripts.COUNT, dimension))
        self._dead: set[int] = set()
        self._original: Path | None = None

    @classmethod
    def continuing(cls, previous: VectorIndex, folder: Path) -> VectorWriter:
        """A writer into `folder` that begins with all rows of `previous`, the dead ones included."""
        writer = cls(folder, previous.passages.dimension)
        writer.passages = CodeWriter.continuing(previous.folder / _PASSAGES, folder / _PASSAGES)
        writer.sentences = CodeWriter.continuing(previous.folder / _SENTENCES, folder / _SENTENCES)
        writer._offsets = [np.array(previous.offsets)]
        writer._scripts = [previous.scripts]
        writer._sums = previous.sums.copy()
        writer._dead = set(np.flatnonzero(~previous.alive).tolist())
        writer._original = previous.folder
        return writer

    def add(self, passages: Vectors, sentences: Vectors, counts: NDArray[np.int64], scripts: NDArray[np.uint8]) -> None:
        """Add n passages: (n, d) vectors, those of their sentences in order, (n,) sentences and script of each."""
        self.passages.add(passages)
        self.sentences.add(sentences)
        self._offsets.append(self._offsets[-1][-1] + np.cumsum(counts))
        self._scripts.append(scripts)
        _add_up(self._sums, np.repeat(scripts, counts), sentences)

    def remove(self, previous: VectorIndex, passages: Sequence[int]) -> None:
        """Let the rows of `passages`, which came from `previous`, be dead."""
        rows, counts = previous.sentence_rows(np.array(passages, dtype=np.int64))
        written_in = np.repeat(previous.scripts[list(passages)], counts)
        _add_up(self._sums, written_in, -previous.sentence_vectors(rows))
        self._dead.update(passages)

    def __enter__(self) -> VectorWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.passages.discard()
        self.sentences.discard()

    def close(self) -> None:
        """Write everything out."""
        self.passages.close()
        self.sentences.close()
        offsets, written_in = np.concatenate(self._offsets), np.concatenate([np.empty(0, np.uint8), *self._scripts])
        alive = np.ones(len(written_in), dtype=np.bool_)
        alive[list(self._dead)] = False
        disk.save(self.folder / _OFFSETS, offsets)
        np.savez(self.folder / _TABLE, scripts=written_in, alive=alive, sums=self._sums)
        for name in (_PASSAGES, _SENTENCES):
            write_partitions(self.folder / name, self._original / name if self._original else None)


def _add_up(sums: NDArray[np.float64], scripts: NDArray[np.uint8], vectors: Vectors) -> None:
    """Add (n, d) vectors to the (scripts, d) sums of their scripts."""
    for script in np.unique(scripts):
        sums[script] += vectors[scripts == script].sum(axis=0, dtype=np.float64)


class VectorIndex:
    """Reads the vectors of a collection. Raises DamagedIndex."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.passages = Codes(folder / _PASSAGES)
        self.sentences = Codes(folder / _SENTENCES)
        self._nearest_passages = Nearest(self.passages)
        self._nearest_sentences = Nearest(self.sentences)
        try:
            self.offsets: Rows = np.load(folder / _OFFSETS, mmap_mode="r")
            with np.load(folder / _TABLE) as stored:
                self.scripts: NDArray[np.uint8] = stored["scripts"]
                self.alive: Mask = stored["alive"]
                self.sums: NDArray[np.float64] = stored["sums"]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as exc:
            raise DamagedIndex(folder, f"vectors cannot be read ({str(exc).splitlines()[0][:120]})") from exc
        self.whole = bool(self.alive.all())
        self.means = self._means()

    def __len__(self) -> int:
        return len(self.scripts)

    def _means(self) -> ScriptMeans:
        sentences = np.diff(self.offsets) * self.alive
        counts = np.bincount(self.scripts, sentences, scripts.COUNT).astype(np.int64)
        return ScriptMeans(counts, (self.sums / np.maximum(counts, 1)[:, np.newaxis]).astype(np.float32))

    def nearest_passages(self, vector: Vectors, limit: int, allowed: Mask | None = None) -> Rows:
        """Rows of the passages nearest to a (d,) vector; only `allowed` ones, where given."""
        return self._nearest_passages.search(vector, limit, self._alive(allowed))

    def passages_of_nearest_sentences(self, vector: Vectors, limit: int, allowed: Mask | None = None) -> Rows:
        """Rows of the passages that hold the `limit` sentences nearest to a (d,) vector, each once."""
        mask = self._alive(allowed)
        rows = None if mask is None else np.repeat(mask, np.diff(self.offsets))
        nearest = self._nearest_sentences.search(vector, limit, rows)
        return np.unique(np.searchsorted(self.offsets, nearest, side="right") - 1)

    def _alive(self, allowed: Mask | None) -> Mask | None:
        if allowed is not None:
            return allowed
        return None if self.whole else self.alive

    def sentence_rows(self, passages: Rows) -> tuple[Rows, Rows]:
        """Rows of all sentences of `passages`, in order, and (n,) how many each passage has."""
        counts = self.offsets[passages + 1] - self.offsets[passages]
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return np.repeat(self.offsets[passages], counts) + within, counts

    def passage_vectors(self, rows: Rows) -> Vectors:
        """(n, d) vectors of passages."""
        return self.passages.vectors(rows)

    def sentence_vectors(self, rows: Rows) -> Vectors:
        """(n, d) vectors of sentences."""
        return self.sentences.vectors(rows)

    def sentence_products(self, rows: Rows, vector: Vectors) -> Vectors:
        """(n,) inner products of sentences with a (d,) vector."""
        return self.sentences.products(rows, vector)
