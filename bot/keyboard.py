"""Buttons under a reply, and what they say when they are pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

PASSAGE, AROUND, TITLES, RIGHT, WRONG, NEWEST = "p", "m", "t", "r", "w", "n"
"""Kinds of presses that belong to an answer."""
ARTICLES, CATEGORIES = "l", "c"
"""Kinds of presses that turn the pages of a list."""
LANGUAGE = "g"
_TURN = re.compile(r"([lc]):([\w-]{0,32}):(\d{1,3})(?::(\d{1,3}))?", re.ASCII)
_PRESS = re.compile(r"([pmtrwn]):([\w-]{1,32})(?::(\d{1,3}))?(?::(\d{1,6}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Button:
    """A button that opens an address, or tells the bot that it was pressed."""

    label: str
    data: str = ""
    """What the bot is told, 1 to 64 bytes; empty where there is an address."""
    url: str | None = None


Rows: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Press:
    """What a button said that belongs to a sheet."""

    kind: str
    sheet: str
    hit: int = 0
    """Place of the passage in the answer, from 0."""
    paragraph: int | None = None
    """Where in the article to read, for `AROUND`, None is at the passage; the page of the list, for `NEWEST`."""

    @property
    def data(self) -> str:
        """As it travels through Telegram."""
        place = "" if self.paragraph is None else f":{self.paragraph}"
        return f"{self.kind}:{self.sheet}:{self.hit}{place}"

    @classmethod
    def read(cls, data: str) -> Press | None:
        """The press in what Telegram passed on; None where no button of the bot says that."""
        match = _PRESS.fullmatch(data)
        if match is None:
            return None
        kind, sheet, hit, paragraph = match.groups()
        return cls(kind, sheet, int(hit or 0), int(paragraph) if paragraph else None)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a button under a list said: which page of it to show."""

    kind: str
    key: str
    """Of the articles listed; empty for all."""
    page: int
    """From 0."""
    origin: int | None = None
    """The page of the categories that the list of articles was reached from."""

    @property
    def data(self) -> str:
        """As it travels through Telegram."""
        return f"{self.kind}:{self.key}:{self.page}" + ("" if self.origin is None else f":{self.origin}")

    @classmethod
    def read(cls, data: str) -> Turn | None:
        """The turn in what Telegram passed on; None where no button under a list says that."""
        match = _TURN.fullmatch(data)
        if match is None:
            return None
        kind, key, page, origin = match.groups()
        return cls(kind, key, int(page), int(origin) if origin else None)
