"""How replies look in a terminal."""

import io

from fake_retriever import BEST, HIT, OTHER
from rich.console import Console

from bot.languages.language import language_for
from bot.lists import articles, page_of
from bot.replies import Reply, paragraphs, passage
from bot.sheets import Sheet
from bot.terminal import drawn, greeted

ENGLISH = language_for("en")
SHEET = Sheet("id", 7, 7, "q", "q", True, (HIT,), "g1")


def shown(reply: Reply, *, width: int = 60, styled: bool = False) -> str:
    console = Console(
        file=io.StringIO(), width=width, force_terminal=styled, color_system="truecolor" if styled else None
    )
    console.print(drawn(reply))
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_a_quote_has_a_bar_before_every_line_and_choices_have_numbers() -> None:
    lines = shown(passage(SHEET, 0, ENGLISH)).splitlines()
    assert [line.rstrip() for line in lines[:3]] == [
        "北角灯塔 <修缮> 完工",
        "https://news.example.com/2021/灯塔/",
        "May 4, 2021 · 北角晚报",
    ]
    quoted = [line for line in lines if line.startswith("▎ ")]
    assert len(quoted) == 2
    assert "".join(line.removeprefix("▎ ").strip() for line in quoted).replace(" ", "") == HIT.text.replace(" ", "")
    assert lines[-3].split() == ["1", "More", "from", "this", "article"]
    assert lines[-2].split() == ["2", "👍", "Right", "3", "👎", "Not", "right"]


def test_the_best_sentence_is_bold_and_titles_can_be_clicked() -> None:
    text = shown(passage(SHEET, 0, ENGLISH), width=200, styled=True)
    assert f"\x1b[1m{BEST}\x1b[0m" in text
    assert f"{HIT.url}\x1b\\" in text


def test_paragraphs_stand_apart() -> None:
    lines = shown(paragraphs(SHEET, 0, ["one", HIT.text, "three"], 0, ENGLISH), width=200).splitlines()
    assert lines[3:8] == ["▎ one", "", f"▎ {HIT.text}", "", "▎ three"]


def test_lists_and_the_greeting_are_drawn_too() -> None:
    reply = articles(page_of([OTHER], 0, 10), ENGLISH, str)
    assert "• 渡轮改点 · July 1, 2022" in shown(reply)
    console = Console(file=io.StringIO(), width=60)
    console.print(greeted("Hi!"))
    assert "wenda 问答" in console.file.getvalue()  # type: ignore[attr-defined]
