"""Preferences of people and chats: languages chosen, chats without pictures; and the numbers that groups had before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.database import Database
from bot.languages.language import Language, language_for

_SCHEMA = """
CREATE TABLE IF NOT EXISTS preference ("user" INTEGER PRIMARY KEY, language TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS plain (chat INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS moved (new INTEGER PRIMARY KEY, old INTEGER NOT NULL);
"""
_CHOOSE = """
INSERT INTO preference VALUES (?, ?) ON CONFLICT ("user") DO UPDATE SET language = excluded.language
"""
_MOVE = "INSERT INTO moved VALUES (?, ?) ON CONFLICT (new) DO UPDATE SET old = excluded.old"
_ANEW = """
SELECT 'language', language FROM preference WHERE "user" = ?
UNION ALL SELECT 'plain', '' FROM plain WHERE chat = ?
UNION ALL SELECT 'origin', CAST(old AS TEXT) FROM moved WHERE new = ?
"""

Value = TypeVar("Value")


class Preferences:
    """Reads everything once, and writes what changes. Raises UnusableData."""

    def __init__(self, database: Callable[[str], Database]) -> None:
        """`database` makes one of a schema."""
        self._database = database(_SCHEMA)
        self.shared = self._database.shared
        """Whether other processes note what people choose, too."""
        chosen = self._database.rows('SELECT "user", language FROM preference')
        self._languages = {int(str(user)): str(tag) for user, tag in chosen}
        self._plain = {int(str(chat)) for (chat,) in self._database.rows("SELECT chat FROM plain")}
        moved = self._database.rows("SELECT new, old FROM moved")
        self._origins = {int(str(new)): int(str(old)) for new, old in moved}

    def refresh(self, user: int, chat: int) -> None:
        """Read anew what is noted of a person and of a chat."""
        found = {str(name): str(value) for name, value in self._database.rows(_ANEW, (user, chat, chat))}
        _put(self._languages, user, found.get("language"))
        _put(self._origins, chat, int(found["origin"]) if "origin" in found else None)
        (self._plain.add if "plain" in found else self._plain.discard)(chat)

    def language(self, user: int, code: str | None) -> Language:
        """The language somebody chose, otherwise that of their Telegram."""
        return language_for(self._languages.get(user, code))

    def choose(self, user: int, tag: str | None) -> None:
        """Note the choice of a language; None ends it."""
        if tag is None:
            self._database.write(('DELETE FROM preference WHERE "user" = ?', (user,)))
        else:
            self._database.write((_CHOOSE, (user, tag)))
        _put(self._languages, user, tag)

    def wants_pictures(self, chat: int) -> bool:
        """Whether a chat is shown pictures: every one that did not refuse them."""
        return chat not in self._plain

    def show_pictures(self, chat: int, wanted: bool) -> None:
        """Note whether a chat wants pictures."""
        if wanted:
            self._database.write(("DELETE FROM plain WHERE chat = ?", (chat,)))
            self._plain.discard(chat)
        else:
            self._database.write(("INSERT INTO plain VALUES (?) ON CONFLICT DO NOTHING", (chat,)))
            self._plain.add(chat)

    def move(self, old: int, new: int) -> None:
        """Note that a group has got a new number."""
        if old in self._plain:
            self.show_pictures(new, False)
        self._database.write((_MOVE, (new, self.origin(old))))
        self._origins[new] = self.origin(old)

    def origin(self, chat: int) -> int:
        """The number the chat had when somebody wrote it into the settings."""
        return self._origins.get(chat, chat)


def _put(values: dict[int, Value], number: int, value: Value | None) -> None:
    if value is None:
        values.pop(number, None)
    else:
        values[number] = value
