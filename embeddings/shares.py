"""Which of a passage's tokens are a sentence's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from embeddings.together import Spans


@dataclass(frozen=True, slots=True)
class Share:
    """A sentence as part of its passage."""

    text: int
    """Which passage."""
    places: tuple[int, ...]
    """Of its tokens in the passage, with those of the prompt before and of the text's end behind them.

    Empty where the sentence was cut off or has no token of its own: it must be encoded by itself.
    """


def shares(encodings: Sequence[Encoding], prompt: int, sentences: Sequence[Spans]) -> Iterator[Share]:
    """One for each sentence, in order; `prompt`: how many characters stand before every text."""
    for text, (encoding, spans) in enumerate(zip(encodings, sentences, strict=True)):
        # A token that begins with the blank before a word belongs where the word is: its last character tells.
        lasts = np.array([end for _, end in encoding.offsets[:-1]]) - prompt - 1
        known = lasts.max() + 1 if encoding.overflowing else np.inf
        for start, end in spans:
            yield Share(text, _places(lasts, start, end) if end <= known else ())


def _places(lasts: NDArray[np.int64], start: int, end: int) -> tuple[int, ...]:
    own = np.flatnonzero((lasts >= start) & (lasts < end)).tolist()
    before = np.flatnonzero(lasts < 0).tolist()
    return (*before, *own, len(lasts)) if own else ()
