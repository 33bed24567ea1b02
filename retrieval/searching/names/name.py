"""A name in a question, as articles may write it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """What may be a name."""

    ways: tuple[tuple[frozenset[str], ...], ...]
    """Of writing it: each in parts, whose tokens sound alike. A passage has a part if it holds one of its tokens."""
    weight: float
    """Of all parts together."""
    needed: float = 1.0
    """The share of parts without which it is no name of this collection."""
