"""Preferences of people and chats: languages chosen, chats without pictures; and the numbers that groups had before."""

from __future__ import annotations

from collections.abc import Callable

from bot.database import Database
from bot.languages.language import Language, language_for

_SCHEMA = """
CREATE TABLE IF NOT EXISTS preference (user INTEGER PRIMARY KEY, language TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS plain (chat INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS moved (new INTEGER PRIMARY KEY, old INTEGER NOT NULL);
"""


class Preferences:
    """Reads everything once, and writes what changes. Raises UnusableData."""

    def __init__(self, database: Callable[[str], Database]) -> None:
        """`database` makes one of a schema."""
        self._database = database(_SCHEMA)
        chosen = self._database.rows("SELECT user, language FROM preference")
        self._languages = {int(str(user)): str(tag) for user, tag in chosen}
        self._plain = {int(str(chat)) for (chat,) in self._database.rows("SELECT chat FROM plain")}
        moved = self._database.rows("SELECT new, old FROM moved")
        self._origins = {int(str(new)): int(str(old)) for new, old in moved}

    def language(self, user: int, code: str | None) -> Language:
        """The language somebody chose, otherwise that of their Telegram."""
        return language_for(self._languages.get(user, code))

    def choose(self, user: int, tag: str | None) -> None:
        """Note the choice of a language; None ends it."""
        if tag is None:
            self._languages.pop(user, None)
            self._database.write(("DELETE FROM preference WHERE user = ?", (user,)))
        else:
            self._languages[user] = tag
            self._database.write(("INSERT OR REPLACE INTO preference VALUES (?, ?)", (user, tag)))

    def wants_pictures(self, chat: int) -> bool:
        """Whether a chat is shown pictures: every one that did not refuse them."""
        return chat not in self._plain

    def show_pictures(self, chat: int, wanted: bool) -> None:
        """Note whether a chat wants pictures."""
        if wanted:
            self._plain.discard(chat)
            self._database.write(("DELETE FROM plain WHERE chat = ?", (chat,)))
        else:
            self._plain.add(chat)
            self._database.write(("INSERT OR REPLACE INTO plain VALUES (?)", (chat,)))

    def move(self, old: int, new: int) -> None:
        """Note that a group has got a new number."""
        if old in self._plain:
            self.show_pictures(new, False)
        self._origins[new] = self.origin(old)
        self._database.write(("INSERT OR REPLACE INTO moved VALUES (?, ?)", (new, self._origins[new])))

    def origin(self, chat: int) -> int:
        """The number the chat had when somebody wrote it into the settings."""
        return self._origins.get(chat, chat)
