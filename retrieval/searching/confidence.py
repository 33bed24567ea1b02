"""Confidence: the probability that the articles answer the question with the first hit.

Two logistic regressions, for a first hit in the question's language and for one in another. What tells an answer from
the nearest thing there is: how near it is, how far it stands out from the field behind it and of how much of one piece
that field is, how much of what the question states it holds, its numbers above all, and whether that is much.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("confidence.json")
"""The coefficients, as `python -m benchmarks.calibrate` fits them."""
ANSWERED = 0.5
"""From this confidence on the first hit is taken for an answer."""
FIELD = 7
"""Hits behind the first that make the field."""
LITTLE = 10.0
"""Lexical mass of a question of a word or two: to hold all of that proves half as much as to hold all of much."""
UNRELATED = 0.79
"""Dense score of a passage that has nothing to do with the question: the field where there is none."""
COHESION = 0.85
"""Cohesion of a field of fewer than two passages."""
ALONE = 0.1
"""Lead in score of a passage that has no field."""


ALIGNED_LEAD, EXCEEDING = 0.05, -0.05
"""What is usual of a first hit whose tokens were not compared with the question's."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the ranking shows of the first hit."""

    dense: float
    """Its dense score."""
    lead: float
    """How far that is above the field's mean."""
    gap: float
    """How far its score is above the second hit's."""
    ahead: float
    """How far its score is above the field's mean."""
    cohesion: float
    """How near the field's passages are to one another: a lead over many on one subject is harder to come by."""
    numbers: float
    """The share of the question's numbers that it holds, less half; 0 where there are none."""
    covered: float
    """The share of the question's lexical mass that it holds, less where there is little of it."""
    said: float
    """How much the question states: 0 nothing, .5 a word or two, towards 1."""
    aligned_lead: float
    """Across languages, how much nearer the question's tokens come to its own than to the field's on average."""
    exceeding: float
    """The same, but than to the nearest there is of each in the field: a near miss holds no more than its neighbours
    do together."""
    same_language: bool
    """Whether it shares the question's language, as far as can be told, so that words can match at all."""


FEATURES = {
    "same_language": ("dense", "lead", "gap", "cohesion", "numbers", "covered"),
    "other_language": ("ahead", "numbers", "covered", "said", "aligned_lead", "exceeding"),
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
