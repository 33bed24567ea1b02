"""Stories: whether two passages report the same, so that a reader is shown one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from retrieval.searching.candidates import Candidate

SAME = 0.7
"""Share of all shingles that both must hold. A shared sentence of boilerplate does not reach it."""
_SHINGLE = 3


@dataclass(slots=True)
class Story:
    """A passage to be shown, and the numbers of others that say the same."""

    best: Candidate
    fingerprint: frozenset[str]
    repeats: list[int] = field(default_factory=list)


def shingles(runs: str) -> frozenset[str]:
    """The runs of three folded characters in a passage: its fingerprint. Its context's runs do not count."""
    text = runs.partition("\n")[0].replace(" ", "")
    return frozenset(text[at : at + _SHINGLE] for at in range(max(1, len(text) - _SHINGLE + 1)))


def same_story(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two fingerprints are of the same text, give or take an edit."""
    smaller, larger = sorted((len(one), len(other)))
    if smaller < SAME * larger:
        return False
    shared = len(one & other)
    return shared >= SAME * (smaller + larger - shared)


def tell_apart(candidates: Iterable[Candidate], wanted: int) -> list[Story]:
    """The best `wanted` stories of `candidates`, which come best first."""
    stories: list[Story] = []
    for candidate in candidates:
        fingerprint = shingles(candidate.runs)
        same = next((story for story in stories if same_story(story.fingerprint, fingerprint)), None)
        if same is not None:
            same.repeats.append(candidate.passage)
        elif len(stories) < wanted:
            stories.append(Story(candidate, fingerprint))
    return stories
