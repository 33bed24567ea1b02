"""The vector index: FAISS over one vector a passage and one a sentence.

A sentence's row is its number in the collection; a passage's sentences are consecutive rows, found by `offsets`.
Vectors are kept in 8 bits a component (SQ8: no measurable loss in ranking), searched exactly.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex
from retrieval.indexing import scripts

Rows = NDArray[np.int64]
"""(n,) int64: row numbers."""
Mask = NDArray[np.bool_]
"""(passages,) bool: which passages may be found."""

TRAINING = 20_000
"""Vectors from which the range of each component is learnt."""
MARGIN = 0.1
"""Share by which the learnt range is widened, for vectors that come later."""
_PASSAGES, _SENTENCES, _OFFSETS, _SCRIPTS = "passages.faiss", "sentences.faiss", "offsets.npy", "scripts.npz"


@dataclass(frozen=True, slots=True)
class ScriptMeans:
    """Mean vectors of the collection's texts by script: where a language lies, whatever is said in it."""

    counts: NDArray[np.int64]
    """(scripts,) sentences in each script."""
    passages: Vectors
    """(scripts, d) float32, zero where there is none."""
    sentences: Vectors
    """(scripts, d) float32, zero where there is none."""


# One question's search is over before a second thread is awake; waiting for that takes 20 times as long when busy.
faiss.omp_set_num_threads(1)


def _empty(dimension: int) -> faiss.IndexScalarQuantizer:
    index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.sq.rangestat_arg = MARGIN
    return index


class _Store:
    """Appends vectors to an index, training it on the first ones."""

    def __init__(self, dimension: int, trained: faiss.IndexScalarQuantizer | None) -> None:
        self._index = _empty(dimension)
        if trained is not None:
            self._index.sq = trained.sq
            self._index.is_trained = True
        self._waiting: list[Vectors] = []

    def add(self, vectors: Vectors) -> None:
        if not self._index.is_trained:
            self._waiting.append(vectors)
            if sum(map(len, self._waiting)) < TRAINING:
                return
            vectors = self._train()
        if len(vectors):
            self._index.add(vectors)

    def _train(self) -> Vectors:
        vectors = np.concatenate(self._waiting)
        self._waiting.clear()
        self._index.train(vectors)
        return vectors

    def write(self, file: Path) -> None:
        if self._waiting and not self._index.is_trained:
            vectors = self._train()
            self._index.add(vectors)
        faiss.write_index(self._index, str(file))


class VectorWriter:
    """Writes the vectors of a collection, passage by passage, into a folder.

    With `previous`, components are quantised as they were there, so that vectors taken over stay what they are.
    """

    def __init__(self, folder: Path, dimension: int, previous: VectorIndex | None = None) -> None:
        self._folder = folder
        keep = previous is not None and len(previous) > 0
        self._passages = _Store(dimension, previous.passages if previous and keep else None)
        self._sentences = _Store(dimension, previous.sentences if previous and keep else None)
        self._offsets = [0]
        self._scripts: list[int] = []
        self._passage_sums = np.zeros((scripts.COUNT, dimension))
        self._sentence_sums = np.zeros((scripts.COUNT, dimension))

    def add(self, passages: Vectors, sentences: Vectors, counts: NDArray[np.int64], scripts: NDArray[np.uint8]) -> None:
        """Add n passages: (n, d) vectors, those of their sentences in order, (n,) sentences and script of each."""
        self._passages.add(passages)
        self._sentences.add(sentences)
        self._offsets.extend((self._offsets[-1] + np.cumsum(counts)).tolist())
        self._scripts.extend(scripts.tolist())
        np.add.at(self._passage_sums, scripts, passages)
        np.add.at(self._sentence_sums, np.repeat(scripts, counts), sentences)

    def close(self) -> None:
        """Write everything out."""
        self._passages.write(self._folder / _PASSAGES)
        self._sentences.write(self._folder / _SENTENCES)
        np.save(self._folder / _OFFSETS, np.array(self._offsets, dtype=np.int64))
        self._write_scripts(np.array(self._scripts, dtype=np.uint8))

    def _write_scripts(self, of_passages: NDArray[np.uint8]) -> None:
        counts = np.bincount(of_passages, minlength=scripts.COUNT)
        of_sentences = np.repeat(of_passages, np.diff(self._offsets))
        sentence_counts = np.bincount(of_sentences, minlength=scripts.COUNT)
        np.savez(
            self._folder / _SCRIPTS,
            scripts=of_passages,
            counts=sentence_counts,
            passages=(self._passage_sums / np.maximum(counts, 1)[:, np.newaxis]).astype(np.float32),
            sentences=(self._sentence_sums / np.maximum(sentence_counts, 1)[:, np.newaxis]).astype(np.float32),
        )


class VectorIndex:
    """Reads the vectors of a collection. Raises DamagedIndex."""

    def __init__(self, folder: Path) -> None:
        try:
            self.passages = faiss.read_index(str(folder / _PASSAGES), faiss.IO_FLAG_MMAP_IFC)
            self.sentences = faiss.read_index(str(folder / _SENTENCES), faiss.IO_FLAG_MMAP_IFC)
            self.offsets: Rows = np.load(folder / _OFFSETS, mmap_mode="r")
            with np.load(folder / _SCRIPTS) as stored:
                self.scripts: NDArray[np.uint8] = stored["scripts"]
                self.means = ScriptMeans(stored["counts"], stored["passages"], stored["sentences"])
        except (RuntimeError, OSError, ValueError, KeyError, zipfile.BadZipFile) as exc:
            raise DamagedIndex(folder, f"vectors cannot be read ({str(exc).splitlines()[0][:120]})") from exc

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def nearest_passages(self, vector: Vectors, limit: int, allowed: Mask | None = None) -> Rows:
        """Rows of the passages nearest to a (d,) vector; only `allowed` ones, where given."""
        return _search(self.passages, vector, limit, allowed)

    def passages_of_nearest_sentences(self, vector: Vectors, limit: int, allowed: Mask | None = None) -> Rows:
        """Rows of the passages that hold the `limit` sentences nearest to a (d,) vector, each once."""
        rows = None if allowed is None else np.repeat(allowed, np.diff(self.offsets))
        nearest = _search(self.sentences, vector, limit, rows)
        return np.unique(np.searchsorted(self.offsets, nearest, side="right") - 1)

    def sentence_rows(self, passages: Rows) -> tuple[Rows, Rows]:
        """Rows of all sentences of `passages`, in order, and (n,) how many each passage has."""
        counts = self.offsets[passages + 1] - self.offsets[passages]
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return np.repeat(self.offsets[passages], counts) + within, counts

    def passage_vectors(self, rows: Rows) -> Vectors:
        """(n, d) vectors of passages."""
        return _vectors(self.passages, rows)

    def sentence_vectors(self, rows: Rows) -> Vectors:
        """(n, d) vectors of sentences."""
        return _vectors(self.sentences, rows)


def _search(index: faiss.Index, vector: Vectors, limit: int, allowed: Mask | None) -> Rows:
    limit = min(limit, index.ntotal if allowed is None else int(allowed.sum()))
    if limit < 1:
        return np.empty(0, dtype=np.int64)
    parameters = None
    if allowed is not None:
        # Kept alive by these names: FAISS holds bare pointers to the bits and to the selector.
        bits = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)
        parameters = faiss.SearchParameters(sel=selector)
    _, rows = index.search(vector[np.newaxis, :], limit, params=parameters)
    return np.asarray(rows[0][rows[0] >= 0], dtype=np.int64)


def _vectors(index: faiss.Index, rows: Rows) -> Vectors:
    if not len(rows):
        return np.empty((0, index.d), dtype=np.float32)
    return np.asarray(index.reconstruct_batch(rows), dtype=np.float32)
