"""The conversation, without Telegram."""

from dataclasses import replace

import pytest
from fake_retriever import BEST, FakeRetriever

from bot.conversation import Asker, Conversation
from bot.database import Change
from bot.errors import UnusableData
from bot.feedback import Feedback
from bot.followups import CERTAIN
from bot.languages.language import language_for
from bot.listings import Listings
from bot.markup import visible
from bot.sheets import Sheets
from bot.sqlite import SqliteDatabase
from bot.text import after_pause
from retrieval.records import Answer, Filter
from retrieval.searching.smalltalk import asks_nothing

ENGLISH = language_for("en")
ASKER = Asker(7, 7, ENGLISH)
SHOWN = 10
"""The message that shows an answer."""


class Attentive(FakeRetriever):
    """Knows small talk, as the real one does."""

    def answer(self, question: str, k: int = 5, where: Filter | None = None) -> Answer:
        """The answer."""
        found = super().answer(question, k, where)
        return replace(found, answered=found.answered and not asks_nothing(question))


def conversation(retriever: FakeRetriever) -> Conversation:
    def memory(schema: str) -> SqliteDatabase:
        return SqliteDatabase(None, schema)

    return Conversation(retriever, Sheets(memory), Listings(memory), Feedback(memory))


def in_reply(text: str, question: str) -> tuple[str, list[str]]:
    """What is said to words in reply to the answer to a question, and what was searched for them."""
    retriever = Attentive()
    talk = conversation(retriever)
    first = talk.ask(question, ASKER, asked=1)
    assert first.sheet
    talk.sheets.place(first.sheet, SHOWN)
    retriever.questions.clear()
    reply = talk.ask(text, ASKER, asked=2, reply_to=SHOWN)
    return visible(reply.parts), retriever.questions


@pytest.mark.parametrize("text", ["谢谢！", "thanks", "👍", "好的"])
def test_thanks_for_an_answer_do_not_ask_for_it_again(text: str) -> None:
    assert in_reply(text, "灯塔什么时候点亮？") == (ENGLISH.empty, [])


@pytest.mark.parametrize(
    ("text", "words"), [("hi", ENGLISH.empty), ("？？", ENGLISH.empty), ("5.2.0", ENGLISH.nothing)]
)
def test_small_talk_is_asked_for_a_question_and_a_number_looked_for(text: str, words: str) -> None:
    assert visible(conversation(Attentive()).ask(text, ASKER).parts) == words


def test_a_number_asked_in_reply_asks_on() -> None:
    words, searched = in_reply("2020?", "灯塔什么时候点亮？")
    assert BEST in words
    assert searched == ["2020?", "灯塔什么时候点亮 2020?"]


def test_a_question_of_nothing_but_asking_words_is_asked_about_what_was_talked_of() -> None:
    assert in_reply("多少钱？", "雀舌什么时候采？")[1] == ["雀舌什么时候采 多少钱"]


def test_a_follow_up_is_shown_without_what_is_searched_repeatedly() -> None:
    words, searched = in_reply("那五月呢？", "灯塔几点开门？")
    assert words.splitlines()[0] == "Understood as: 灯塔几点开门 五月"
    assert searched == ["灯塔几点开门 五月 五月 五月"]


@pytest.mark.parametrize(
    ("text", "confidence", "words"),
    [("那健身房呢？", 0.5, ENGLISH.nothing), ("那健身房呢？", CERTAIN, BEST), ("那灯塔呢？", 0.5, BEST)],
)
def test_what_else_is_asked_about_is_not_answered_from_an_article_that_has_no_word_of_it(
    text: str, confidence: float, words: str
) -> None:
    class Doubting(FakeRetriever):
        def answer(self, question: str, k: int = 5, where: Filter | None = None) -> Answer:
            found = super().answer(question, k, where)
            return replace(found, answered="几点" in question, confidence=confidence)

    talk = conversation(Doubting())
    first = talk.ask("灯塔几点开门？", ASKER)
    assert first.sheet
    talk.sheets.place(first.sheet, SHOWN)
    assert words in visible(talk.ask(text, ASKER, reply_to=SHOWN).parts)


def test_an_answer_that_cannot_be_kept_is_given_without_its_buttons() -> None:
    class Full(SqliteDatabase):
        def write(self, *changes: Change) -> int:
            raise UnusableData("state.sqlite", "database or disk is full")

    talk = conversation(FakeRetriever())
    talk.sheets = Sheets(lambda schema: Full(None, schema))
    reply = talk.ask("When was it lit?", ASKER)
    assert BEST in visible(reply.parts)
    assert (reply.rows, reply.sheet) == ((), None)


def test_what_leans_and_is_not_answered_so_is_tried_by_itself() -> None:
    """Not all that begins like a follow-up is one."""
    words, searched = in_reply("那山上的温泉在哪里？", "nothing, lit")
    assert searched == ["nothing, lit 山上的温泉在哪里 山上的温泉在哪里 山上的温泉在哪里", "那山上的温泉在哪里？"]
    assert BEST in words
    assert "Understood" not in words


@pytest.mark.parametrize("text", ["nothing about ferries?", "what about nothing?"])
def test_a_short_question_is_not_too_long_because_of_the_one_before_it(text: str) -> None:
    assert in_reply(text, "x" * 1980 + " when was it lit?")[0] == ENGLISH.nothing


@pytest.mark.parametrize(
    ("text", "words"), [("x" * 2001, ENGLISH.too_long.format(limit="2,000")), (" ", ENGLISH.empty)]
)
def test_what_cannot_be_searched_is_refused_in_reply_too(text: str, words: str) -> None:
    assert in_reply(text, "When was it lit?")[0] == words


@pytest.mark.parametrize(
    ("words", "rest"),
    [("，灯塔？ ", "灯塔？"), (" \n:; When", "When"), ("- x", "x"), (" -5 度？", "-5 度？"), ("。", "")],
)
def test_stops_behind_a_command_are_no_part_of_its_question(words: str, rest: str) -> None:
    assert after_pause(words) == rest
