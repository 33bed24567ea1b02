"""From an answer to the messages that carry it: pure, and always within Telegram's limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.excerpts import Excerpt, excerpt
from bot.languages.language import Language
from bot.markup import Part, Quote, Span, to_html, web_link
from bot.text import one_line, shortened, units
from retrieval.records import Answer, Article, Hit, Mention
from retrieval.searching.question import MAX_CHARACTERS

PASSAGES = 3
"""How many passages an answer shows."""
VISIBLE_LIMIT = 4096
"""UTF-16 units a message may show: https://core.telegram.org/bots/api#sendmessage"""
TITLE_LIMIT = 200
BYLINE_LIMIT = 80
MENTIONS = 2
MENTION_LIMIT = 80
MENTION_LINK_BYTES = 512
LONG = 400
"""A quote of more UTF-16 units is folded, where that does not hide its best sentence."""
FOLDED = 40
"""Where the best sentence must begin to be seen in a folded quote, in UTF-16 units."""
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """One message."""

    parts: tuple[Part, ...]

    @property
    def html(self) -> str:
        """The message for Telegram, in parse mode HTML."""
        return to_html(self.parts)


@dataclass(frozen=True, slots=True)
class _Card:
    """One passage with its title line and foot line, before it is cut to size."""

    top: tuple[Span, ...]
    passage: Excerpt
    foot: tuple[Span, ...]

    @property
    def frame(self) -> int:
        """UTF-16 units of everything but the passage, with the gap to the next card."""
        return sum(units(span.text) for span in (*self.top, *self.foot)) + len(_GAP)

    @property
    def least(self) -> int:
        """UTF-16 units the card takes with no more of its passage than the best sentence."""
        return min(self.frame + self.passage.least, VISIBLE_LIMIT)

    @property
    def whole(self) -> int:
        """UTF-16 units the card takes with its whole passage."""
        return self.frame + self.passage.size


def said(words: str) -> Reply:
    """The bot's own words as a message."""
    return Reply((Span(words),))


def refusal(question: str, language: Language) -> Reply:
    """What is said of a question that cannot be searched."""
    if question.strip():
        return said(language.too_long.format(limit=f"{MAX_CHARACTERS:,}"))
    return said(language.empty)


def replies(answer: Answer, language: Language) -> tuple[Reply, ...]:
    """The messages that answer: up to three passages, or the admission that nothing fits.

    One message nearly always; more only where the best sentences alone do not fit into one.
    """
    if not answer.answered or not answer.hits:
        return (said(language.nothing),)
    cards = [_card(hit, language) for hit in answer.hits[:PASSAGES]]
    return tuple(Reply(tuple(_laid_out(page))) for page in _pages(cards))


def _card(hit: Hit, language: Language) -> _Card:
    return _Card(
        top=(*_title(hit), Span(f"\n{_byline(hit.article)}".rstrip() + "\n")),
        passage=Excerpt.of(hit.text, hit.highlight),
        foot=tuple(_also_in(hit.also_in, language)),
    )


def _title(hit: Hit) -> Iterator[Span]:
    article = hit.article
    title = one_line(article.title) or one_line(article.path)
    yield Span(shortened(title, TITLE_LIMIT), bold=True, url=web_link(hit.url, article.url))


def _byline(article: Article) -> str:
    """Date and author; where no author is known, the first category."""
    source = one_line(article.author or "") or one_line(next(iter(article.categories), ""))
    return " · ".join(filter(None, [_day(article), shortened(source, BYLINE_LIMIT)]))


def _day(article: Article) -> str:
    moment = article.date
    day = moment.date() if isinstance(moment, datetime) else moment
    return day.isoformat() if day else ""


def _also_in(mentions: Sequence[Mention], language: Language) -> Iterator[Span]:
    for count, mention in enumerate(mentions[:MENTIONS]):
        yield Span(language.between if count else f"\n{language.also_in}")
        title = one_line(mention.title) or one_line(mention.path)
        yield Span(shortened(title, MENTION_LIMIT), url=web_link(mention.url, limit=MENTION_LINK_BYTES))
    if len(mentions) > MENTIONS:
        yield Span(f" +{len(mentions) - MENTIONS}")


def _pages(cards: Sequence[_Card]) -> list[list[_Card]]:
    """The cards, as many to a message as can show their best sentences."""
    pages: list[list[_Card]] = [[]]
    for card in cards:
        if pages[-1] and sum(other.least for other in pages[-1]) + card.least > VISIBLE_LIMIT:
            pages.append([])
        pages[-1].append(card)
    return pages


def _laid_out(cards: Sequence[_Card]) -> Iterator[Part]:
    room = VISIBLE_LIMIT - sum(card.least for card in cards)
    extras = _shares([card.whole - card.least for card in cards], room)
    for card, extra in zip(cards, extras, strict=True):
        if card is not cards[0]:
            yield Span(_GAP)
        yield from card.top
        yield _quote(excerpt(card.passage, card.least - card.frame + extra))
        yield from card.foot


def _shares(wants: Sequence[int], room: int) -> list[int]:
    """Room dealt out so that small wants are met in full and large ones get equal parts of the rest."""
    shares = [0] * len(wants)
    for rank, place in enumerate(sorted(range(len(wants)), key=wants.__getitem__)):
        shares[place] = min(max(wants[place], 0), room // (len(wants) - rank))
        room -= shares[place]
    return shares


def _quote(passage: Excerpt) -> Quote:
    spans = (Span(passage.before), Span(passage.best, bold=True), Span(passage.after))
    in_view = not passage.best or units(passage.before) <= FOLDED
    return Quote(tuple(span for span in spans if span.text), expandable=passage.size > LONG and in_view)
