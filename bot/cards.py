"""Cards: a passage with its title, source and date, cut to the size of a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from babel.dates import format_date

from bot.excerpts import Excerpt, excerpt
from bot.languages.language import Language
from bot.markup import Part, Quote, Span, web_link
from bot.text import legible, one_line, shortened, units
from retrieval.records import Article, Hit, Mention

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
_BREAK = "\n"


def card(hit: Hit, language: Language, *, taken: int = 0) -> Iterator[Part]:
    """Title, byline, the passage as a quote, and where else it stands; `taken` UTF-16 units are used already."""
    top = (_title(hit), Span(f"\n{_byline(hit.article, language)}".rstrip() + _BREAK))
    foot = tuple(_also_in(hit.also_in, language))
    frame = sum(units(span.text) for span in (*top, *foot))
    yield from top
    yield _quote(excerpt(Excerpt.of(hit.text, hit.highlight), VISIBLE_LIMIT - taken - frame))
    yield from foot


def window(hit: Hit, shown: Sequence[Hit], language: Language) -> Iterator[Part]:
    """Title and byline of the article of `hit`, then the paragraphs `shown`, each as a quote."""
    top = (_title(hit), Span(f"\n{_byline(hit.article, language)}".rstrip() + _BREAK))
    room = VISIBLE_LIMIT - sum(units(span.text) for span in top) - len(shown) * len(_BREAK)
    pieces = [Excerpt.of(each.text, each.highlight) for each in shown]
    yield from top
    for piece, share in zip(pieces, _shares([piece.size for piece in pieces], room), strict=True):
        if piece is not pieces[0]:
            yield Span(_BREAK)
        yield _quote(excerpt(piece, share), foldable=False)


def named(article: Article) -> str:
    """The title on a line, or what stands in for it."""
    return next(filter(legible, (one_line(article.title), one_line(article.path))), "…")


def title_line(article: Article, language: Language) -> Iterator[Span]:
    """An article in a list: its title as a link, and its date."""
    yield Span(shortened(named(article), MENTION_LIMIT), url=web_link(article.url, limit=MENTION_LINK_BYTES))
    if article.date:
        yield Span(f" · {day(article, language)}")


def day(article: Article, language: Language) -> str:
    """The article's own day in the reader's form; empty where none is known."""
    moment = article.date
    if moment is None:
        return ""
    return str(format_date(moment.date() if isinstance(moment, datetime) else moment, "long", language.locale))


def _title(hit: Hit) -> Span:
    title = shortened(named(hit.article), TITLE_LIMIT)
    return Span(title, bold=True, url=web_link(hit.url, hit.article.url))


def _byline(article: Article, language: Language) -> str:
    """Date and author; where no author is known, the first category."""
    source = one_line(article.author or "") or one_line(next(iter(article.categories), ""))
    return " · ".join(filter(None, [day(article, language), shortened(source, BYLINE_LIMIT)]))


def _also_in(mentions: Sequence[Mention], language: Language) -> Iterator[Span]:
    for count, mention in enumerate(mentions[:MENTIONS]):
        yield Span(language.between if count else f"\n{language.also_in}")
        title = next(filter(legible, (one_line(mention.title), one_line(mention.path))), "…")
        yield Span(shortened(title, MENTION_LIMIT), url=web_link(mention.url, limit=MENTION_LINK_BYTES))
    if len(mentions) > MENTIONS:
        yield Span(f" +{len(mentions) - MENTIONS}")


def _shares(wants: Sequence[int], room: int) -> list[int]:
    """Room dealt out so that small wants are met in full and large ones get equal parts of the rest."""
    shares = [0] * len(wants)
    for rank, place in enumerate(sorted(range(len(wants)), key=wants.__getitem__)):
        shares[place] = min(max(wants[place], 0), room // (len(wants) - rank))
        room -= shares[place]
    return shares


def _quote(passage: Excerpt, *, foldable: bool = True) -> Quote:
    spans = (Span(passage.before), Span(passage.best, bold=True), Span(passage.after))
    in_view = not passage.best or units(passage.before) <= FOLDED
    folded = foldable and passage.size > LONG and in_view
    return Quote(tuple(span for span in spans if span.text), expandable=folded)
