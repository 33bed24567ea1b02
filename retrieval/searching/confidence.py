"""Confidence: the probability that the first hit answers the question.

A logistic of what the best passage got and how far it stands out from the next one. Constants from half-removed
collections: half of the passages are taken out, and the truth is whether the gold passage is still there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ANSWERED = 0.5
"""From this confidence on the first hit is taken for an answer."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the ranking shows."""

    dense: float
    """Dense score of the first hit."""
    dense_lead: float
    """How far it is above the second hit's."""
    matched: float
    """The largest share of the question's lexical mass that a hit holds."""
    lead: float
    """How far the first fused score is above the second."""
    same_script: bool
    """Whether question and first hit share a script, so that words could match at all."""


def confidence(evidence: Evidence) -> float:
    """Probability, 0 to 1."""
    if evidence.same_script:
        z = 49.09 * evidence.dense + 9.79 * evidence.matched + 14.39 * evidence.lead - 47.85
    else:
        z = 43.8 * evidence.dense + 28.4 * evidence.dense_lead - 35.8
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, z))))
