"""A dialogue with one person, without Telegram: lines in, replies out, buttons as numbered choices."""

from __future__ import annotations

import re
from pathlib import Path

from bot import keyboard
from bot.conversation import Asker, Conversation, Refusal
from bot.feedback import Feedback
from bot.followups import asks_on, leans
from bot.keyboard import Button, Press, Rows, Turn
from bot.languages.language import Language, language_for
from bot.listings import Listings
from bot.replies import Reply, choice_of_language, explained, said
from bot.retrieving import Retrieving
from bot.sheets import Sheets
from bot.sqlite import SqliteDatabase
from bot.text import after_pause

_NOBODY = 0
_COMMAND = re.compile(r"/\w*", re.ASCII)
_COMMANDS = ("/latest", "/categories", "/language", "/about")


def _memory(schema: str) -> SqliteDatabase:
    return SqliteDatabase(None, schema)


def choices(rows: Rows) -> list[Button]:
    """The buttons that can be chosen by number."""
    return [button for row in rows for button in row if button.data]


class Dialogue:
    """Replies line by line; what is asked is answered as in a private chat. Raises RetrievalError, UnusableData."""

    def __init__(self, retriever: Retrieving, data: Path, language: Language) -> None:
        """`data` is the folder that verdicts are kept in."""
        feedback = Feedback(lambda schema: SqliteDatabase(data / "feedback.sqlite", schema))
        self._conversation = Conversation(retriever, Sheets(_memory), Listings(_memory), feedback)
        self._own = language
        self._language = language
        self._choices: list[Button] = []
        self._number = 0

    def reply(self, line: str) -> Reply:
        """The reply to a line: a command, the number of a choice, or a question.

        A question that leans on the one before is understood together with it.
        """
        chosen = self._chosen(line)
        reply = self._press(chosen.data) if chosen else self._answer(line)
        if reply.rows or not chosen:
            self._choices = choices(reply.rows)
        return reply

    def _chosen(self, line: str) -> Button | None:
        known = {str(number): button for number, button in enumerate(self._choices, 1)}
        return known.get(line.strip("[] "))

    def _answer(self, line: str) -> Reply:
        asker, given = Asker(_NOBODY, _NOBODY, self._language), _COMMAND.match(line)
        if given is None:
            return self._question(line, asker)
        command, text = given.group(), after_pause(line[given.end() :])
        if command == "/ask":
            return self._question(text, asker)
        if command == "/search":
            return self._shown(self._conversation.search(text, asker))
        if command == "/latest":
            return self._shown(self._conversation.latest(text, asker))
        return self._page(command)

    def _page(self, command: str) -> Reply:
        if command == "/categories":
            return self._conversation.contents.categories(self._language)
        if command == "/about":
            return self._conversation.contents.about(self._language)
        if command == "/language":
            return choice_of_language(self._language)
        if command == "/start":
            return said(self._language.greeting)
        return explained(self._language, self._language.between.join(_COMMANDS))

    def _question(self, text: str, asker: Asker) -> Reply:
        before = self._number if leans(text) else None
        reply = self._conversation.ask(text, asker, reply_to=before)
        # What follows on thanks leans on the question before them.
        return self._shown(reply) if asks_on(text) else reply

    def _shown(self, reply: Reply) -> Reply:
        if reply.sheet:
            self._number += 1
            self._conversation.sheets.place(reply.sheet, self._number)
        return reply

    def _press(self, data: str) -> Reply:
        turn = Turn.read(data)
        if turn:
            return self._conversation.contents.turn(turn, self._language) or said(self._language.expired)
        if data.startswith(f"{keyboard.LANGUAGE}:"):
            tag = data.partition(":")[2]
            self._language = language_for(tag) if tag else self._own
            return said(self._language.language_set)
        press, asker = Press.read(data), Asker(_NOBODY, _NOBODY, self._language)
        sheet = self._conversation.sheets.find(press.sheet) if press else None
        found = self._conversation.pick_up(press, asker, sheet.message if sheet else None)
        if isinstance(found, Refusal) or press is None:
            return said(self._language.expired)
        return self._conversation.carry_out(press, found, self._language) or said(self._language.thanks)
