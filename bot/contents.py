"""Contents: what the index holds, to leaf through: the newest articles, the categories, the figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot import lists
from bot.cards import day
from bot.keyboard import ARTICLES, CATEGORIES, Button, Turn
from bot.languages.language import Language
from bot.listings import EVERYTHING, Listings
from bot.lists import Page
from bot.replies import Reply, said
from bot.retrieving import Retrieving
from retrieval.records import Article, Filter


class Contents:
    """Replies that list what there is. Every method may raise RetrievalError and UnusableData."""

    def __init__(self, retriever: Retrieving, listings: Listings) -> None:
        self._retriever = retriever
        self._listings = listings

    def articles(self, where: Filter, language: Language) -> Reply:
        """The newest articles that meet a filter, page by page."""
        return self._articles(self._listings.keep([where])[0], where, 0, None, language)

    def newest(self, page: int, turn: Callable[[int], str], back: Button, language: Language) -> Reply:
        """A page of the newest articles in the place of another reply, which `back` leads to."""
        found = self._page_of(Filter(), page)
        return lists.articles(found, language, turn, back=back)

    def categories(self, language: Language, page: int = 0) -> Reply:
        """A page of the categories, those of most articles first; each leads to its articles."""
        found = self._retriever.categories()
        # There may have been more when the button was made.
        shown = lists.page_of(found, min(page, max(0, len(found) - 1) // lists.CATEGORIES), lists.CATEGORIES)
        keys = self._listings.keep(Filter(category=each.name) for each in shown.entries)
        return lists.categories(shown, keys, language)

    def turn(self, turn: Turn, language: Language) -> Reply | None:
        """What a button under a list leads to; None where it has expired."""
        if turn.kind == CATEGORIES:
            return self.categories(language, turn.page)
        where = self._listings.find(turn.key)
        return None if where is None else self._articles(turn.key, where, turn.page, turn.origin, language)

    def about(self, language: Language) -> Reply:
        """What the index holds."""
        info = self._retriever.about()
        moment = day(Article("", "", date=datetime.fromisoformat(info.created)), language)
        articles = language.counted(language.articles, info.articles)
        passages = language.counted(language.passages, info.passages)
        return said(language.about.format(articles=articles, passages=passages, moment=moment))

    def _articles(self, key: str, where: Filter, page: int, origin: int | None, language: Language) -> Reply:
        def turn(to: int) -> str:
            return Turn(ARTICLES, key, to, origin).data

        back = None if origin is None else Button(language.back, Turn(CATEGORIES, EVERYTHING, origin).data)
        return lists.articles(self._page_of(where, page), language, turn, where=where, back=back)

    def _page_of(self, where: Filter, page: int) -> Page[Article]:
        found = self._retriever.latest((page + 1) * lists.ARTICLES + 1, where)
        return lists.page_of(found, page, lists.ARTICLES)
