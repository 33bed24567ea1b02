"""Which of a passage's tokens are a sentence's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embeddings.pieces import Placed


@dataclass(frozen=True, slots=True)
class Share:
    """A sentence as part of its passage."""

    text: int
    """Which passage."""
    places: tuple[int, ...]
    """Of its tokens in the passage, with those of the prompt before and of the text's end behind them.

    Empty where the sentence was cut off or has no token of its own: it must be encoded by itself.
    """


def shares(texts: Sequence[Placed]) -> Iterator[Share]:
    """One for each sentence, in order."""
    for text, placed in enumerate(texts):
        for start, end in placed.sentences:
            yield Share(text, _places(placed.lasts, start, end))


def _places(lasts: Sequence[int], start: int, end: int) -> tuple[int, ...]:
    own = range(bisect_left(lasts, start), bisect_left(lasts, end))
    return (*range(bisect_left(lasts, 0)), *own, len(lasts)) if own else ()
