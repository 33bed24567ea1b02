"""Buttons under a reply, and what they say when they are pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

PASSAGE, AROUND, TITLES, RIGHT, WRONG, LATEST, LANGUAGE = "p", "m", "t", "r", "w", "l", "g"
_PRESS = re.compile(r"([pmtrw]):([\w-]{1,32})(?::(\d{1,3}))?(?::(\d{1,6}))?", re.ASCII)


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
    """Where in the article to read, for `AROUND`; None is at the passage."""

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
