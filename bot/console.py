"""The same conversation in a terminal: one question a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from rich.console import Console

from bot.dialogue import Dialogue, choices
from bot.keyboard import Rows
from bot.languages.language import Language, language_for
from bot.markup import Part, Quote
from bot.replies import Reply, said
from bot.retrieving import Retrieving
from bot.terminal import WIDTH, drawn, greeted
from bot.text import clean
from retrieval.errors import EngineFailed

_PROMPT = "[bold cyan]?[/] "
_QUOTE_MARK = "> "


def converse(retriever: Retrieving, data: Path, questions: TextIO, output: TextIO, language: Language) -> None:
    """Answer each line of `questions` on `output`, until there are no more; drawn where it is a terminal.

    What is said of answers is kept in the folder `data`. A server that is away costs the questions asked meanwhile;
    raises RetrievalError where the index fails otherwise.
    """
    console = Console(file=output, highlight=False)
    console.width = min(console.width, WIDTH)
    interactive = questions.isatty() and console.is_terminal
    if interactive:
        console.print(greeted(language.greeting))
    talk = Dialogue(retriever, data, language)
    for line in _typed(console) if interactive else questions:
        _show(_reply(talk, clean(line).strip(), language), console)


def _reply(talk: Dialogue, line: str, language: Language) -> Reply:
    try:
        return talk.reply(line)
    except EngineFailed as exc:
        return said(f"{language.trouble}\n{exc}")


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
    """Drawn in a terminal; elsewhere plain lines, as they are."""
    if console.is_terminal:
        console.print(drawn(reply))
        return
    console.file.write("".join([*_pieces(reply.parts), *_choice_pieces(reply.rows)]) + "\n\n")
    console.file.flush()


def _pieces(parts: Iterable[Part]) -> Iterator[str]:
    """Text in reading order; a quote's lines are marked, addresses stand behind their text."""
    for part in parts:
        if isinstance(part, Quote):
            yield _QUOTE_MARK
            yield from (_marked(span.text) for span in part.spans)
        else:
            yield part.text + (f" <{part.url}>" if part.url else "")


def _choice_pieces(rows: Rows) -> Iterator[str]:
    """The buttons, numbered, a row a line; those that open an address are the link in the title already."""
    number = 0
    for row in rows:
        for place, button in enumerate(choices((row,))):
            number += 1
            yield ("  " if place else "\n") + f"[{number}] {button.label}"


def _marked(text: str) -> str:
    return text.replace("\n", f"\n{_QUOTE_MARK}")
