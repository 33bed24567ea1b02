"""What the bot needs of a retriever."""

from __future__ import annotations

from typing import Protocol

from retrieval.records import Answer, Article, Category, Filter
from retrieval.searching.retriever import IndexInfo


class Retrieving(Protocol):
    """What the bot needs of a Retriever; called from several threads."""

    def answer(self, question: str, k: int = ..., where: Filter | None = ...) -> Answer:
        """The best `k` passages for the question, and whether they answer it. Raises BadQuestion."""
        ...

    def latest(self, count: int = ..., where: Filter | None = ...) -> list[Article]:
        """The newest articles, newest first."""
        ...

    def categories(self) -> list[Category]:
        """All categories, those of most articles first."""
        ...

    def passages_of(self, path: str) -> list[str]:
        """Texts of an article's passages in reading order; none for an article that is not there."""
        ...

    def about(self) -> IndexInfo:
        """What the live generation holds."""
        ...
