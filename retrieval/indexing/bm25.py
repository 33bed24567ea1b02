"""BM25 in Lucene's form, without the constant k1 + 1: what a token tells, and what each further occurrence adds."""

from __future__ import annotations

import math

K1, B = 0.6, 0.75
"""How soon repetition saturates, and how much length counts."""


def saturated(times: int, length: float, average: float) -> float:
    """0 to 1: what `times` occurrences in a passage of `length` tokens count, to be multiplied with weight and idf."""
    return times / (times + K1 * (1 - B + B * length / average))


def idf(holding: int, passages: int) -> float:
    """What a token tells that `holding` of all passages hold: ln(1 + (N - n + .5) / (n + .5))."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))
