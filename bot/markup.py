"""The pieces of a reply, and how they are written as Telegram's HTML and as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

import regex

from bot.text import units

_ADDRESS = regex.compile(
    r"https?://(?:(?:[\w-]+\.)+[\w-]+|\[[0-9a-f:]*:[0-9a-f:]*\])(?::(?P<port>[0-9]{1,5}))?(?:[/?#].*)?",
    regex.IGNORECASE,
)
"""What Telegram opens: no host without a dot such as `localhost`, no name and password before it."""
LINK_BYTES = 2048
"""Longest address that becomes a link: the raw text of a message may hold 32,768 bytes."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one look."""

    text: str
    bold: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, set off from what the bot says."""

    spans: tuple[Span, ...]
    expandable: bool = False
    """Shown folded to about three lines until it is tapped."""


Part: TypeAlias = Span | Quote


def web_link(*candidates: str | None, limit: int = LINK_BYTES) -> str | None:
    """The first of the addresses that Telegram takes for a link and that is not too long, or None.

    A button with any other address would have the whole message refused.
    """
    return next((url for url in candidates if url and _opens(url, limit)), None)


def to_html(parts: Iterable[Part]) -> str:
    """The parts in Telegram's HTML (https://core.telegram.org/bots/api#html-style)."""
    return "".join(_quote_html(part) if isinstance(part, Quote) else _span_html(part) for part in parts)


def visible(parts: Iterable[Part]) -> str:
    """What a reader sees, without looks and addresses."""
    return "".join(span.text for part in parts for span in _spans(part))


def size(parts: Iterable[Part]) -> int:
    """Length of the visible text in UTF-16 units."""
    return units(visible(parts))


def _opens(url: str, limit: int) -> bool:
    if any(char.isspace() or not char.isprintable() for char in url):
        return False
    address = _ADDRESS.fullmatch(url)
    if address is None or not 0 < int(address["port"] or 80) < 65536:
        return False
    return len(escape(url).encode()) <= limit


def _spans(part: Part) -> Sequence[Span]:
    return part.spans if isinstance(part, Quote) else (part,)


def _quote_html(quote: Quote) -> str:
    inner = "".join(_span_html(span) for span in quote.spans)
    return f"<blockquote{' expandable' if quote.expandable else ''}>{inner}</blockquote>"


def _span_html(span: Span) -> str:
    text = escape(span.text, quote=False)
    if span.bold and text:
        text = f"<b>{text}</b>"
    return f'<a href="{escape(span.url)}">{text}</a>' if span.url else text
