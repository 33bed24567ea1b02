"""From an answer to the message that carries it: pure, and always within Telegram's limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.cards import card, named, window
from bot.keyboard import AROUND, LANGUAGE, NEWEST, PASSAGE, RIGHT, TITLES, WRONG, Button, Press, Rows
from bot.languages.language import Language, languages
from bot.markup import Part, Span, to_html, web_link
from bot.sheets import Sheet
from bot.text import clean, head, shortened, units
from retrieval.records import Hit
from retrieval.searching.question import MAX_CHARACTERS

PASSAGES = 5
"""How many passages of an answer can be paged through."""
NEAREST = 3
"""How many titles are offered where nothing answers."""
LABEL_LIMIT = 48
NOTE_LIMIT = 300
WINDOW = 3
"""How many paragraphs of an article are shown at once."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message."""

    parts: tuple[Part, ...]
    rows: Rows = ()
    picture: str | None = None
    """Address of a picture to preview."""
    sheet: str | None = None
    """Id of what lies behind the buttons."""
    answered: bool = False
    """Whether it shows a passage that answers."""

    @property
    def html(self) -> str:
        """The message for Telegram, in parse mode HTML."""
        return to_html(self.parts)


def said(words: str, rows: Rows = ()) -> Reply:
    """The bot's own words as a message."""
    return Reply((Span(words),), rows)


def refusal(question: str, language: Language) -> Reply:
    """What is said of a question that cannot be searched."""
    if question.strip():
        return said(language.too_long.format(limit=f"{MAX_CHARACTERS:,}"))
    return said(language.empty)


def explained(language: Language, rest: str) -> Reply:
    """How to ask; `rest` is what else can be said here."""
    return said(f"{language.help}\n{rest}")


def choice_of_language(language: Language) -> Reply:
    """A button for each language, and one to follow the person's own settings."""
    rows = [(Button(each.name, f"{LANGUAGE}:{each.tags[0]}"),) for each in languages()]
    rows.append((Button(language.automatic, f"{LANGUAGE}:"),))
    return said(language.choose_language, tuple(rows))


def answer(sheet: Sheet, language: Language) -> Reply:
    """The best passage of an answer; where nothing answers, one honest line and the nearest titles."""
    return passage(sheet, 0, language) if sheet.answered and sheet.hits else titles(sheet, language)


def passage(sheet: Sheet, at: int, language: Language) -> Reply:
    """The passage at place `at`, from 0, with the buttons around it."""
    hit = sheet.hits[at]
    note = list(_note(sheet, language))
    return Reply(
        (*note, *card(hit, language, taken=sum(units(span.text) for span in note))),
        tuple(_passage_rows(sheet, at, language)),
        picture=web_link(hit.article.image),
        sheet=sheet.id,
        answered=sheet.answered,
    )


def titles(sheet: Sheet, language: Language) -> Reply:
    """That nothing answers, with the titles that come nearest as buttons."""
    rows = [
        (Button(_label(hit), Press(PASSAGE, sheet.id, at).data),) for at, hit in _one_an_article(sheet.hits)[:NEAREST]
    ]
    rows.append((Button(language.latest_button, Press(NEWEST, sheet.id, 0, 0).data),))
    return Reply((*_note(sheet, language), Span(language.nothing)), tuple(rows), sheet=sheet.id)


def paragraphs(sheet: Sheet, at: int, texts: Sequence[str], start: int | None, language: Language) -> Reply:
    """Paragraphs of the article that the passage at place `at` is from, the passage among them.

    `texts` are the article's in reading order, `start` is the first to show; raises ValueError where the passage
    is no longer among them.
    """
    hit = sheet.hits[at]
    here = list(texts).index(hit.text)
    first = max(0, min(here - 1 if start is None else start, len(texts) - WINDOW))
    shown = [
        replace(hit, text=text, highlight=hit.highlight if place == here else None)
        for place, text in enumerate(texts[first : first + WINDOW], first)
    ]
    return Reply(
        tuple(window(hit, shown, language)),
        tuple(_reading_rows(sheet, at, first, len(texts), language)),
        sheet=sheet.id,
    )


def _passage_rows(sheet: Sheet, at: int, language: Language) -> Iterator[tuple[Button, ...]]:
    hit, best = sheet.hits[at], sheet.answered and at == 0
    yield from _row(_turns(sheet, at, language))
    more = Button(language.more, Press(AROUND, sheet.id, at).data)
    url = web_link(hit.url, hit.article.url)
    yield (more, Button(language.source, url=url)) if url else (more,)
    yield (
        Button(language.right if best else language.found, Press(RIGHT, sheet.id, at).data),
        Button(language.wrong, Press(WRONG, sheet.id, at).data),
    )


def _turns(sheet: Sheet, at: int, language: Language) -> Iterator[Button]:
    if not sheet.answered:
        yield Button(language.back, Press(TITLES, sheet.id).data)
        return
    total = len(sheet.hits)
    if at > 0:
        yield Button(f"‹ {language.previous} ({at}/{total})", Press(PASSAGE, sheet.id, at - 1).data)
    if at + 1 < total:
        yield Button(f"{language.next} ({at + 2}/{total}) ›", Press(PASSAGE, sheet.id, at + 1).data)


def _reading_rows(sheet: Sheet, at: int, first: int, total: int, language: Language) -> Iterator[tuple[Button, ...]]:
    yield from _row(_steps(sheet, at, first, total, language))
    back = Button(language.back, Press(PASSAGE, sheet.id, at).data)
    url = web_link(sheet.hits[at].url, sheet.hits[at].article.url)
    yield (back, Button(language.source, url=url)) if url else (back,)


def _steps(sheet: Sheet, at: int, first: int, total: int, language: Language) -> Iterator[Button]:
    if first > 0:
        yield Button(f"‹ {language.earlier}", Press(AROUND, sheet.id, at, max(0, first - WINDOW)).data)
    if first + WINDOW < total:
        yield Button(f"{language.later} ›", Press(AROUND, sheet.id, at, first + WINDOW).data)


def _row(buttons: Iterator[Button]) -> Iterator[tuple[Button, ...]]:
    row = tuple(buttons)
    if row:
        yield row


def _note(sheet: Sheet, language: Language) -> Iterator[Span]:
    if sheet.note:
        understood = head(clean(sheet.note), NOTE_LIMIT)
        yield Span(language.understood.format(question=understood) + "\n\n")


def _label(hit: Hit) -> str:
    return shortened(named(hit.article), LABEL_LIMIT)


def _one_an_article(hits: Sequence[Hit]) -> list[tuple[int, Hit]]:
    """The first hit of each article, with its place."""
    first: dict[str, tuple[int, Hit]] = {}
    for at, hit in enumerate(hits):
        first.setdefault(hit.article.path, (at, hit))
    return list(first.values())
