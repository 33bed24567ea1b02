"""Confidence: the probability that the articles answer the question with the first hit.

Two logistic regressions, for a first hit in the question's script and for one in another. What tells an answer from
the nearest thing there is: how near it is, how far it stands out from the field behind it, and how much of what the
question states it holds. Fitted on half-emptied collections of DRCD's development set (50 to 500 passages) and on
the development questions about feed posts and software documents (58 and 3,698 passages), each source and each
outcome weighing alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ANSWERED = 0.5
"""From this confidence on the first hit is taken for an answer."""
FIELD = 7
"""Hits behind the first that make the field."""
UNRELATED = 0.79
"""Dense score of a passage that has nothing to do with the question: the field where there is none."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the ranking shows of the first hit."""

    dense: float
    """Its dense score."""
    lead: float
    """How far that is above the field's mean."""
    matched: float
    """The share of the question's lexical mass that it holds."""
    same_script: bool
    """Whether it shares the question's script, so that words can match at all."""


def confidence(evidence: Evidence) -> float:
    """Probability, 0 to 1."""
    if evidence.same_script:
        z = 18.2 * evidence.dense + 31.2 * evidence.lead + 11.0 * evidence.matched - 20.1
    else:
        z = 92.2 * evidence.lead + 5.7 * evidence.matched - 2.3
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, z))))
