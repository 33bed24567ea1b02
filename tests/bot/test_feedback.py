"""What people said of answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fake_retriever import ARTICLE, FERRY, HIT, OTHER, TEXT
from postgres_server import PASSWORD

from bot.database import Database
from bot.feedback import Feedback, Tally
from bot.postgres import Postgres
from bot.sheets import Sheet
from bot.sqlite import SqliteDatabase
from retrieval.commands import evaluate
from retrieval.commands.evaluation import Expected, UnusableQuestions
from retrieval.commands.feedback import load_feedback

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


def judged(database: Callable[[str], Database]) -> None:
    feedback = Feedback(database, lambda: date(2024, 3, 1))
    feedback.judge(SHEET, 1, right=True)
    feedback.judge(replace(SHEET, id="again"), 1, right=True)
    feedback.judge(replace(SHEET, id="other", question="Where?"), 0, right=False)


def test_evaluation_reads_what_was_called_right_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "feedback.sqlite"
    judged(lambda schema: SqliteDatabase(file, schema))
    assert load_feedback(str(file)) == [Expected("When?", OTHER.path, (FERRY.text,))]


def test_evaluation_reads_what_was_called_right_from_the_shared_database(postgres: Postgres, state_url: str) -> None:
    Feedback(postgres.database)
    with pytest.raises(UnusableQuestions, match=r"^PostgreSQL at .*: nobody has called") as error:
        load_feedback(state_url)
    assert PASSWORD not in str(error.value)
    judged(postgres.database)
    assert load_feedback(state_url) == [Expected("When?", OTHER.path, (FERRY.text,))]


def test_feedback_in_a_database_that_cannot_be_had_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--feedback", "postgresql://lin:pass-phrase@127.0.0.1:1/x"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("evaluate-retrieval: PostgreSQL at 127.0.0.1:1/x cannot be used (")
    assert said.count("\n") == 1
    assert "pass-phrase" not in said


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
