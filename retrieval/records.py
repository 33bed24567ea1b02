"""The records that travel between the rooms: all frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of an article besides its text."""

    path: str
    """Relative to the articles folder, with forward slashes."""
    title: str
    url: str | None = None
    """Where the article is published; None where that cannot be known."""
    date: datetime | date | None = None
    """A datetime where the article gives a time of day, with its zone where it gives one."""
    author: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Another article that holds the same passage."""

    title: str
    url: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, word for word."""

    text: str
    score: float
    """Higher is better; 1 would be a passage that matches the question in every respect."""
    highlight: tuple[int, int] | None
    """Where the best sentence stands in `text`: [start, end) in characters."""
    article: Article
    url: str | None = None
    """Link to the very paragraph: the article's URL with a text fragment."""
    also_in: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The best passages for a question, and whether they answer it."""

    question: str
    answered: bool
    confidence: float
    """Probability, 0 to 1, that the first hit answers the question."""
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles may answer: every condition given must hold."""

    category: str | None = None
    author: str | None = None
    after: date | None = None
    """First day that counts."""
    before: date | None = None
    """Last day that counts."""
    language: str | None = None
    """ISO 639-1 code of the language that most of an article is in."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category, and how many articles it has."""

    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An article that was left out, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a rebuild did."""

    articles: int
    passages: int
    sentences: int
    embedded: int
    """Texts (passages and sentences) that went through the model."""
    reused: int
    """Texts whose vectors were taken from the previous generation."""
    removed: int
    """Articles that were in the previous generation and are gone."""
    seconds: float
    index: str
    generation: str
    model: str
    skipped: tuple[Skipped, ...] = field(default=())
