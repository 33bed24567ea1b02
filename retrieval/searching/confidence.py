"""Confidence: the probability that the articles answer the question with the first hit.

Two logistic regressions, for a first hit in the question's language and for one in another. What tells an answer from
the nearest thing there is: how near it is, how far it stands out from the field behind it and of how much of one piece
that field is, how much of what the question states it holds, its numbers above all, and whether that is much.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path

from retrieval.searching.evidence import Evidence

FILE = Path(__file__).with_name("confidence.json")
"""The coefficients, as `python -m benchmarks.calibrate` fits them."""
ANSWERED = 0.5
"""From this confidence on the first hit is taken for an answer."""

FEATURES = {
    "same_language": ("dense", "lead", "gap", "cohesion", "numbers", "covered"),
    "other_language": ("ahead", "numbers", "covered", "said", "aligned", "aligned_lead", "exceeding"),
}
"""What each of the regressions goes by."""


def regression(evidence: Evidence) -> str:
    """Which of the regressions is to be asked."""
    return "same_language" if evidence.same_language else "other_language"


def confidence(evidence: Evidence) -> float:
    """Probability, 0 to 1."""
    name = regression(evidence)
    fit = _fits()[name]
    z = fit["intercept"] + sum(fit[feature] * getattr(evidence, feature) for feature in FEATURES[name])
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, z))))


@lru_cache(maxsize=1)
def _fits() -> dict[str, dict[str, float]]:
    fits: dict[str, dict[str, float]] = json.loads(FILE.read_text(encoding="utf-8"))
    return fits
