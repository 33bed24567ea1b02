"""The same conversation in a terminal: one question a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.dialogue import Dialogue, choices
from bot.keyboard import Rows
from bot.languages.language import Language, language_for
from bot.markup import Part, Quote, Span
from bot.replies import Reply, said
from bot.retrieving import Retrieving
from bot.text import clean

_PROMPT = "? "
_QUOTE_MARK = "> "


def converse(retriever: Retrieving, data: Path, questions: TextIO, output: TextIO, language: Language) -> None:
    """Answer each line of `questions` on `output`, until there are no more; styled where it is a terminal.

    What is said of answers is kept in the folder `data`. Raises RetrievalError where the index fails meanwhile.
    """
    console = Console(file=output, highlight=False)
    interactive = questions.isatty() and console.is_terminal
    if interactive:
        _show(said(language.greeting), console)
    talk = Dialogue(retriever, data, language)
    for line in _typed(console) if interactive else questions:
        _show(talk.reply(clean(line).strip()), console)


def console_language(environment: Mapping[str, str]) -> Language:
    """The language of the terminal, from the variables POSIX names for it, e.g. `LANG=zh_TW.UTF-8`."""
    locales = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return language_for(next(filter(None, locales), "").partition(".")[0])


def _typed(console: Console) -> Iterator[str]:
    while True:
        try:
            yield console.input(_PROMPT)
        except EOFError:
            return


def _show(reply: Reply, console: Console) -> None:
    """Plain lines go out as they are: rich would wrap them and widen their tabs."""
    pieces = [*_pieces(reply.parts), *_choice_pieces(reply.rows)]
    if console.is_terminal:
        console.print(Text.assemble(*pieces), end="\n\n")
    else:
        console.file.write("".join(text for text, _ in pieces) + "\n\n")
        console.file.flush()


def _pieces(parts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    """Text and its style, in reading order; a quote's lines are marked, addresses stand behind their text."""
    for part in parts:
        if isinstance(part, Quote):
            yield _QUOTE_MARK, "dim"
            yield from ((_marked(span.text), "bold" if span.bold else "") for span in part.spans)
        else:
            yield from _span_pieces(part)


def _choice_pieces(rows: Rows) -> Iterator[tuple[str, str]]:
    """The buttons, numbered, a row a line; those that open an address are the link in the title already."""
    number = 0
    for row in rows:
        for place, button in enumerate(choices((row,))):
            number += 1
            yield ("  " if place else "\n") + f"[{number}] {button.label}", "cyan"


def _span_pieces(span: Span) -> Iterator[tuple[str, str]]:
    yield span.text, "bold" if span.bold else ""
    if span.url:
        yield f" <{span.url}>", "dim"


def _marked(text: str) -> str:
    return text.replace("\n", f"\n{_QUOTE_MARK}")
