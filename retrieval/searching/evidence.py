"""Evidence: what a ranking shows of its first hit, by which confidence tells whether that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from embeddings.encoder import Vectors
from retrieval.indexing.scripts import script_of
from retrieval.searching.candidates import Candidate
from retrieval.searching.fusion import matched_weight
from retrieval.searching.question import WeightedQuestion
from retrieval.searching.stories import Story

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
ALIGNED, ALIGNED_LEAD, EXCEEDING = 0.35, 0.05, -0.05
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
    aligned: float
    """How near the question's tokens come to its own."""
    aligned_lead: float
    """How much nearer the question's tokens come to its own than to the field's on average."""
    exceeding: float
    """The same, but than to the nearest there is of each in the field: a near miss holds no more than its neighbours
    do together."""
    compared: bool
    """Whether tokens were compared, so that the last three are its own and not what is usual."""
    same_language: bool
    """Whether it shares the question's language, as far as can be told, so that words can match at all."""


def evidence_of(weighted: WeightedQuestion, stories: Sequence[Story]) -> Evidence:
    """What stories, n > 0, best first, show of the first."""
    first, *others = [story.best for story in stories[: 1 + FIELD]]
    mass = weighted.mass
    said = mass / (mass + LITTLE)
    aligned, aligned_lead, exceeding = _alignment(first, others)
    return Evidence(
        dense=first.dense,
        lead=first.dense - (mean(other.dense for other in others) if others else UNRELATED),
        gap=first.score - others[0].score if others else ALONE,
        ahead=first.score - mean(other.score for other in others) if others else ALONE,
        cohesion=_cohesion([other.vector for other in others]),
        numbers=_share_of_numbers(first.runs, weighted.numbers),
        covered=said * matched_weight(first.runs, weighted.patterns) / max(mass, 1e-9),
        said=said,
        aligned=aligned,
        aligned_lead=aligned_lead,
        exceeding=exceeding,
        compared=first.aligned is not None,
        same_language=weighted.script == script_of(first.runs) and not weighted.foreign,
    )


def _cohesion(vectors: Sequence[Vectors]) -> float:
    """Mean cosine of two of n (d,) vectors."""
    if len(vectors) < 2:
        return COHESION
    found = np.array(vectors, dtype=np.float64)
    alone, together = np.square(found).sum(), np.square(found.sum(axis=0)).sum()
    return float(together - alone) / (len(vectors) * (len(vectors) - 1))


def _alignment(first: Candidate, others: Sequence[Candidate]) -> tuple[float, float, float]:
    """How near the question's tokens come to the first; how much nearer than to the others, on average and at best."""
    field = [other.aligned for other in others if other.aligned is not None]
    if first.aligned is None:
        return ALIGNED, ALIGNED_LEAD, EXCEEDING
    nearness = float(first.aligned.sum())
    if not field:
        return nearness, ALIGNED_LEAD, EXCEEDING
    usual, best = np.mean(field, axis=0).sum(), np.max(field, axis=0).sum()
    return nearness, nearness - float(usual), nearness - float(best)


def _share_of_numbers(runs: str, numbers: Sequence[str]) -> float:
    """-.5 where `runs` holds none of the patterns, .5 where all, 0 where there are none."""
    return sum(number in runs for number in numbers) / len(numbers) - 0.5 if numbers else 0.0
