"""The real program, the real model and the sample articles, from question to message."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_server import PERSON, TOKEN, ApiServer, Call
from running import REAL, ROOT, run, started
from tdlib import Parsed

from bot.languages.language import language_for
from retrieval.indexing.build import build_index

ARTICLES = ROOT / "tests" / "articles"
QUESTIONS = [json.loads(line) for line in (ARTICLES / "questions.jsonl").read_text("utf-8").splitlines() if line]
ASKED = [case for case in QUESTIONS if case["answers"]][::3]
UNANSWERABLE = [case for case in QUESTIONS if not case["answers"]]
ENGLISH = language_for("en")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample articles."""
    folder = tmp_path_factory.mktemp("end-to-end") / "index"
    build_index(ARTICLES, folder)
    return folder


@pytest.fixture(scope="module")
def server(index: Path) -> Iterator[ApiServer]:
    """A Bot API server that the real program is connected to."""
    with ApiServer().running() as server:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_BASE_URL": server.base_url,
            "INDEX_DIR": str(index),
        }
        with started(index.parent, settings, program=REAL) as program:
            server.wait("getMe", seconds=60)
            yield server
            ended = program.stop()
    assert server.refused == []
    assert ended.code == 0
    assert "Traceback" not in ended.err


def ask(server: ApiServer, question: str) -> Parsed:
    message = call_for(server, question).parsed
    assert message
    return message


def call_for(server: ApiServer, question: str) -> Call:
    before = len(server.sent())
    server.meet_somebody()
    server.say(question)
    return server.wait("sendMessage", before + 1)[-1]


def test_what_is_answered_is_answered_by_the_right_passage(server: ApiServer) -> None:
    messages = [(case, ask(server, case["question"])) for case in ASKED]
    answered = [(case, message) for case, message in messages if message.text != ENGLISH.nothing]
    found = [any(text in message.text for text in case["answers"]) for case, message in answered]
    assert len(answered) >= 0.2 * len(ASKED)
    assert sum(found) >= 0.8 * len(found)


def test_every_answer_is_one_passage_with_a_best_sentence(server: ApiServer) -> None:
    messages = [ask(server, case["question"]) for case in ASKED[:10]]
    for message in (message for message in messages if message.text != ENGLISH.nothing):
        quotes = message.shown("BlockQuote") + message.shown("ExpandableBlockQuote")
        assert len(quotes) == 1
        assert any(bold in quotes[0] for bold in message.shown("Bold"))


def test_the_paragraphs_around_an_answer_can_be_read(server: ApiServer) -> None:
    calls = [call_for(server, case["question"]) for case in ASKED[:10]]
    answer = next(call for call in calls if ENGLISH.more in call.buttons())
    server.person = {**PERSON, "id": int(answer.arguments["chat_id"])}
    server.press(answer.buttons()[ENGLISH.more], server.message(answer))
    (edit,) = server.wait("editMessageText")
    server.meet_somebody()
    assert answer.parsed
    assert edit.parsed
    assert (answer.parsed.shown("BlockQuote") + answer.parsed.shown("ExpandableBlockQuote"))[0] in edit.parsed.text


def test_most_questions_without_an_answer_are_told_so(server: ApiServer) -> None:
    told = [ask(server, case["question"]).text == ENGLISH.nothing for case in UNANSWERABLE]
    assert sum(told) >= 0.5 * len(told)


def test_the_terminal_shows_what_telegram_shows(server: ApiServer, index: Path) -> None:
    question = ASKED[0]["question"]
    ended = run(index.parent, {"INDEX_DIR": str(index)}, "--console", typed=question, program=REAL)
    shown = ask(server, question).text
    assert (ended.code, ended.err) == (0, "")
    assert [line for line in shown.splitlines() if line not in ended.out] == []


def test_an_index_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    ended = run(tmp_path, {}, "--console", program=REAL)
    assert ended.code == 1
    assert ended.err.startswith("article-bot: index: no index here yet")
    assert ended.err.count("\n") == 1


def test_a_rebuild_and_then_damage_under_a_running_bot_lose_no_question(tmp_path: Path) -> None:
    articles, folder = tmp_path / "articles", tmp_path / "index"
    articles.mkdir()
    (articles / "a.md").write_text("---\ntitle: Ferry\n---\n\nThe ferry to Marrow Island leaves at seven.\n", "utf-8")
    build_index(articles, folder)
    with ApiServer().running() as server:
        settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": server.base_url, "INDEX_DIR": str(folder)}
        with started(tmp_path, settings, program=REAL) as program:
            server.wait("getMe", seconds=60)
            assert "seven" in ask(server, "When does the ferry to Marrow Island leave?").text
            for _ in range(6):
                server.meet_somebody()
                server.say("When does the ferry to Marrow Island leave?")
            (articles / "a.md").write_text(
                "---\ntitle: Ferry\n---\n\nThe ferry to Marrow Island leaves at nine.\n", "utf-8"
            )
            build_index(articles, folder)
            assert "nine" in ask(server, "When does the ferry to Marrow Island leave?").text
            assert len(server.wait("sendMessage", 8)) == 8
            for file in (file for file in folder.rglob("*") if file.is_file()):
                file.unlink()
            assert ask(server, "When does the ferry to Marrow Island leave?").text
            ended = program.stop()
        assert (server.refused, ended.code) == ([], 0)
    assert "Traceback" not in ended.err
