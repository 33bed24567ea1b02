"""The catalogue: articles and passages in SQLite, as they are shown and as they are scored."""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from retrieval.errors import DamagedIndex
from retrieval.indexing.analysis import fold
from retrieval.records import Article, Category, Filter

_SCHEMA = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, url TEXT, date TEXT, day INTEGER,
    author TEXT, author_key TEXT, image TEXT, same_as INTEGER
);
CREATE TABLE label (article INTEGER NOT NULL, tag INTEGER NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, article INTEGER NOT NULL, text BLOB NOT NULL, headings TEXT NOT NULL,
    sentences BLOB NOT NULL, runs BLOB NOT NULL, length REAL NOT NULL
);
CREATE TABLE numbered (articles INTEGER NOT NULL, passages INTEGER NOT NULL);
"""
_INDEXES = """
CREATE INDEX passage_article ON passage (article);
CREATE INDEX label_article ON label (article);
CREATE INDEX label_key ON label (key, tag);
CREATE INDEX article_day ON article (day);
CREATE INDEX article_same ON article (same_as) WHERE same_as IS NOT NULL;
"""
_PAGE = 16_384
"""Bytes: a passage takes one to three thousand, of which a page of 4,096 often holds only one."""
_SPAN = 8
"""Bytes that a sentence's place takes."""
_ARTICLE = "a.id, a.path, a.title, a.url, a.date, a.author, a.image"


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it was indexed."""

    number: int
    """Its row in the vector index."""
    article: int
    text: str
    headings: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    """[start, end) of each sentence in `text`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What lexical scoring needs of a passage."""

    runs: str
    length: float


class CatalogueWriter:
    """Writes a catalogue: a new one, or on from a copy of `original`. Numbers are never given twice."""

    def __init__(self, file: Path, original: Path | None = None) -> None:
        if original is not None:
            shutil.copyfile(original, file)
        self._connection = sqlite3.connect(file, isolation_level=None)
        # The file is not live until it is published whole, so a journal would protect nothing.
        self._connection.executescript(
            f"PRAGMA page_size = {_PAGE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        )
        if original is None:
            self._connection.executescript(_SCHEMA)
        self._indexed = original is not None
        self._connection.execute("BEGIN")
        self._next_article, self.rows = self._numbers()
        self.articles = self._count("SELECT count(*) FROM article")
        self.passages = self._count("SELECT count(*) FROM passage")
        self.sentences = self._count("SELECT coalesce(sum(length(sentences)), 0) FROM passage") // _SPAN
        self.total_length = float(self._connection.execute("SELECT total(length) FROM passage").fetchone()[0])

    def _numbers(self) -> tuple[int, int]:
        """The next numbers of an article and of a passage."""
        found = self._connection.execute("SELECT articles, passages FROM numbered").fetchone()
        return (0, 0) if found is None else (int(found[0]), int(found[1]))

    def _count(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0])

    def add_article(self, article: Article, same_as: int | None = None) -> int:
        """Add an article and give its number; `same_as` is that of an article whose passages stand for its own."""
        number = self._next_article
        self._next_article += 1
        self.articles += 1
        self._connection.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                article.path,
                article.title,
                article.url,
                article.date.isoformat() if article.date else None,
                article.date.toordinal() if article.date else None,
                article.author,
                fold(article.author) if article.author else None,
                article.image,
                same_as,
            ),
        )
        names = [(0, name) for name in article.categories] + [(1, name) for name in article.tags]
        labels = [(number, tag, name, fold(name)) for tag, name in names]
        self._connection.executemany("INSERT INTO label VALUES (?, ?, ?, ?)", labels)
        return number

    def add_passage(
        self,
        article: int,
        text: str,
        headings: Sequence[str],
        sentences: Sequence[tuple[int, int]],
        terms: Terms,
    ) -> int:
        """Add a passage of an article and give its number."""
        number = self.rows
        self.rows += 1
        self.passages += 1
        self.sentences += len(sentences)
        self.total_length += terms.length
        self._connection.execute(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, article, _squeezed(text), "\n".join(headings), _pack(sentences), _short(terms.runs), terms.length),
        )
        return number

    def remove_article(self, number: int) -> list[int]:
        """Remove an article, and give the numbers of the passages that went with it."""
        sql = "SELECT id, length(sentences), length FROM passage WHERE article = ?"
        gone = self._connection.execute(sql, (number,)).fetchall()
        self.articles -= 1
        self.passages -= len(gone)
        self.sentences -= sum(size for _, size, _ in gone) // _SPAN
        self.total_length -= sum(length for _, _, length in gone)
        for statement in ("article WHERE id", "label WHERE article", "passage WHERE article"):
            self._connection.execute(f"DELETE FROM {statement} = ?", (number,))  # noqa: S608
        return [int(passage) for passage, _, _ in gone]

    def set_urls(self, urls: Iterable[tuple[str, str | None]]) -> None:
        """Give articles their URLs: (path, url)."""
        sql = "UPDATE article SET url = ?1 WHERE path = ?2 AND url IS NOT ?1"
        self._connection.executemany(sql, ((u, p) for p, u in urls))

    def close(self) -> None:
        """Write everything out."""
        self._connection.execute("DELETE FROM numbered")
        self._connection.execute("INSERT INTO numbered VALUES (?, ?)", (self._next_article, self.rows))
        self._connection.execute("COMMIT")
        if not self._indexed:
            self._connection.executescript(_INDEXES + "PRAGMA optimize;")
        self._connection.close()


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
        order = " ORDER BY a.day IS NULL, a.day DESC, a.date DESC, a.path LIMIT ?"
        numbers = [int(str(number)) for (number,) in self._rows(sql + order, [*values, count])]
        found = self.articles(numbers)
        return [found[number] for number in numbers]

    def categories(self) -> list[Category]:
        """All categories, those of most articles first."""
        sql = "SELECT min(name), count(DISTINCT article) FROM label WHERE tag = 0 GROUP BY key ORDER BY 2 DESC, 1"
        return [Category(str(name), int(str(articles))) for name, articles in self._rows(sql)]

    def texts_of(self, path: str) -> list[str]:
        """Texts of an article's passages in reading order; none for an article that is not there."""
        sql = "SELECT p.text FROM passage p JOIN article a ON p.article = coalesce(a.same_as, a.id) WHERE a.path = ?"
        return [_whole(text) for (text,) in self._rows(sql + " ORDER BY p.id", (path,))]

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

    def terms(self, numbers: Sequence[int]) -> dict[int, Terms]:
        """What lexical scoring needs, by passage number."""
        rows = self._rows(f"SELECT id, runs, length FROM passage WHERE id IN ({_marks(numbers)})", numbers)  # noqa: S608
        return {int(str(number)): Terms(_long(runs), float(str(length))) for number, runs, length in rows}

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
        values.append(fold(where.category))
    if where.author is not None:
        conditions.append("a.author_key = ?")
        values.append(fold(where.author))
    for day, comparison in ((where.after, ">="), (where.before, "<=")):
        if day is not None:
            conditions.append(f"a.day {comparison} ?")
            values.append(day.toordinal())
    return conditions, values


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _squeezed(text: str) -> bytes:
    """A text that is read seldom: when it is shown."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def _whole(stored: object) -> str:
    return zlib.decompress(stored).decode("utf-8", "surrogatepass")  # type: ignore[arg-type]


def _short(text: str) -> str | bytes:
    """A text that is read often: in UTF-16 where that is shorter, as it is for Han, kana and Hangul."""
    wide = text.encode("utf-16-le", "surrogatepass")
    return wide if len(wide) < len(text.encode("utf-8", "surrogatepass")) else text


def _long(stored: object) -> str:
    return stored.decode("utf-16-le", "surrogatepass") if isinstance(stored, bytes) else str(stored)


def _pack(sentences: Sequence[tuple[int, int]]) -> bytes:
    return np.array(sentences, dtype="<u4").tobytes()


def _passage(row: tuple[object, ...]) -> StoredPassage:
    number, article, text, headings, packed = row
    spans = np.frombuffer(packed, dtype="<u4").reshape(-1, 2).tolist()  # type: ignore[call-overload]
    return StoredPassage(
        int(str(number)),
        int(str(article)),
        _whole(text),
        tuple(str(headings).split("\n")) if headings else (),
        tuple((start, end) for start, end in spans),
    )


def _article(row: tuple[object, ...], labels: dict[tuple[object, object], list[str]]) -> Article:
    number, path, title, url, written, author, image = row
    return Article(
        path=str(path),
        title=str(title),
        url=_optional(url),
        date=_date(_optional(written)),
        author=_optional(author),
        categories=tuple(labels.get((number, 0), ())),
        tags=tuple(labels.get((number, 1), ())),
        image=_optional(image),
    )


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def _date(text: str | None) -> datetime | date | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
