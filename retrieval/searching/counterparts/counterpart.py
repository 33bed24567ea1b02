"""A counterpart of a word in a question, as articles in another language may have it."""

from __future__ import annotations

from dataclasses import dataclass

NAME = 4.0
"""Emphasis of a name: where articles are in another script, names are most of what can be matched. From 3 to 8 about
as many passages are found."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What may stand in articles for a word, or a few, of a question."""

    ways: tuple[tuple[frozenset[str], ...], ...]
    """Of writing it: each in parts, of whose tokens any will do. A passage has a part if it holds one of them."""
    weight: float
    """Of the words it stands for."""
    needed: float = 1.0
    """The share of a way's parts without which it is none in this collection."""
    emphasis: float = 1.0
    """What it counts beside a word of the question's own."""
