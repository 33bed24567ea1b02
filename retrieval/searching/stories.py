"""Stories: whether two passages report the same, so that a reader is shown one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from retrieval.searching.candidates import PASSAGES, Candidate, Ranking
from retrieval.searching.fusion import cosines

SAME = 0.7
"""Share of all shingles that both must hold. A shared sentence of boilerplate does not reach it."""
NEAR = 0.95
"""Cosine below which two passages need not be compared: the same text twice is hardly below .98."""
MOST = 8_000
"""Passages that a ranking is asked for at most. All rankings up to there, where one story fills 20,000 passages of four
sentences, take half a second; the nearest 8,000 of a million vectors 28 ms, 100 of them 3. Milvus gives 16,384.
"""
WIDER = 4
"""How many times as many passages the next ranking is asked for."""
_SHINGLE = 3
Look: TypeAlias = Callable[[int], Ranking]
"""Ranks at least so many passages, where there are as many."""


@dataclass(frozen=True, slots=True)
class Story:
    """A passage to be shown, and the numbers of others that say the same."""

    best: Candidate
    repeats: tuple[int, ...]

    @property
    def passages(self) -> tuple[int, ...]:
        """The numbers of all of them, that of the passage to be shown first."""
        return self.best.passage, *self.repeats


def tell_enough(look: Look, wanted: int, passages: int) -> list[Story]:
    """The best `wanted` stories among the `passages` that `look` ranks; where these tell too few, among more.

    A bulletin that comes out every day with another number in it leaves one story of hundreds of passages. Then four
    times as many are ranked, until there are enough stories, or no more passages, or MOST would be exceeded: what is
    told oftener still hides the rest. Where fewer passages than stories are ranked, it is not repeats that hide any.
    """
    ranking = look(passages)
    stories = tell_apart(ranking, wanted)
    more = WIDER * max(PASSAGES, passages)
    if len(stories) >= wanted or len(ranking) < wanted or ranking.whole or more > MOST:
        return stories
    return tell_enough(look, wanted, more)


def tell_apart(ranking: Ranking, wanted: int) -> list[Story]:
    """The best `wanted` stories among the candidates."""
    stories: list[Story] = []
    told: set[int] = set()
    for at in range(len(ranking)):
        if at in told:
            continue
        repeats = _repeats(ranking, at)
        told.update(repeats)
        stories.append(Story(ranking[at], tuple(ranking.rows[repeats].tolist())))
        if len(stories) == wanted:
            break
    return stories


def _repeats(ranking: Ranking, at: int) -> list[int]:
    """Where the candidates behind the one at `at` stand that say the same."""
    near = at + 1 + np.flatnonzero(cosines(ranking.vectors[at + 1 :], ranking.vectors[at]) >= NEAR)
    if not len(near):
        return []
    text = shingles(ranking.runs(at))
    return [other for other in near.tolist() if same(text, shingles(ranking.runs(other)))]


def joined(first: Sequence[Story], second: Sequence[Story]) -> list[Story]:
    """Stories of two rankings, each once, best first; the second's scores are moved so that its best comes right after.

    Scores of two rankings do not compare, but how far each falls off from its best does. Which of two passages is a
    story's best, and which its repeat, may differ between them.
    """
    shown = {story.best.passage for story in first}
    told = {number for story in first for number in story.passages}
    others = [story for story in second if story.best.passage not in told and shown.isdisjoint(story.repeats)]
    if not first or not others:
        return [*first, *others]
    moved = first[0].best.score - others[0].best.score
    level = [replace(each, best=replace(each.best, score=each.best.score + moved)) for each in others]
    return sorted([*first, *level], key=lambda story: -story.best.score)


def shingles(runs: str) -> frozenset[str]:
    """The runs of three folded characters in a passage: its fingerprint. Its context's runs do not count."""
    text = runs.partition("\n")[0].replace(" ", "")
    return frozenset(text[at : at + _SHINGLE] for at in range(max(1, len(text) - _SHINGLE + 1)))


def same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two fingerprints share enough of both (Jaccard index)."""
    shared = len(one & other)
    return shared >= SAME * (len(one) + len(other) - shared)
