"""Upload: a generation written to Milvus from the files that a rebuild has read its articles into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from retrieval.errors import EngineFailed
from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.forward import ForwardIndex
from retrieval.indexing.intake import CATALOGUE
from retrieval.indexing.manifest import Manifest
from retrieval.indexing.milvus.about import About
from retrieval.indexing.milvus.client import Client
from retrieval.indexing.milvus.layout import (
    ABOUT,
    ARTICLES,
    PASSAGES,
    SENTENCES,
    TABLES,
    TOKENS,
    Table,
    collection_of,
)
from retrieval.indexing.milvus.packing import decode, token_key
from retrieval.indexing.milvus.rows import (
    Filtered,
    Listed,
    Scored,
    article_row,
    counts_of,
    passage_row,
    sentence_rows,
    token_row,
    words_of,
)
from retrieval.indexing.milvus.staging import Staging

BATCH = 256
"""Passages sent at a time: some megabytes."""
SMALL = 4_096
"""Rows of tokens, and sentences, sent at a time."""
_T = TypeVar("_T")


class Upload:
    """Writes the collections of one generation."""

    def __init__(self, client: Client, manifest: Manifest, *, progress: bool) -> None:
        self._client = client
        self._manifest = manifest
        self._progress = progress
        self._average = max(1.0, manifest.total_length / max(1, manifest.passages))
        self._frequencies: Counter[int] = Counter()

    def write(self, folder: Path, staging: Staging, about: About) -> None:
        """Write all that was taken into `folder`; it can be searched afterwards."""
        for table in TABLES:
            self._client.create(self._of(table), table, self._manifest.dimension)
        with closing(Catalogue(folder / CATALOGUE)) as catalogue:
            self._write_articles(catalogue)
            self._write_passages(catalogue, ForwardIndex(folder), staging)
        for batch in batches(self._frequencies.items(), SMALL):
            self._client.insert(self._of(TOKENS), [token_row(key, count) for key, count in batch])
        self._client.insert(self._of(ABOUT), [about.row()])
        self._finish()

    def drop(self) -> None:
        """Remove what was written, as far as that is possible: the next rebuild sweeps what is left."""
        for table in TABLES:
            with suppress(EngineFailed):
                self._client.drop(self._of(table))

    def _of(self, table: Table) -> str:
        return collection_of(self._client.address.collection, self._manifest.name, table)

    def _write_articles(self, catalogue: Catalogue) -> None:
        newest, originals, places = catalogue.newest_first(), catalogue.originals(), catalogue.places()
        for batch in batches(enumerate(newest), BATCH):
            numbers = [number for _, number in batch]
            articles, languages = catalogue.articles(numbers), catalogue.languages(numbers)
            self._client.insert(
                self._of(ARTICLES),
                [
                    article_row(
                        articles[number],
                        Filtered.of(articles[number], languages.get(number)),
                        Listed(number, place, originals.get(number, -1), *places.get(number, (0, 0))),
                    )
                    for place, number in batch
                ],
            )

    def _write_passages(self, catalogue: Catalogue, forward: ForwardIndex, staging: Staging) -> None:
        first = 0
        total, hidden = self._manifest.passages, None if self._progress else True
        with tqdm(total=total, desc="sending", unit=" passages", disable=hidden) as bar:
            for batch in batches(catalogue.passages_from(0), BATCH):
                first = self._write_batch(batch, first, catalogue, forward, staging)
                bar.update(len(batch))

    def _write_batch(
        self,
        batch: Sequence[StoredPassage],
        first: int,
        catalogue: Catalogue,
        forward: ForwardIndex,
        staging: Staging,
    ) -> int:
        """Write passages whose sentences' numbers begin with `first`, and give the next number."""
        numbers = {passage.article for passage in batch}
        languages = catalogue.languages(numbers)
        filtered = {
            number: Filtered.of(article, languages.get(number))
            for number, article in catalogue.articles(numbers).items()
        }
        dimension = self._manifest.dimension
        terms = forward.terms(np.array([passage.number for passage in batch], dtype=np.int64))
        passages: list[dict[str, object]] = []
        sentences: list[dict[str, object]] = []
        for at, passage in enumerate(batch):
            count = len(passage.sentences)
            own, theirs = staging.passages.codes(passage.number, 1), staging.sentences.codes(first, count)
            scored = self._scored(terms.runs(at), float(terms.lengths[at]))
            codes = np.concatenate([own, theirs])
            passages.append(passage_row(passage, scored, filtered[passage.article], codes, decode(own, dimension)[0]))
            sentences += sentence_rows(passage, first, decode(theirs, dimension), filtered[passage.article])
            first += count
        self._client.insert(self._of(PASSAGES), passages)
        for part in batches(sentences, SMALL):
            self._client.insert(self._of(SENTENCES), part)
        return first

    def _scored(self, runs: str, length: float) -> Scored:
        counts = counts_of(runs)
        self._frequencies.update(token_key(token) for token in counts)
        return Scored(runs, length, words_of(counts, length, self._average))

    def _finish(self) -> None:
        """Let all be searched, and see that all is there. Raises EngineFailed."""
        manifest = self._manifest
        expected = {
            ABOUT: 1,
            ARTICLES: manifest.articles,
            PASSAGES: manifest.passages,
            SENTENCES: manifest.sentences,
            TOKENS: len(self._frequencies),
        }
        for table, rows in expected.items():
            self._client.index(self._of(table), table, rows)
        for table, rows in expected.items():
            found = self._client.count(self._of(table))
            if found != rows:
                message = f"Milvus holds {found:,} of {rows:,} {table.name}; the index is as it was, rebuild it"
                raise EngineFailed(self._client.address, message)


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """`items`, so many at a time."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
