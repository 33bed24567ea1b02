"""The conversation in a terminal."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from fake_retriever import ARTICLE, BEST, FERRY, HIT, PARAGRAPHS, TEXT, FakeRetriever
from running import ON_FAKE_INDEX, environment, run

from bot.console import console_language, converse
from bot.feedback import Feedback, Tally
from bot.languages.language import language_for, languages
from bot.sqlite import SqliteDatabase

ENGLISH = language_for("en")


def said_to(*lines: str, data: Path = Path("unused")) -> str:
    output = io.StringIO()
    converse(FakeRetriever(), data, io.StringIO("".join(f"{line}\n" for line in lines)), output, ENGLISH)
    return output.getvalue()


CHOICES = "[1] Next (2/2) ›\n[2] More from this article\n[3] 👍 Right  [4] 👎 Not right"
CARD = (
    f"{ARTICLE.title} <{HIT.url}>\nMay 4, 2021 · 北角晚报\n> {TEXT}\n"
    f"Also in: 岛上见闻 <https://other.example.com/1?a=1&b=2>\n{CHOICES}\n\n"
)


def test_an_answer_is_plain_lines_with_the_passage_word_for_word() -> None:
    assert said_to("When was it lit?") == CARD


def test_buttons_are_numbered_choices() -> None:
    shown = said_to("When was it lit?", "1", "1", "2", "3")
    first, second, again, around, back, rest = shown.split("\n\n")
    assert f"{first}\n\n" == f"{again}\n\n" == CARD
    assert FERRY.text in second
    assert [f"> {text}" in around for text in PARAGRAPHS] == [False, True, True, True, False, False]
    assert (back, rest) == (first, "")


def test_a_number_without_a_choice_is_a_question() -> None:
    assert said_to("1") == CARD


def test_verdicts_are_kept(tmp_path: Path) -> None:
    assert said_to("When was it lit?", "3", data=tmp_path).endswith(f"{ENGLISH.thanks}\n\n")
    feedback = Feedback(lambda schema: SqliteDatabase(tmp_path / "feedback.sqlite", schema))
    assert feedback.tally() == Tally(right=1, wrong=0)


def test_a_follow_up_is_understood_with_the_question_before_it() -> None:
    shown = said_to("When was the lighthouse lit?", "what about 2020?")
    assert "Understood as: When was the lighthouse lit 2020" in shown


def test_thanks_between_a_question_and_its_follow_up_are_passed_over() -> None:
    shown = said_to("When was the lighthouse lit?", "thanks", "what about 2020?")
    assert "Understood as: When was the lighthouse lit 2020\n" in shown


def test_the_language_can_be_chosen() -> None:
    japanese = language_for("ja")
    number = 1 + [language.name for language in languages()].index(japanese.name)
    assert said_to("/language", str(number), "/help").endswith(
        f"{japanese.language_set}\n\n{japanese.help}\n/latest、/categories、/language、/about\n\n"
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/start", ENGLISH.greeting),
        ("/help", f"{ENGLISH.help}\n/latest, /categories, /language, /about"),
        ("/nonsense", f"{ENGLISH.help}\n/latest, /categories, /language, /about"),
        ("/ask", ENGLISH.empty),
        ("/ask，unheard", f"{ENGLISH.nothing}\n[1] {ENGLISH.latest_button}"),
        ("/categories", f"{ENGLISH.categories}\n[1] 交通 · 1"),
        ("/about", "2 articles, 7 passages.\nIndex as of March 1, 2024."),
        ("/search", ENGLISH.search_usage),
        ("unheard", f"{ENGLISH.nothing}\n[1] {ENGLISH.latest_button}"),
        ("  ", ENGLISH.empty),
        ("x" * 2001, ENGLISH.too_long.format(limit="2,000")),
    ],
)
def test_the_bots_own_words_are_those_of_telegram(line: str, words: str) -> None:
    assert said_to(line) == f"{words}\n\n"


def test_a_server_that_is_away_costs_the_question_asked_meanwhile() -> None:
    assert said_to("lit, away?", "When was it lit?") == f"{ENGLISH.trouble}\nnews: Milvus does not answer\n\n{CARD}"


@pytest.mark.parametrize(
    ("environment", "tag"),
    [
        ({"LANG": "zh_TW.UTF-8"}, "zh-hant"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ({"LC_ALL": "", "LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_terminal(environment: dict[str, str], tag: str) -> None:
    assert tag in console_language(environment).tags


def test_it_needs_no_token_and_ends_with_its_input(tmp_path: Path) -> None:
    ended = run(tmp_path, {}, "--console", typed="When was it lit?\nnothing")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith(
        f"{CHOICES}\n\n{ENGLISH.nothing}\n[1] {ARTICLE.title}\n[2] 渡轮改点\n[3] {ENGLISH.latest_button}\n\n"
    )


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    ended = run(tmp_path, {}, "--console", typed=b"\xff\xfe\x00 lit?\n")
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    ("settings", "typed", "line"),
    [
        ({"INDEX_DIR": "missing"}, "", "article-bot: missing: no index here yet"),
        ({}, "broken\n", "article-bot: the index went away"),
    ],
)
def test_what_cannot_go_on_is_one_line(tmp_path: Path, settings: dict[str, str], typed: str, line: str) -> None:
    ended = run(tmp_path, settings, "--console", typed=typed)
    assert ended.code == 1
    assert ended.err.startswith(line)
    assert ended.err.count("\n") == 1


def test_a_reader_who_has_seen_enough_may_leave(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, *ON_FAKE_INDEX, "--console"],
        cwd=tmp_path,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(b"lit?\n" * 3, timeout=60)
    assert (process.returncode, err) == (0, b"")


def test_in_a_terminal_it_greets_prompts_and_shows_the_best_sentence_in_bold(tmp_path: Path) -> None:
    theirs, ours = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, *ON_FAKE_INDEX, "--console"],
        cwd=tmp_path,
        env=environment({"TERM": "xterm", "COLUMNS": "300"}),
        stdin=ours,
        stdout=ours,
        stderr=ours,
    )
    os.close(ours)
    os.write(theirs, b"lit?\n\x04")
    shown = _read_all(theirs)
    assert process.wait(60) == 0
    assert ENGLISH.greeting.splitlines()[0] in shown
    assert f"\x1b[1m{BEST}\x1b[0m" in shown


def _read_all(terminal: int) -> str:
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces).decode()
