"""Stories: whether two passages report the same, so that a reader is shown one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.searching.candidates import Candidate, Ranking
from retrieval.searching.fusion import cosines

SAME = 0.7
"""Share of all shingles that both must hold. A shared sentence of boilerplate does not reach it."""
NEAR = 0.95
"""Cosine below which two passages need not be compared: the same text twice is hardly below .98."""
_SHINGLE = 3


@dataclass(frozen=True, slots=True)
class Story:
    """A passage to be shown, and the numbers of others that say the same."""

    best: Candidate
    repeats: tuple[int, ...]


def tell_apart(ranking: Ranking, wanted: int) -> list[Story]:
    """The best `wanted` stories among the candidates."""
    stories: list[Story] = []
    told: set[int] = set()
    for at in range(len(ranking)):
        if at in told:
            continue
        best = ranking[at]
        near = np.flatnonzero(cosines(ranking.vectors, ranking.vectors[at]) >= NEAR).tolist()
        others = {other: ranking[other] for other in near if other > at}
        repeats = [other for other, candidate in others.items() if _same_text(best, candidate)]
        told.update(repeats)
        stories.append(Story(best, tuple(others[other].passage for other in repeats)))
        if len(stories) == wanted:
            break
    return stories


def _same_text(one: Candidate, other: Candidate) -> bool:
    return same(shingles(one.runs), shingles(other.runs))


def shingles(runs: str) -> frozenset[str]:
    """The runs of three folded characters in a passage: its fingerprint. Its context's runs do not count."""
    text = runs.partition("\n")[0].replace(" ", "")
    return frozenset(text[at : at + _SHINGLE] for at in range(max(1, len(text) - _SHINGLE + 1)))


def same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two fingerprints share enough of both (Jaccard index)."""
    shared = len(one & other)
    return shared >= SAME * (len(one) + len(other) - shared)
