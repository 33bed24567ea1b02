"""The terminal: how a reply looks in it, drawn with rich."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from bot.dialogue import choices
from bot.keyboard import Rows
from bot.markup import Part, Quote, Span
from bot.replies import Reply
from bot.text import clean

WIDTH = 92
"""Columns at most: longer lines are hard to read."""
_ACCENT = "cyan"
_BAR = "▎ "
_FRAGMENT = "#:~:text="


def greeted(words: str) -> RenderableType:
    """The bot's first words."""
    return Panel(words, title="wenda 问答", title_align="left", border_style=_ACCENT, padding=(1, 2))


def drawn(reply: Reply) -> RenderableType:
    """A reply with its quotes set off, its best sentence in bold, its links to be clicked, its choices numbered."""
    return Group(*_blocks(reply.parts), *_choices(reply.rows), "")


class _Barred:
    """Text with a bar before each of its lines."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        bar = Segment(_BAR, Style.parse(_ACCENT))
        for line in console.render_lines(self._text, options.update(width=options.max_width - len(_BAR)), pad=False):
            yield bar
            yield from line
            yield Segment.line()


def _blocks(parts: tuple[Part, ...]) -> Iterator[RenderableType]:
    words, after_quote = Text(), False
    for part in parts:
        if isinstance(part, Span):
            _write(words, part)
            continue
        lines = [*_lines(words)]
        yield from lines or ([Text()] if after_quote else [])
        after_quote = True
        yield _Barred(_quoted(part))
        words = Text()
    yield from _lines(words)


def _lines(words: Text) -> Iterator[Text]:
    """The words without the line ends that part them from a quote."""
    start = len(words.plain) - len(words.plain.lstrip("\n"))
    end = len(words.plain.rstrip("\n"))
    if start < end:
        yield words[start:end]


def _write(words: Text, span: Span) -> None:
    words.append(span.text, Style(bold=span.bold or None, link=span.url))
    if span.url and span.bold:
        # Not every terminal lets one click on a title.
        words.append(f"\n{clean(unquote(span.url.partition(_FRAGMENT)[0]))}", Style(dim=True, link=span.url))


def _quoted(quote: Quote) -> Text:
    return Text.assemble(*((span.text, "bold" if span.bold else "") for span in quote.spans))


def _choices(rows: Rows) -> Iterator[Text]:
    """The buttons, numbered, a row a line; those that open an address are the link in the title already."""
    number = 0
    for row in rows:
        line = Text()
        for button in choices((row,)):
            number += 1
            line.append(f" {number} ", f"reverse {_ACCENT}").append(f" {button.label}   ")
        if line:
            yield line
