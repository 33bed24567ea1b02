"""The catalogue as it is written."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from retrieval.indexing.analysis import fold
from retrieval.indexing.catalogue.stored import SPAN, pack_date, pack_spans, squeeze
from retrieval.records import Article

_SCHEMA = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, url TEXT, date TEXT, day INTEGER,
    author TEXT, author_key TEXT, image TEXT, same_as INTEGER
);
CREATE TABLE label (article INTEGER NOT NULL, tag INTEGER NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, article INTEGER NOT NULL, text BLOB NOT NULL, headings TEXT NOT NULL,
    sentences BLOB NOT NULL
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
"""Bytes: a passage takes about a thousand, of which a page of 4,096 often holds only one."""


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
        self.sentences = self._count("SELECT coalesce(sum(length(sentences)), 0) FROM passage") // SPAN

    def _numbers(self) -> tuple[int, int]:
        """The next numbers of an article and of a passage."""
        found = self._connection.execute("SELECT articles, passages FROM numbered").fetchone()
        return (0, 0) if found is None else (int(found[0]), int(found[1]))

    def _count(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0])

    def add_article(self, article: Article, same_as: int | None = None, language: str | None = None) -> int:
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
                pack_date(article.date),
                article.date.toordinal() if article.date else None,
                article.author,
                fold(article.author) if article.author else None,
                article.image,
                same_as,
            ),
        )
        names = [(0, name) for name in article.categories] + [(1, name) for name in article.tags]
        names += [(2, language)] if language else []
        labels = [(number, tag, name, fold(name)) for tag, name in names]
        self._connection.executemany("INSERT INTO label VALUES (?, ?, ?, ?)", labels)
        return number

    def add_passage(
        self, article: int, text: str, headings: Sequence[str], sentences: Sequence[tuple[int, int]]
    ) -> int:
        """Add a passage of an article and give its number."""
        number = self.rows
        self.rows += 1
        self.passages += 1
        self.sentences += len(sentences)
        self._connection.execute(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?)",
            (number, article, squeeze(text), "\n".join(headings), pack_spans(sentences)),
        )
        return number

    def remove_article(self, number: int) -> list[int]:
        """Remove an article, and give the numbers of the passages that went with it."""
        sql = "SELECT id, length(sentences) FROM passage WHERE article = ?"
        gone = self._connection.execute(sql, (number,)).fetchall()
        self.articles -= 1
        self.passages -= len(gone)
        self.sentences -= sum(size for _, size in gone) // SPAN
        for statement in ("article WHERE id", "label WHERE article", "passage WHERE article"):
            self._connection.execute(f"DELETE FROM {statement} = ?", (number,))  # noqa: S608
        return [int(passage) for passage, _ in gone]

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

    def discard(self) -> None:
        """Let go of the file, whatever it holds."""
        self._connection.close()
