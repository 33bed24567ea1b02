"""The ledger: what each file of the articles folder held when it was read, so that only what changed is read anew.

A file is known by the hash of its bytes, never by its time: a checkout or a copy gives every file a new one.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from retrieval.errors import DamagedIndex
from retrieval.indexing import fronts
from retrieval.reading.repeats import Repeated, Repeats
from retrieval.records import Skipped

FILE = "ledger.sqlite"
_SCHEMA = """
CREATE TABLE file (
    path TEXT PRIMARY KEY, digest BLOB NOT NULL, reason TEXT, article INTEGER, text BLOB, marks BLOB, ahead INTEGER,
    feed TEXT, ends TEXT, front TEXT, unread TEXT
) WITHOUT ROWID;
CREATE INDEX file_text ON file (text, marks);
CREATE TABLE repeated (feed TEXT NOT NULL, line TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file held; no more than the first two where it is a draft, or could not be read.

    Of a post that its site does not show today, its front matter besides, and whether another day will.
    """

    path: str
    digest: bytes
    reason: str | None = None
    """Why it was skipped, if it was."""
    article: int | None = None
    """Number in the catalogue."""
    text: bytes | None = None
    """Hash of all the article's text; None where it has none."""
    marks: bytes | None = None
    """Hash of what filters ask for."""
    ahead: bool = False
    """Whether it is dated ahead of the time of reading: its address, or whether it is public, depends on the day."""
    feed: str | None = None
    """What the article comes from; None where the file is none."""
    ends: AbstractSet[str] = frozenset()
    front: Mapping[str, object] | None = None
    unread: str | None = None
    """Why the site's generator does not read this front matter, if it does not."""


def digest_of(data: bytes) -> bytes:
    """What a file, or a text, is known by."""
    return blake2b(data, digest_size=16).digest()


class Ledger:
    """A ledger, to be read and to be written. Raises DamagedIndex."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self._file = file
        self._connection = connection

    @classmethod
    def open(cls, file: Path) -> Ledger:
        """The ledger in `file`, to be read."""
        try:
            uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
            return cls(file, sqlite3.connect(uri, uri=True, isolation_level=None))
        except sqlite3.Error as exc:
            raise DamagedIndex(file.parent, f"{file.name} cannot be read ({exc})") from exc

    @classmethod
    def create(cls, file: Path, original: Path | None = None) -> Ledger:
        """A ledger to be written: a new one, or on from a copy of `original`."""
        if original is not None:
            shutil.copyfile(original, file)
        connection = sqlite3.connect(file, isolation_level=None)
        # The file is not live until it is published whole, so a journal would protect nothing.
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        if original is None:
            connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        return cls(file, connection)

    def _rows(self, sql: str, values: Iterable[object] = ()) -> Iterator[tuple[object, ...]]:
        try:
            yield from self._connection.execute(sql, tuple(values))
        except sqlite3.Error as exc:
            raise DamagedIndex(self._file.parent, f"{self._file.name} cannot be read ({exc})") from exc

    def put(self, entry: Entry) -> None:
        """Write down what a file held, instead of what it held before."""
        self._connection.execute(
            "REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.path,
                entry.digest,
                entry.reason,
                entry.article,
                entry.text,
                entry.marks,
                entry.ahead,
                entry.feed,
                json.dumps(sorted(entry.ends)),
                None if entry.front is None else fronts.pack(entry.front),
                entry.unread,
            ),
        )

    def remove(self, paths: Iterable[str]) -> None:
        """Forget files."""
        self._connection.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in paths))

    def digests(self) -> dict[str, bytes]:
        """Digest of every file by its path."""
        return {str(path): bytes(digest) for path, digest in self._rows("SELECT path, digest FROM file")}  # type: ignore[call-overload]

    def numbers(self, paths: Iterable[str]) -> dict[str, int]:
        """Numbers of the articles among the files at `paths`."""
        sql = "SELECT article FROM file WHERE path = ? AND article IS NOT NULL"
        return {path: int(str(number)) for path in paths for (number,) in self._rows(sql, (path,))}

    def article_like(self, entry: Entry) -> int | None:
        """Number of the first article taken in that has the same text, and is found under the same filters."""
        sql = "SELECT min(article) FROM file WHERE text = ? AND marks = ?"
        for (number,) in self._rows(sql, (entry.text, entry.marks)):
            return None if number is None else int(str(number))
        return None

    def paths(self) -> set[str]:
        """Paths of all articles."""
        return {str(path) for (path,) in self._rows("SELECT path FROM file WHERE article IS NOT NULL")}

    def dated_ahead(self) -> bool:
        """Whether any file is dated ahead of the time it was read."""
        return any(self._rows("SELECT 1 FROM file WHERE ahead LIMIT 1"))

    def fronts_ahead(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Path and front matter of every post that is dated ahead, whether it was taken in or not."""
        for path, front in self._rows("SELECT path, front FROM file WHERE ahead AND front IS NOT NULL ORDER BY path"):
            yield str(path), fronts.unpack(str(front))

    def skipped(self) -> list[Skipped]:
        """The files that could not be read."""
        rows = self._rows("SELECT path, reason FROM file WHERE reason IS NOT NULL ORDER BY path")
        return [Skipped(str(path), str(reason)) for path, reason in rows]

    def fronts(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Path and front matter of every article, by path."""
        for path, front in self._rows("SELECT path, front FROM file WHERE article IS NOT NULL ORDER BY path"):
            yield str(path), fronts.unpack(str(front))

    def unread(self) -> dict[str, str]:
        """Path of every article whose front matter the site's generator does not read, and why."""
        sql = "SELECT path, unread FROM file WHERE unread IS NOT NULL AND article IS NOT NULL"
        return {str(path): str(reason) for path, reason in self._rows(sql)}

    def fronts_of(self, paths: Iterable[str]) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Path and front matter of the articles at `paths`."""
        for path in paths:
            for (front,) in self._rows("SELECT front FROM file WHERE path = ? AND article IS NOT NULL", (path,)):
                yield path, fronts.unpack(str(front))

    def repeats(self) -> Repeated:
        """The lines that feeds repeat, counted over all articles."""
        found = Repeats()
        sql = "SELECT feed, ends, coalesce(text, path) FROM file WHERE feed IS NOT NULL ORDER BY path"
        for feed, ends, text in self._rows(sql):
            found.add(str(feed), frozenset(json.loads(str(ends))), str(text).encode())
        return found.found()

    def holding(self, lines: Repeated) -> set[str]:
        """Paths of the articles that have any of `lines` near an end."""
        found: set[str] = set()
        for feed, texts in lines.items():
            for path, ends in self._rows("SELECT path, ends FROM file WHERE feed = ?", (feed,)):
                if not texts.isdisjoint(json.loads(str(ends))):
                    found.add(str(path))
        return found

    def left_out(self) -> Repeated:
        """The repeated lines that were left out of the articles."""
        found: dict[str, set[str]] = {}
        for feed, line in self._rows("SELECT feed, line FROM repeated"):
            found.setdefault(str(feed), set()).add(str(line))
        return found

    def leave_out(self, repeated: Repeated) -> None:
        """Write down which lines were left out."""
        self._connection.execute("DELETE FROM repeated")
        rows = ((feed, line) for feed, lines in repeated.items() for line in sorted(lines))
        self._connection.executemany("INSERT INTO repeated VALUES (?, ?)", rows)

    def close(self) -> None:
        """Write everything out."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        self._connection.close()

    def discard(self) -> None:
        """Let go of the file, whatever it holds."""
        self._connection.close()
