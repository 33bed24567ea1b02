"""BM25's saturation, in Lucene's form without the constant k1 + 1: what each further occurrence of a token adds."""

from __future__ import annotations

K1, B = 0.6, 0.75
"""How soon repetition saturates, and how much length counts."""


def saturated(times: int, length: float, average: float) -> float:
    """0 to 1: what `times` occurrences in a passage of `length` tokens count, to be multiplied with weight and idf."""
    return times / (times + K1 * (1 - B + B * length / average))
