"""What people said of answers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from fake_retriever import ARTICLE, FERRY, HIT, OTHER, TEXT

from bot.feedback import Feedback, Tally
from bot.sheets import Sheet
from bot.sqlite import SqliteDatabase

SHEET = Sheet("id", 70_001, 80_002, "When?", "When?", True, (HIT, FERRY), "g1")


def test_a_verdict_is_kept_with_all_that_was_shown_and_nobodys_number(tmp_path: Path) -> None:
    file = tmp_path / "feedback.sqlite"
    feedback = Feedback(lambda schema: SqliteDatabase(file, schema), lambda: date(2024, 3, 1))
    feedback.judge(SHEET, 1, right=True)
    database = SqliteDatabase(file, "")
    assert database.rows("SELECT * FROM verdict") == [("id", 2, "2024-03-01", "When?", "g1", "right")]
    assert database.rows("SELECT rank, path, text FROM shown ORDER BY rank") == [
        (1, ARTICLE.path, TEXT),
        (2, OTHER.path, FERRY.text),
    ]
    held = str(database.rows("SELECT * FROM verdict") + database.rows("SELECT * FROM shown"))
    assert "70001" not in held
    assert "80002" not in held


def test_a_second_thought_replaces_the_first_and_an_edited_question_both() -> None:
    feedback = Feedback(lambda schema: SqliteDatabase(None, schema))
    feedback.judge(SHEET, 0, right=True)
    feedback.judge(SHEET, 0, right=False)
    feedback.judge(SHEET, 1, right=True)
    assert feedback.tally() == Tally(right=1, wrong=1)
    feedback.judge(replace(SHEET, question="Where?"), 0, right=True)
    assert feedback.tally() == Tally(right=1, wrong=0)


def test_broken_text_does_no_harm() -> None:
    feedback = Feedback(lambda schema: SqliteDatabase(None, schema))
    feedback.judge(replace(SHEET, question="half \ud83d pair"), 0, right=True)
    assert feedback.tally() == Tally(right=1, wrong=0)
