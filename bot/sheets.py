"""Sheets: what lies behind the buttons of an answer, kept under a short id."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.database import Database, Row
from retrieval.records import Article, Hit, Mention

KEPT = 30 * 24 * 3600
"""Seconds; buttons older than that say that they have expired."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sheet (
    id TEXT PRIMARY KEY, chat INTEGER NOT NULL, "user" INTEGER NOT NULL, asked INTEGER, message INTEGER,
    created INTEGER NOT NULL, content TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sheet_message ON sheet (chat, message);
CREATE INDEX IF NOT EXISTS sheet_asked ON sheet (chat, asked);
CREATE INDEX IF NOT EXISTS sheet_created ON sheet (created);
"""
_COLUMNS = 'id, chat, "user", asked, message, content'
_SAVE = """
INSERT INTO sheet VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    chat = excluded.chat, "user" = excluded."user", asked = excluded.asked, message = excluded.message,
    created = excluded.created, content = excluded.content
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An answer that was shown, and to whom."""

    id: str
    chat: int
    user: int
    question: str
    """As it was understood."""
    context: str
    """What a follow-up is understood by: the question that stands by itself."""
    answered: bool
    hits: tuple[Hit, ...]
    generation: str
    note: str = ""
    """How the question was understood, where that needs to be said."""
    said: str = ""
    """The question as it was put, by which an edit of it is told from a reaction to it."""
    asked: int | None = None
    """Identity of the message that holds the question (`bot.addressing`)."""
    message: int | None = None
    """Number of the message that shows the answer; None until it is sent."""


def new_id() -> str:
    """An id nobody can guess: 64 random bits in 11 characters."""
    return secrets.token_urlsafe(8)


class Sheets:
    """Keeps sheets for 30 days. Raises UnusableData."""

    def __init__(self, database: Callable[[str], Database], clock: Callable[[], float] = time.time) -> None:
        """`database` makes one of a schema."""
        self._database = database(_SCHEMA)
        self._clock = clock

    def save(self, sheet: Sheet) -> None:
        """Keep a sheet, in the place of an earlier one with its id; forget those that have expired."""
        now = int(self._clock())
        values = (sheet.id, sheet.chat, sheet.user, sheet.asked, sheet.message, now, _written(sheet))
        self._database.write(
            ("DELETE FROM sheet WHERE created <= ?", (now - KEPT,)),
            (_SAVE, values),
        )

    def place(self, sheet: str, message: int) -> None:
        """Note which message shows it."""
        self._database.write(("UPDATE sheet SET message = ? WHERE id = ?", (message, sheet)))

    def find(self, sheet: str) -> Sheet | None:
        """The sheet with an id."""
        return self._one("id = ?", sheet)

    def shown_in(self, chat: int, message: int) -> Sheet | None:
        """The sheet that a message shows."""
        return self._one("chat = ? AND message = ?", chat, message)

    def asked_in(self, chat: int, message: int) -> Sheet | None:
        """The sheet that answers the message of that identity."""
        return self._one("chat = ? AND asked = ?", chat, message)

    def move(self, old: int, new: int) -> None:
        """A chat has got a new number; its messages begin anew, so what they show is forgotten."""
        self._database.write(("UPDATE sheet SET chat = ?, message = NULL, asked = NULL WHERE chat = ?", (new, old)))

    def _one(self, condition: str, *values: object) -> Sheet | None:
        oldest = int(self._clock()) - KEPT
        sql = f"SELECT {_COLUMNS} FROM sheet WHERE {condition} AND created > ? ORDER BY created DESC LIMIT 1"  # noqa: S608
        found = self._database.rows(sql, (*values, oldest))
        return _read(found[0]) if found else None


def _written(sheet: Sheet) -> str:
    content = {
        "question": sheet.question,
        "context": sheet.context,
        "answered": sheet.answered,
        "generation": sheet.generation,
        "note": sheet.note,
        "said": sheet.said,
        "hits": [_hit_fields(hit) for hit in sheet.hits],
    }
    # Halves of surrogate pairs, which broken files hold, survive as escapes.
    return json.dumps(content)


def _read(row: Row) -> Sheet:
    sheet, chat, user, asked, message, content = row
    fields = json.loads(str(content))
    return Sheet(
        id=str(sheet),
        chat=int(str(chat)),
        user=int(str(user)),
        asked=None if asked is None else int(str(asked)),
        message=None if message is None else int(str(message)),
        **{**fields, "hits": tuple(map(_hit, fields["hits"]))},
    )


def _hit_fields(hit: Hit) -> dict[str, Any]:
    article = hit.article
    return {
        "text": hit.text,
        "score": hit.score,
        "highlight": hit.highlight,
        "url": hit.url,
        "also_in": [[mention.title, mention.url, mention.path] for mention in hit.also_in],
        "article": {
            "path": article.path,
            "title": article.title,
            "url": article.url,
            "date": article.date.isoformat() if article.date else None,
            "author": article.author,
            "categories": article.categories,
            "image": article.image,
        },
    }


def _hit(fields: dict[str, Any]) -> Hit:
    article = fields["article"]
    return Hit(
        text=fields["text"],
        score=fields["score"],
        highlight=(fields["highlight"][0], fields["highlight"][1]) if fields["highlight"] else None,
        url=fields["url"],
        also_in=tuple(Mention(*mention) for mention in fields["also_in"]),
        article=Article(**{**article, "date": _date(article["date"]), "categories": tuple(article["categories"])}),
    )


def _date(text: str | None) -> datetime | date | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
