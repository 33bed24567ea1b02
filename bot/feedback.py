"""Feedback: what people said of answers, in a small SQLite file, or in PostgreSQL, that evaluation reads.

Table `verdict`, a row for each answer and passage that somebody judged:
    id          TEXT     of the answer; means nothing outside these tables
    rank        INTEGER  of the passage that was judged, from 1
    day         TEXT     ISO 8601
    question    TEXT     as it was searched
    generation  TEXT     of the index that answered
    verdict     TEXT     `right` (the passage answers the question) or `wrong`
Table `shown`, a row for each passage of such an answer, best first:
    id, rank    as above
    path        TEXT     of the article, relative to the articles folder
    text        TEXT     of the passage, word for word
It holds nobody's name or number, and no chat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.database import Database
from bot.sheets import Sheet

_SCHEMA = """
CREATE TABLE IF NOT EXISTS verdict (
    id TEXT NOT NULL, rank INTEGER NOT NULL, day TEXT NOT NULL, question TEXT NOT NULL, generation TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')), PRIMARY KEY (id, rank)
);
CREATE TABLE IF NOT EXISTS shown (
    id TEXT NOT NULL, rank INTEGER NOT NULL, path TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, rank)
);
"""
_SHOW = """
INSERT INTO shown VALUES (?, ?, ?, ?)
ON CONFLICT (id, rank) DO UPDATE SET path = excluded.path, text = excluded.text
"""
_JUDGE = """
INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id, rank) DO UPDATE SET
    day = excluded.day, question = excluded.question, generation = excluded.generation, verdict = excluded.verdict
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many passages were judged how."""

    right: int
    wrong: int


class Feedback:
    """Notes verdicts. Raises UnusableData."""

    def __init__(self, database: Callable[[str], Database], today: Callable[[], date] = date.today) -> None:
        """`database` makes one of a schema."""
        self._database = database(_SCHEMA)
        self._today = today

    def judge(self, sheet: Sheet, at: int, *, right: bool) -> None:
        """Note what somebody thinks of the passage at place `at`, from 0; a second thought replaces the first."""
        verdict = (
            sheet.id,
            at + 1,
            self._today().isoformat(),
            _whole(sheet.question),
            sheet.generation,
            "right" if right else "wrong",
        )
        self._database.write(
            # An edited question keeps its answer's id: what was shown before goes, with what was said of it.
            ("DELETE FROM verdict WHERE id = ? AND question <> ?", (sheet.id, _whole(sheet.question))),
            ("DELETE FROM shown WHERE id = ?", (sheet.id,)),
            *(
                (_SHOW, (sheet.id, rank, _whole(hit.article.path), _whole(hit.text)))
                for rank, hit in enumerate(sheet.hits, 1)
            ),
            (_JUDGE, verdict),
        )

    def tally(self) -> Tally:
        """All verdicts, counted."""
        found = self._database.rows("SELECT verdict, count(*) FROM verdict GROUP BY verdict")
        counts = {str(verdict): int(str(count)) for verdict, count in found}
        return Tally(counts.get("right", 0), counts.get("wrong", 0))


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which SQLite refuses."""
    return text.encode("utf-8", "replace").decode()
