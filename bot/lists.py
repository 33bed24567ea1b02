"""Lists: articles and categories, a line each, within the size of a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.cards import title_line
from bot.languages.language import Language
from bot.markup import Span
from bot.replies import Reply, said
from bot.text import one_line, shortened
from retrieval.records import Article, Category

ARTICLES = 10
CATEGORIES = 40
_NAME_LIMIT = 60


def latest(articles: Sequence[Article], language: Language) -> Reply:
    """The newest articles, at most ten."""
    if not articles:
        return said(language.no_articles)
    return Reply((Span(f"{language.latest}\n"), *_lines(articles, language)))


def fresh(topics: Sequence[tuple[str, Sequence[Article]]], language: Language) -> Reply:
    """New articles by topic: a digest. At most ten articles in all; more are counted."""
    parts: list[Span] = []
    room = ARTICLES
    for topic, articles in topics:
        heading = language.digest.format(topic=shortened(one_line(topic), _NAME_LIMIT))
        parts += [Span(("\n\n" if parts else "") + heading + "\n"), *_lines(articles[:room], language)]
        if len(articles) > room:
            parts.append(Span(f"\n+{len(articles) - room}"))
        room = max(0, room - len(articles))
    return Reply(tuple(parts))


def categories(found: Sequence[Category], language: Language) -> Reply:
    """The categories with most articles, at most forty; more are counted."""
    if not found:
        return said(language.no_categories)
    lines = [f"{shortened(one_line(each.name), _NAME_LIMIT)} · {each.articles:,}" for each in found[:CATEGORIES]]
    more = [f"+{len(found) - CATEGORIES}"] if len(found) > CATEGORIES else []
    return said("\n".join([language.categories, *lines, *more]))


def _lines(articles: Iterable[Article], language: Language) -> Iterable[Span]:
    for article in articles:
        yield Span("\n• ")
        yield from title_line(article, language)
