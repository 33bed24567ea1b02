"""Lists: articles and categories, a page at a time, within the size of a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from babel.dates import format_date

from bot import keyboard
from bot.cards import title_line
from bot.keyboard import Button, Turn
from bot.languages.language import Language
from bot.markup import Span
from bot.replies import Reply, said
from bot.text import legible, one_line, shortened
from retrieval.records import Article, Category, Filter

ARTICLES = 10
"""A page."""
CATEGORIES = 20
_A_ROW = 2
_NAME_LIMIT = 60
_LABEL_LIMIT = 30
LAST_PAGE = 999

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Page(Generic[Entry]):
    """A page of a list."""

    entries: Sequence[Entry]
    number: int
    """From 0."""
    last: bool
    """Whether nothing follows."""


def page_of(found: Sequence[Entry], number: int, size: int) -> Page[Entry]:
    """A page of a list that goes at least one entry further, where there is one."""
    end = (number + 1) * size
    return Page(found[end - size : end], number, last=len(found) <= end or number >= LAST_PAGE)


def articles(
    page: Page[Article],
    language: Language,
    turn: Callable[[int], str],
    *,
    where: Filter | None = None,
    back: Button | None = None,
) -> Reply:
    """A page of the newest articles that meet a filter; `turn` makes what the button to another page says."""
    rows = tuple(filter(None, (_turns(page, turn), (back,) if back else ())))
    if not page.entries:
        return said(language.no_articles, rows)
    space = "" if language.latest.endswith("：") else " "
    heading = f"{language.latest}{space}{_described(where, language)}".rstrip()
    return Reply((Span(f"{heading}\n"), *_lines(page.entries, language)), rows)


def fresh(topics: Sequence[tuple[str, Sequence[Article]]], language: Language) -> Reply:
    """New articles by topic: a digest. At most ten articles in all; more are counted."""
    parts: list[Span] = []
    room = ARTICLES
    for topic, found in topics:
        heading = language.digest.format(topic=shortened(one_line(topic), _NAME_LIMIT))
        parts += [Span(("\n\n" if parts else "") + heading + "\n"), *_lines(found[:room], language)]
        if len(found) > room:
            parts.append(Span(f"\n+{len(found) - room}"))
        room = max(0, room - len(found))
    return Reply(tuple(parts))


def categories(page: Page[Category], keys: Sequence[str], language: Language) -> Reply:
    """A page of the categories; each is a button to its articles, which are kept under its key."""
    if not page.entries:
        return said(language.no_categories)
    buttons = [
        Button(_label(each, language), Turn(keyboard.ARTICLES, key, 0, page.number).data)
        for each, key in zip(page.entries, keys, strict=True)
    ]
    rows = [tuple(buttons[at : at + _A_ROW]) for at in range(0, len(buttons), _A_ROW)]
    turns = _turns(page, lambda to: Turn(keyboard.CATEGORIES, "", to).data)
    return said(language.categories, tuple(filter(None, (*rows, turns))))


def _described(where: Filter | None, language: Language) -> str:
    if where is None:
        return ""
    after, before = (
        format_date(each, "medium", language.locale) if each else "…" for each in (where.after, where.before)
    )
    days = f"{after} – {before}" if where.after or where.before else ""
    words = (shortened(one_line(each or ""), _NAME_LIMIT) for each in (where.category, where.author))
    return " · ".join(filter(None, (*words, days)))


def _label(category: Category, language: Language) -> str:
    name = one_line(category.name)
    return f"{shortened(name if legible(name) else '…', _LABEL_LIMIT)} · {language.number(category.articles)}"


def _turns(page: Page[Entry], turn: Callable[[int], str]) -> tuple[Button, ...]:
    """Buttons to the pages before and after, which are told by their numbers."""

    def buttons() -> Iterator[Button]:
        if page.number > 0:
            yield Button(f"‹ {page.number}", turn(page.number - 1))
        if not page.last:
            yield Button(f"{page.number + 2} ›", turn(page.number + 1))

    return tuple(buttons())


def _lines(found: Iterable[Article], language: Language) -> Iterable[Span]:
    for article in found:
        yield Span("\n• ")
        yield from title_line(article, language)
