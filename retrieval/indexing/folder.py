"""The engine of an index in a folder: tantivy, FAISS and SQLite, see generations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import numpy as np

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex
from retrieval.indexing import generations
from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.engine import Material, Sought, Verified, open_live
from retrieval.indexing.forward import ForwardIndex
from retrieval.indexing.inspection import Inspection
from retrieval.indexing.lexical import LexicalIndex
from retrieval.indexing.manifest import Manifest
from retrieval.indexing.vectors.codes import Rows
from retrieval.indexing.vectors.index import ScriptMeans, VectorIndex
from retrieval.indexing.vectors.nearest import Mask
from retrieval.records import Article, Category, Filter

MANY = 200_000
"""Passages from which on words are looked up on another core while vectors are compared: 16 and 32 ms at a million."""


class Folder:
    """An index in a folder."""

    def __init__(self, path: Path) -> None:
        self.address = path

    def live_name(self) -> str:
        """Name of the live generation. Raises NoIndex, DamagedIndex."""
        return generations.live_name(self.address)

    def open(self) -> FolderGeneration:
        """The generation that is live once it is open. Raises NoIndex, WrongFormat, DamagedIndex."""
        return open_live(self.live_name, partial(FolderGeneration, self.address))

    def verify(self) -> Verified:
        """Compare every byte of the live generation with its sums. Raises NoIndex, WrongFormat, DamagedIndex."""
        manifest = generations.load_manifest(self.address, self.live_name(), whole=True)
        counts = {"files": len(manifest.files), "bytes": sum(size for size, _ in manifest.files.values())}
        text = "{files:,} files of {bytes:,} bytes, all as they were written".format(**counts)
        return Verified(manifest.name, counts, text)

    def close(self) -> None:
        """There is nothing to let go of but what was opened."""


class FolderGeneration:
    """A generation of an index in a folder. Raises WrongFormat, DamagedIndex."""

    def __init__(self, index: Path, name: str) -> None:
        self.manifest: Manifest = generations.load_manifest(index, name)
        self.inspection = Inspection(index, self.manifest)
        folder = generations.folder_of(index, name)
        with self.reading():
            try:
                self._lexical = LexicalIndex(folder / "lexical")
            except (ValueError, OSError) as exc:
                raise DamagedIndex(index, f"lexical cannot be read ({str(exc)[:120]})") from exc
            self._forward = ForwardIndex(folder)
            self._vectors = VectorIndex(folder)
            self._catalogue = Catalogue(folder / "catalogue.sqlite")
        self._beside = ThreadPoolExecutor(thread_name_prefix="words") if self.manifest.passages >= MANY else None

    @property
    def means(self) -> ScriptMeans:
        """Mean vectors of its sentences by script."""
        return self._vectors.means

    def frequencies(self, tokens: Iterable[str]) -> Mapping[str, int]:
        """How many passages hold each of `tokens`."""
        return {token: self._lexical.document_frequency(token) for token in tokens}

    def nominate(self, sought: Sought) -> Rows:
        """(n,) numbers, ascending, of the passages worth scoring."""
        allowed = self._allowed(sought.where)
        by_words = partial(self._lexical.candidates, sought.weights, sought.by_words, sought.where)
        waiting = self._beside.submit(by_words) if self._beside else None
        near = [
            self._vectors.nearest_passages(sought.vector, sought.by_passages, allowed),
            self._vectors.passages_of_nearest_sentences(sought.vector, sought.by_sentences, allowed),
        ]
        named = waiting.result() if waiting else by_words()
        return np.unique(np.concatenate([np.array(named, dtype=np.int64), *near]))

    def _allowed(self, where: Filter) -> Mask | None:
        if where == Filter():
            return None
        mask = np.zeros(len(self._vectors), dtype=np.bool_)
        mask[self._catalogue.allowed(where)] = True
        return mask

    def material(self, rows: Rows, vector: Vectors) -> Material:
        """What the passages in `rows` are scored by, for a question whose vector is (d,)."""
        sentence_rows, counts = self._vectors.sentence_rows(rows)
        return Material(
            terms=self._forward.terms(rows),
            scripts=self._vectors.scripts[rows],
            passages=self._vectors.passage_vectors(rows),
            sentences=self._vectors.sentence_products(sentence_rows, vector),
            counts=counts,
        )

    def passages(self, numbers: Sequence[int]) -> Mapping[int, StoredPassage]:
        """Passages by their numbers."""
        return self._catalogue.passages(numbers)

    def passages_of(self, article: int) -> Sequence[StoredPassage]:
        """The passages of an article in reading order."""
        return self._catalogue.passages_of(article)

    def articles(self, numbers: Iterable[int]) -> Mapping[int, Article]:
        """Articles by their numbers."""
        return self._catalogue.articles(numbers)

    def same_as(self, numbers: Iterable[int]) -> Mapping[int, list[int]]:
        """Numbers of the articles with the same text as those given, by whose passages stand for theirs."""
        return self._catalogue.same_as(numbers)

    def latest(self, count: int, where: Filter) -> list[Article]:
        """The newest `count` articles that meet `where`, newest first; those without a date last."""
        return self._catalogue.latest(count, where)

    def categories(self) -> list[Category]:
        """All categories, those of most articles first."""
        return self._catalogue.categories()

    def texts_of(self, path: str) -> list[str]:
        """Texts of an article's passages in reading order; none for an article that is not there."""
        return self._catalogue.texts_of(path)

    def reading(self) -> AbstractContextManager[None]:
        """What fails inside fails as DamagedIndex, if the files turn out to be damaged."""
        return self.inspection.blamed()

    def check(self) -> None:
        """Raise DamagedIndex if any file was found to be damaged so far."""
        self.inspection.check()

    def close(self) -> None:
        """Let go of the files."""
        if self._beside:
            self._beside.shutdown()
        self._catalogue.close()
