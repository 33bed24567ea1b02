"""What lies behind buttons, kept in a file."""

from dataclasses import replace
from pathlib import Path

import pytest
from fake_retriever import FERRY, HIT

from bot.errors import UnusableData
from bot.keyboard import Press
from bot.sheets import KEPT, Sheet, Sheets, new_id
from bot.sqlite import SqliteDatabase

SHEET = Sheet("id", 7, 8, "question", "context", True, (HIT, FERRY), "g1", "note", asked=1, message=2)


def kept_in(file: Path | None, now: float = 0) -> Sheets:
    return Sheets(lambda schema: SqliteDatabase(file, schema), lambda: now)


def test_a_sheet_outlives_a_restart_word_for_word(tmp_path: Path) -> None:
    kept_in(tmp_path / "new" / "state.sqlite").save(SHEET)
    again = kept_in(tmp_path / "new" / "state.sqlite")
    assert again.find("id") == again.shown_in(7, 2) == again.asked_in(7, 1) == SHEET
    assert again.find("other") is None


def test_texts_of_broken_files_survive() -> None:
    sheets, broken = kept_in(None), replace(SHEET, hits=(replace(HIT, text="half \ud83d pair"),))
    sheets.save(broken)
    assert sheets.find("id") == broken


def test_a_sheet_expires(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    kept_in(file).save(SHEET)
    later = kept_in(file, KEPT)
    assert later.find("id") is None
    later.save(replace(SHEET, id="new"))
    assert len(SqliteDatabase(file, "").rows("SELECT 1 FROM sheet")) == 1


def test_a_sheet_is_found_by_the_message_it_is_placed_in() -> None:
    sheets = kept_in(None)
    sheets.save(replace(SHEET, message=None))
    sheets.place("id", 9)
    assert sheets.shown_in(7, 9) == replace(SHEET, message=9)


def test_in_a_chat_with_a_new_number_its_messages_begin_anew() -> None:
    sheets = kept_in(None)
    sheets.save(SHEET)
    sheets.move(7, -100)
    assert sheets.find("id") == replace(SHEET, chat=-100, message=None, asked=None)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_text("not a database, and long enough to be one" * 100)
    with pytest.raises(UnusableData, match=r"state\.sqlite cannot be used .*BOT_DATA"):
        kept_in(tmp_path / "state.sqlite").find("id")


@pytest.mark.parametrize("press", [Press("p", new_id(), 4), Press("m", new_id(), 999, 999_999), Press("r", new_id())])
def test_what_a_button_says_fits_and_is_read_back(press: Press) -> None:
    assert 1 <= len(press.data.encode()) <= 64
    assert Press.read(press.data) == press
