"""Batches of texts with equally many tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts that go through the model together."""

    positions: tuple[int, ...]
    """Where each text stands in the sequence that was asked for."""
    tokens: NDArray[np.int64]
    """(texts, tokens): all texts are equally long, so there is no padding."""


def batches(texts: Sequence[Sequence[int]], budget: int) -> Iterator[Batch]:
    """Every text once, longest first; a batch has at most `budget` tokens, or one text that is longer."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for position, tokens in enumerate(texts):
        by_length[len(tokens)].append(position)
    for length in sorted(by_length, reverse=True):
        step = max(1, budget // length)
        for start in range(0, len(by_length[length]), step):
            positions = by_length[length][start : start + step]
            yield Batch(tuple(positions), np.array([texts[p] for p in positions], np.int64))
