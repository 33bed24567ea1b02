"""The conversation itself, the same in Telegram and in a terminal: what is asked and pressed, what is replied."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import keyboard, replies
from bot.contents import Contents
from bot.errors import UnusableData
from bot.feedback import Feedback
from bot.filters import BadFilter, Narrowed, narrowed
from bot.followups import CERTAIN, asks_on, in_context, is_talk, leans, strays
from bot.keyboard import Button, Press
from bot.languages.language import Language
from bot.listings import Listings
from bot.lists import LAST_PAGE
from bot.replies import PASSAGES, Reply, said
from bot.retrieving import Retrieving
from bot.sheets import Sheet, Sheets, new_id
from bot.text import one_line, shortened
from retrieval.errors import BadQuestion
from retrieval.records import Answer, Filter

_STATED_LIMIT = 80

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who speaks, and where."""

    chat: int
    user: int
    language: Language


@dataclass(frozen=True, slots=True)
class Refusal:
    """A button that leads nowhere, and why."""

    notice: str


@dataclass(frozen=True, slots=True)
class _Query:
    question: str
    context: str
    where: Filter | None = None
    note: str = ""
    searched: str = ""
    """What is looked for, where it is not the question as it stands."""
    topic: str = ""
    """What a follow-up asks about, besides the question before it."""


class Conversation:
    """Replies to questions and buttons. Every method may raise RetrievalError and UnusableData."""

    def __init__(self, retriever: Retrieving, sheets: Sheets, listings: Listings, feedback: Feedback) -> None:
        self.retriever = retriever
        self.contents = Contents(retriever, listings)
        self.sheets = sheets
        self.feedback = feedback

    def ask(
        self,
        text: str,
        asker: Asker,
        *,
        asked: int | None = None,
        reply_to: int | None = None,
        instead_of: Sheet | None = None,
    ) -> Reply:
        """The reply to a question: to the message of identity `asked`, which itself replies to message `reply_to`.

        Where the question was edited, the answer takes the place of an earlier one. Small talk is asked for a question.
        """
        if is_talk(text):
            return said(asker.language.empty)
        before = None if reply_to is None else self.sheets.shown_in(asker.chat, reply_to)
        return self._answer(text, _queries(text, before), asker, asked, instead_of)

    def search(self, text: str, asker: Asker, *, asked: int | None = None, instead_of: Sheet | None = None) -> Reply:
        """The reply to a question with filters; without words, the newest articles that meet them."""
        try:
            query = narrowed(text)
        except BadFilter as exc:
            return said(asker.language.bad_filter.format(text=shortened(one_line(str(exc)), _STATED_LIMIT)))
        if not query.question:
            return self._filtered(query, asker.language)
        note = f"{query.question} · {query.stated}" if query.stated else ""
        searched = _Query(query.question, query.question, query.where, note)
        return self._answer(searching(text), [searched], asker, asked, instead_of)

    def latest(self, text: str, asker: Asker, *, asked: int | None = None) -> Reply:
        """The newest articles, those that meet the filters in `text`; where words stand there, what they find."""
        if text:
            return self.search(text, asker, asked=asked)
        return self.contents.articles(Filter(), asker.language)

    def pick_up(self, press: Press | None, asker: Asker, message: int | None) -> Sheet | Refusal:
        """What lies behind a button on message `message`; fast, for Telegram wants to hear of it at once."""
        sheet = self.sheets.find(press.sheet) if press else None
        if press is None or sheet is None or press.hit >= max(1, len(sheet.hits)):
            return Refusal(asker.language.expired)
        # Who asked as the group itself presses as a person, so that answer is everybody's.
        owned = sheet.chat == asker.chat and (sheet.user == asker.user or sheet.user < 0)
        if not owned or sheet.message not in (None, message):
            return Refusal(asker.language.not_yours)
        return sheet

    def carry_out(self, press: Press, sheet: Sheet, language: Language) -> Reply | None:
        """What the message shows next; None where it stays as it is."""
        if press.kind in (keyboard.RIGHT, keyboard.WRONG):
            self.feedback.judge(sheet, press.hit, right=press.kind == keyboard.RIGHT)
            return None
        if press.kind == keyboard.NEWEST:
            return self._newest(press, sheet, language)
        if press.kind == keyboard.TITLES or not sheet.hits:
            return replies.titles(sheet, language)
        if press.kind == keyboard.PASSAGE:
            return replies.passage(sheet, press.hit, language)
        return self._around(press, sheet, language)

    def _newest(self, press: Press, sheet: Sheet, language: Language) -> Reply:
        def turn(page: int) -> str:
            return Press(keyboard.NEWEST, sheet.id, 0, page).data

        back = Button(language.back, Press(keyboard.TITLES, sheet.id).data)
        return self.contents.newest(min(press.paragraph or 0, LAST_PAGE), turn, back, language)

    def _around(self, press: Press, sheet: Sheet, language: Language) -> Reply:
        texts = self.retriever.passages_of(sheet.hits[press.hit].article.path)
        if sheet.hits[press.hit].text not in texts:
            return said(
                language.changed, ((Button(language.back, Press(keyboard.PASSAGE, sheet.id, press.hit).data),),)
            )
        return replies.paragraphs(sheet, press.hit, texts, press.paragraph, language)

    def _answer(
        self, text: str, queries: Sequence[_Query], asker: Asker, asked: int | None, before: Sheet | None
    ) -> Reply:
        """The answer to the first query that has one, otherwise to the first that can be searched."""
        found = self._first_answered(queries)
        if found is None:
            return replies.refusal(queries[0].question, asker.language)
        query, answer = found
        if not answer.hits and query.where not in (None, Filter()):
            return said(asker.language.no_articles)
        sheet = Sheet(
            id=before.id if before else new_id(),
            chat=asker.chat,
            user=asker.user,
            question=query.question,
            context=query.context,
            answered=answer.answered and bool(answer.hits),
            hits=answer.hits,
            generation=self.retriever.about().generation,
            note=query.note,
            said=text,
            asked=asked,
            message=before.message if before else None,
        )
        reply = replies.answer(sheet, asker.language)
        try:
            self.sheets.save(sheet)
        except UnusableData as error:
            # As on a full disk: an answer whose buttons lead nowhere is better without them than not given.
            _log.error("what lies behind an answer's buttons could not be kept: %s", error)
            return replace(reply, rows=(), sheet=None)
        return reply

    def _first_answered(self, queries: Sequence[_Query]) -> tuple[_Query, Answer] | None:
        """None where none can be searched; words that are short enough may be too long with those before them."""
        first = None
        for query in queries:
            try:
                answer = self.retriever.answer(query.searched or query.question, PASSAGES, query.where)
            except BadQuestion:
                continue
            if answer.answered and not self._strays(query, answer):
                return query, answer
            first = first or (query, replace(answer, answered=False))
        return first

    def _strays(self, query: _Query, answer: Answer) -> bool:
        """Whether an answer is one to the question before a follow-up only."""
        if not query.topic or answer.confidence >= CERTAIN or not answer.hits:
            return False
        article = answer.hits[0].article
        return strays(query.topic, "\n".join((article.title, *self.retriever.passages_of(article.path))))

    def _filtered(self, query: Narrowed, language: Language) -> Reply:
        if not query.stated:
            return said(language.search_usage)
        return self.contents.articles(query.where, language)


def searching(text: str) -> str:
    """How a question with filters is put: by `/ask` the same words are another question."""
    return f"/search {text}"


def _queries(text: str, before: Sheet | None) -> list[_Query]:
    """What to search for, the likelier first: the words alone and, in reply to an answer, with what was asked then."""
    alone = _Query(text, text)
    if before is None or not asks_on(text):
        return [alone]
    together = in_context(text, before.context)
    leaning = _Query(
        together.words, before.context, note=together.words, searched=together.searched, topic=together.topic
    )
    return [leaning, alone] if leans(text) else [alone, leaning]
