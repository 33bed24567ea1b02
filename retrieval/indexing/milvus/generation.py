"""A generation on Milvus, as it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex, WrongFormat
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.engine import Material, Sought
from retrieval.indexing.forward import Terms, units_of
from retrieval.indexing.manifest import Manifest
from retrieval.indexing.milvus import layout
from retrieval.indexing.milvus.about import ROW, About, about_in, manifest_fields
from retrieval.indexing.milvus.articles import article_in
from retrieval.indexing.milvus.client import Client, Near
from retrieval.indexing.milvus.faults import Missing
from retrieval.indexing.milvus.layout import (
    ABOUT,
    ARTICLES,
    FORMAT,
    PASSAGE_VECTOR,
    PASSAGES,
    SENTENCE_VECTOR,
    SENTENCES,
    TABLES,
    TOKENS,
    WORDS,
    Table,
)
from retrieval.indexing.milvus.packing import (
    codes_in,
    condition,
    decode,
    dimension_of,
    key_of,
    token_key,
    unpack,
)
from retrieval.indexing.vectors.codes import Rows
from retrieval.indexing.vectors.index import ScriptMeans
from retrieval.records import Article, Category, Filter

_SCORED = ("script", "length", "runs", "codes")


class MilvusGeneration:
    """A generation on Milvus. Raises WrongFormat, DamagedIndex, and as Client does."""

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self._name = name
        with self.reading():
            for table in TABLES:
                client.load(self._of(table))
            self.about = self._read()

    @property
    def manifest(self) -> Manifest:
        """What the generation is."""
        return self.about.manifest

    @property
    def means(self) -> ScriptMeans:
        """Mean vectors of its sentences by script."""
        return self.about.means

    def frequencies(self, tokens: Iterable[str]) -> Mapping[str, int]:
        """How many passages hold each of `tokens`."""
        wanted = list(tokens)
        found = self._rows(TOKENS, [token_key(token) for token in wanted], ["count"])
        return {token: int(found[key]["count"]) if (key := token_key(token)) in found else 0 for token in wanted}

    def nominate(self, sought: Sought) -> Rows:
        """(n,) numbers, ascending, of the passages worth scoring."""
        where, manifest = condition(sought.where), self.manifest
        weights = {dimension_of(token): weight for token, weight in sought.weights.items()}
        passages, sentences = self._of(PASSAGES), self._of(SENTENCES)
        near = Near(sought.vector, sought.by_passages, manifest.passages)
        near_sentences = Near(sought.vector, sought.by_sentences, manifest.sentences)
        found = [
            self._client.matching(passages, WORDS, weights, sought.by_words, where),
            self._client.nearest(passages, PASSAGE_VECTOR, near, where, "id"),
            self._client.nearest(sentences, SENTENCE_VECTOR, near_sentences, where, "passage"),
        ]
        rows = np.unique(np.concatenate(found))
        wanted = min(sought.by_passages, self.manifest.passages)
        return rows if len(rows) >= wanted else self._filled(rows, wanted, where)

    def _filled(self, rows: Rows, wanted: int, where: str) -> Rows:
        """`rows`, and others that may be found: an approximate search misses some where few are allowed."""
        found = self._client.where(self._of(PASSAGES), where, [], wanted)
        return np.union1d(rows, np.array([int(row["id"]) for row in found], dtype=np.int64))

    def material(self, rows: Rows, vector: Vectors) -> Material:
        """What the passages in `rows` are scored by, for a question whose vector is (d,)."""
        found = self._rows(PASSAGES, rows.tolist(), _SCORED)
        stored = [self._present(found, row) for row in rows.tolist()]
        codes = [codes_in(row["codes"], self.manifest.dimension) for row in stored]
        units = [units_of(str(unpack(row["runs"]))) for row in stored]
        return Material(
            terms=Terms(
                np.concatenate(units),
                np.cumsum([len(each) for each in units], dtype=np.int64),
                np.array([row["length"] for row in stored], dtype=np.float32),
            ),
            scripts=np.array([row["script"] for row in stored], dtype=np.uint8),
            passages=decode(np.concatenate([each[:1] for each in codes]), len(vector)),
            sentences=np.einsum("nd,d->n", decode(np.concatenate([each[1:] for each in codes]), len(vector)), vector),
            counts=np.array([len(each) - 1 for each in codes], dtype=np.int64),
        )

    def passages(self, numbers: Sequence[int]) -> Mapping[int, StoredPassage]:
        """Passages by their numbers."""
        rows = self._rows(PASSAGES, numbers, ["article", "body"])
        return {number: _passage(self._present(rows, number)) for number in numbers}

    def passages_of(self, article: int) -> Sequence[StoredPassage]:
        """The passages of an article in reading order."""
        row = self._rows(ARTICLES, [article], ["first", "count"])[article]
        numbers = range(row["first"], row["first"] + row["count"])
        return list(self.passages(numbers).values())

    def articles(self, numbers: Iterable[int]) -> Mapping[int, Article]:
        """Articles by their numbers."""
        wanted = sorted(set(numbers))
        rows = self._rows(ARTICLES, wanted, ["body"])
        return {number: article_in(self._present(rows, number)["body"]) for number in wanted}

    def same_as(self, numbers: Iterable[int]) -> Mapping[int, list[int]]:
        """Numbers of the articles with the same text as those given, by whose passages stand for theirs."""
        found: dict[int, list[int]] = {}
        wanted = sorted(set(numbers))
        rows = self._client.where(self._of(ARTICLES), f"same_as in {wanted}", ["same_as"]) if wanted else []
        for row in sorted(rows, key=lambda row: int(row["id"])):
            found.setdefault(int(row["same_as"]), []).append(int(row["id"]))
        return found

    def latest(self, count: int, where: Filter) -> list[Article]:
        """The newest `count` articles that meet `where`, newest first; those without a date last."""
        within = max(count, 1)
        while len(found := self._newest(within, where)) < count and within < self.manifest.articles:
            within *= 8
        numbers = [number for _, number in sorted(found)[:count]]
        rows = self.articles(numbers)
        return [rows[number] for number in numbers]

    def _newest(self, within: int, where: Filter) -> list[tuple[int, int]]:
        """Place and number of those among the newest `within` articles that meet `where`."""
        conditions = [part for part in (condition(where), f"recency < {within}") if part]
        rows = self._client.where(self._of(ARTICLES), " and ".join(conditions), ["recency"])
        return [(int(row["recency"]), int(row["id"])) for row in rows]

    def categories(self) -> list[Category]:
        """All categories, those of most articles first."""
        return list(self.about.categories)

    def texts_of(self, path: str) -> list[str]:
        """Texts of an article's passages in reading order; none for an article that is not there."""
        found = self._client.where(self._of(ARTICLES), f"path_key == {key_of(path)}", ["same_as"])
        if not found:
            return []
        original = int(found[0]["same_as"])
        return [passage.text for passage in self.passages_of(int(found[0]["id"]) if original < 0 else original)]

    def counted(self) -> dict[str, int]:
        """How many articles, passages and sentences there are. Raises DamagedIndex where not all are there."""
        manifest = self.manifest
        expected = {ARTICLES: manifest.articles, PASSAGES: manifest.passages, SENTENCES: manifest.sentences}
        for table, count in expected.items():
            found = self._client.count(self._of(table))
            if found != count:
                raise DamagedIndex(self._client.address, f"there are {found:,} of {count:,} {table.name}")
        return {table.name: count for table, count in expected.items()}

    def paths(self) -> set[str]:
        """Paths of all articles."""
        return {article.path for article in self.articles(range(self.manifest.articles)).values()}

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What fails inside because a collection is gone fails as DamagedIndex."""
        try:
            yield
        except Missing as exc:
            raise DamagedIndex(self._client.address, f"the generation {self._name} is gone") from exc

    def check(self) -> None:
        """Its server answers for what it holds."""

    def close(self) -> None:
        """The connection is the engine's."""

    def _of(self, table: Table) -> str:
        return layout.collection_of(self._client.address.collection, self._name, table)

    def _rows(self, table: Table, numbers: Sequence[int], fields: Sequence[str]) -> dict[int, dict[str, Any]]:
        return self._client.rows(self._of(table), numbers, fields)

    def _present(self, rows: Mapping[int, dict[str, Any]], number: int) -> dict[str, Any]:
        if number not in rows:
            raise DamagedIndex(self._client.address, f"row {number} is gone from the generation {self._name}")
        return rows[number]

    def _read(self) -> About:
        address = self._client.address
        try:
            fields, record = manifest_fields(self._rows(ABOUT, [ROW], ["body"])[ROW])
            if fields.get("format") != FORMAT:
                raise WrongFormat(address, FORMAT, fields.get("format"))
            return about_in(record)
        except (KeyError, TypeError, ValueError) as exc:
            raise DamagedIndex(address, f"the generation {self._name} does not say what it is") from exc


def _passage(row: dict[str, Any]) -> StoredPassage:
    record = unpack(row["body"])
    return StoredPassage(
        int(row["id"]),
        int(row["article"]),
        record["text"],
        tuple(record["headings"]),
        tuple((start, end) for start, end in record["sentences"]),
    )
