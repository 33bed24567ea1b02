"""The catalogue as it is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from embeddings.encoder import encodable
from retrieval.errors import DamagedIndex
from retrieval.indexing.analysis import fold
from retrieval.indexing.catalogue.stored import StoredPassage, unpack_date, unpack_spans, unsqueeze
from retrieval.records import Article, Category, Filter

_NEWEST_FIRST = " ORDER BY a.day IS NULL, a.day DESC, a.date DESC, a.path"
_ARTICLE = "a.id, a.path, a.title, a.url, a.date, a.author, a.image"


class Catalogue:
    """Reads a catalogue; may be used from several threads. Raises DamagedIndex."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            # One connection serves all threads: SQLite is built serialised, and nothing is written.
            self._connection = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._connection.execute("SELECT 1 FROM passage LIMIT 1").fetchone()
        except sqlite3.Error as exc:
            raise DamagedIndex(file.parent, f"{file.name} cannot be read ({exc})") from exc

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as exc:
            raise DamagedIndex(self._file.parent, f"{self._file.name} cannot be read ({exc})") from exc

    def paths(self) -> set[str]:
        """Paths of all articles."""
        return {str(path) for (path,) in self._rows("SELECT path FROM article")}

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles by their numbers."""
        wanted = sorted(set(numbers))
        labels: dict[tuple[object, object], list[str]] = {}
        for article, tag, name in self._rows(
            f"SELECT article, tag, name FROM label WHERE article IN ({_marks(wanted)}) ORDER BY rowid",  # noqa: S608
            wanted,
        ):
            labels.setdefault((article, tag), []).append(str(name))
        rows = self._rows(f"SELECT {_ARTICLE} FROM article a WHERE a.id IN ({_marks(wanted)})", wanted)  # noqa: S608
        return {int(str(row[0])): _article(row, labels) for row in rows}

    def same_as(self, numbers: Iterable[int]) -> dict[int, list[int]]:
        """Numbers of the articles that have the same text as those given, by whose passages stand for theirs."""
        wanted = sorted(set(numbers))
        sql = f"SELECT same_as, id FROM article WHERE same_as IN ({_marks(wanted)}) ORDER BY id"  # noqa: S608
        found: dict[int, list[int]] = {}
        for original, number in self._rows(sql, wanted):
            found.setdefault(int(str(original)), []).append(int(str(number)))
        return found

    def latest(self, count: int, where: Filter) -> list[Article]:
        """The newest `count` articles that meet `where`, newest first; those without a date last."""
        conditions, values = _conditions(where)
        sql = "SELECT a.id FROM article a WHERE " + " AND ".join(conditions or ["1"])  # noqa: S608
        numbers = [int(str(number)) for (number,) in self._rows(sql + _NEWEST_FIRST + " LIMIT ?", [*values, count])]
        found = self.articles(numbers)
        return [found[number] for number in numbers]

    def newest_first(self) -> list[int]:
        """Numbers of all articles, in the order of `latest`."""
        return [int(str(number)) for (number,) in self._rows(f"SELECT a.id FROM article a{_NEWEST_FIRST}")]  # noqa: S608

    def languages(self, numbers: Iterable[int]) -> dict[int, str]:
        """Languages of articles by their numbers, where they have one."""
        wanted = sorted(set(numbers))
        sql = f"SELECT article, name FROM label WHERE tag = 2 AND article IN ({_marks(wanted)})"  # noqa: S608
        return {int(str(article)): str(name) for article, name in self._rows(sql, wanted)}

    def originals(self) -> dict[int, int]:
        """Numbers of the articles whose text another one has too, by whose passages stand for theirs, and of that."""
        sql = "SELECT id, same_as FROM article WHERE same_as IS NOT NULL"
        return {int(str(number)): int(str(original)) for number, original in self._rows(sql)}

    def places(self) -> dict[int, tuple[int, int]]:
        """Number of the first passage of each article that has any, and how many it has."""
        rows = self._rows("SELECT article, min(id), count(*) FROM passage GROUP BY article")
        return {int(str(article)): (int(str(first)), int(str(count))) for article, first, count in rows}

    def categories(self) -> list[Category]:
        """All categories, those of most articles first."""
        sql = "SELECT min(name), count(DISTINCT article) FROM label WHERE tag = 0 GROUP BY key ORDER BY 2 DESC, 1"
        return [Category(str(name), int(str(articles))) for name, articles in self._rows(sql)]

    def texts_of(self, path: str) -> list[str]:
        """Texts of an article's passages in reading order; none for an article that is not there."""
        sql = "SELECT p.text FROM passage p JOIN article a ON p.article = coalesce(a.same_as, a.id) WHERE a.path = ?"
        return [unsqueeze(text) for (text,) in self._rows(sql + " ORDER BY p.id", (encodable(path),))]

    def passages(self, numbers: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by their numbers."""
        sql = f"SELECT id, article, text, headings, sentences FROM passage WHERE id IN ({_marks(numbers)})"  # noqa: S608
        return {passage.number: passage for passage in map(_passage, self._rows(sql, numbers))}

    def passages_from(self, number: int) -> Iterator[StoredPassage]:
        """Every passage from `number` on, in the order of its number."""
        sql = "SELECT id, article, text, headings, sentences FROM passage WHERE id >= ? ORDER BY id"
        return map(_passage, self._connection.execute(sql, (number,)))

    def count_from(self, number: int) -> int:
        """How many passages there are from `number` on."""
        return int(str(self._rows("SELECT count(*) FROM passage WHERE id >= ?", (number,))[0][0]))

    def urls(self) -> dict[str, str | None]:
        """URL of every article by its path."""
        return {str(path): _optional(url) for path, url in self._rows("SELECT path, url FROM article")}

    def passages_of(self, article: int) -> list[StoredPassage]:
        """The passages of an article in reading order."""
        sql = "SELECT id, article, text, headings, sentences FROM passage WHERE article = ? ORDER BY id"
        return [_passage(row) for row in self._rows(sql, (article,))]

    def allowed(self, where: Filter) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """(n,) numbers, ascending, of the passages whose article meets every condition of `where`."""
        conditions, values = _conditions(where)
        sql = "SELECT p.id FROM passage p JOIN article a ON a.id = p.article WHERE "
        rows = self._rows(sql + " AND ".join(conditions or ["1"]) + " ORDER BY p.id", values)
        return np.array([number for (number,) in rows], dtype=np.int64)


def _conditions(where: Filter) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    if where.category is not None:
        conditions.append("a.id IN (SELECT article FROM label WHERE key = ? AND tag = 0)")
        values.append(fold(encodable(where.category)))
    if where.author is not None:
        conditions.append("a.author_key = ?")
        values.append(fold(encodable(where.author)))
    if where.language is not None:
        conditions.append("a.id IN (SELECT article FROM label WHERE key = ? AND tag = 2)")
        values.append(fold(encodable(where.language)))
    for day, comparison in ((where.after, ">="), (where.before, "<=")):
        if day is not None:
            conditions.append(f"a.day {comparison} ?")
            values.append(day.toordinal())
    return conditions, values


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _passage(row: tuple[object, ...]) -> StoredPassage:
    number, article, text, headings, packed = row
    return StoredPassage(
        int(str(number)),
        int(str(article)),
        unsqueeze(text),
        tuple(str(headings).split("\n")) if headings else (),
        unpack_spans(packed),  # type: ignore[arg-type]
    )


def _article(row: tuple[object, ...], labels: dict[tuple[object, object], list[str]]) -> Article:
    number, path, title, url, written, author, image = row
    return Article(
        path=str(path),
        title=str(title),
        url=_optional(url),
        date=unpack_date(_optional(written)),
        author=_optional(author),
        categories=tuple(labels.get((number, 0), ())),
        tags=tuple(labels.get((number, 1), ())),
        image=_optional(image),
    )


def _optional(value: object) -> str | None:
    return None if value is None else str(value)
