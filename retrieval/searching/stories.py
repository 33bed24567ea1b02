"""Stories: whether two passages report the same, so that a reader is shown one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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


def joined(first: Sequence[Story], second: Sequence[Story]) -> list[Story]:
    """Stories of two rankings, best first; the second's scores are moved so that its best comes right after that.

    Scores of two rankings do not compare, but how far each falls off from its best does.
    """
    known = {story.best.passage for story in first}
    others = [story for story in second if story.best.passage not in known]
    if not first or not others:
        return [*first, *others]
    moved = first[0].best.score - others[0].best.score
    level = [replace(each, best=replace(each.best, score=each.best.score + moved)) for each in others]
    return sorted([*first, *level], key=lambda story: -story.best.score)


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
