"""Feedback that users gave the bot, as questions whose answers are known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from retrieval.commands.evaluation import Expected, UnusableQuestions
from retrieval.postgres import SCHEMES, Row, Server

_RIGHT = """
SELECT verdict.question, shown.path, shown.text FROM verdict JOIN shown USING (id, rank)
WHERE verdict.verdict = 'right' GROUP BY verdict.question, shown.path, shown.text
ORDER BY min(verdict.day), verdict.question, shown.path, shown.text
"""


def load_feedback(place: str) -> list[Expected]:
    """Questions of which somebody said that a passage answers them; the passage is the answer.

    `place` is the bot's SQLite file or its PostgreSQL database, whose tables are described in bot/feedback.py.
    Raises UnusableQuestions, UnusableServer, and MissingExtra where PostgreSQL's library is not installed.
    """
    # An address may hold a password, so only the server is named.
    server = Server(place) if place.startswith(SCHEMES) else None
    rows = _from_server(server) if server else _from_file(Path(place))
    if not rows:
        raise UnusableQuestions(f"{server.name if server else place}: nobody has called an answer right yet")
    return [Expected(str(question), str(path), (str(text),)) for question, path, text in rows]


def _from_file(file: Path) -> list[Row]:
    if not file.is_file():
        # SQLite would wait for the other end of a FIFO.
        raise UnusableQuestions(f"{file}: the feedback cannot be read (no such file)")
    # Beside a log SQLite makes a file of its own, which it may not be allowed to, and which nothing else needs.
    mode = "mode=ro" if Path(f"{file}-wal").exists() else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True)) as connection:
            return connection.execute(_RIGHT).fetchall()
    except sqlite3.Error as exc:
        raise UnusableQuestions(f"{file}: the feedback cannot be read ({exc})") from exc


def _from_server(server: Server) -> list[Row]:
    with closing(server):
        return server.rows(_RIGHT)
