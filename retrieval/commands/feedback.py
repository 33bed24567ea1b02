"""Feedback that users gave the bot, as questions whose answers are known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from retrieval.commands.evaluation import Expected, UnusableQuestions

_RIGHT = """
SELECT verdict.question, shown.path, shown.text FROM verdict JOIN shown USING (id, rank)
WHERE verdict.verdict = 'right' GROUP BY verdict.question, shown.path, shown.text ORDER BY min(verdict.rowid)
"""


def load_feedback(file: Path) -> list[Expected]:
    """Questions of which somebody said that a passage answers them; the passage is the answer.

    The tables are described in bot/feedback.py. Raises UnusableQuestions.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute(_RIGHT).fetchall()
    except sqlite3.Error as exc:
        raise UnusableQuestions(f"{file}: the feedback cannot be read ({exc})") from exc
    if not rows:
        raise UnusableQuestions(f"{file}: nobody has called an answer right yet")
    return [Expected(str(question), str(path), (str(text),)) for question, path, text in rows]
