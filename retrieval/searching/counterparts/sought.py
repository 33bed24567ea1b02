"""Sought: a question with the counterparts of its words in the other languages of a collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from retrieval.indexing.bm25 import idf
from retrieval.indexing.engine import Generation
from retrieval.indexing.scripts import Script
from retrieval.searching.counterparts.counterpart import Counterpart
from retrieval.searching.counterparts.korean import heard_in_korean
from retrieval.searching.counterparts.mandarin import spelt, written
from retrieval.searching.counterparts.places import places
from retrieval.searching.counterparts.transcribed import transcribed
from retrieval.searching.counterparts.translated import from_chinese, to_chinese
from retrieval.searching.question import WeightedQuestion, pattern

MOST = 24
"""Counterparts of a kind that are looked for: a question put together from syllables would ask for a million tokens."""

_Way: TypeAlias = Sequence[Mapping[str, int]]
"""The parts of a way: what the collection holds of their tokens, and in how many passages."""


def sought(weighted: WeightedQuestion, text: str, generation: Generation) -> WeightedQuestion:
    """`weighted` with what its words may be in the collection's other languages."""
    counts = generation.means.counts
    script = Script.LATIN if weighted.script == Script.CHINESE else Script.CHINESE
    if not counts[script]:
        return weighted
    counterparts = [each for kind in _kinds(script, text) for each in islice(kind, MOST)]
    tokens = {token for each in counterparts for way in each.ways for part in way for token in part}
    held = generation.frequencies(tokens)
    # Only passages in that script can hold them.
    passages = round(generation.manifest.rows * int(counts[script]) / int(counts.sum()))
    return with_counterparts(weighted, counterparts, held.__getitem__, max(1, passages))


def _kinds(script: Script, text: str) -> list[Iterable[Counterpart]]:
    """Counterparts of a question's words in a script."""
    if script == Script.CHINESE:
        return [spelt(text), transcribed(text), heard_in_korean(text), places(text), to_chinese(text)]
    return [written(text), from_chinese(text)]


def with_counterparts(
    weighted: WeightedQuestion, counterparts: Sequence[Counterpart], frequency: Callable[[str], int], passages: int
) -> WeightedQuestion:
    """`weighted` with what the collection holds of `counterparts` looked for, too.

    Tokens of a part count as one (Pirkola 1998, "The Effects of Query Structure and Dictionary Setups in
    Dictionary-Based Cross-Language Information Retrieval"): the more of them there are, the less is proved by any.
    """
    weights, mass = dict(weighted.weights), weighted.mass
    for each in counterparts:
        ways = [[{token: found for token in part if (found := frequency(token))} for part in way] for way in each.ways]
        known = [way for way in ways if sum(map(bool, way)) >= each.needed * len(way)]
        told = [_told(each, way, passages) for way in known]
        for token, counts in (item for way in told for item in way.items()):
            weights[token] = max(counts, weights.get(token, 0.0))
        mass += max((_gained(each, way, passages) for way in known), default=0.0)
    patterns = [(pattern(token), counts) for token, counts in weights.items()]
    return replace(weighted, weights=weights, patterns=patterns, mass=max(mass, weighted.mass))


def _told(counterpart: Counterpart, way: _Way, passages: int) -> dict[str, float]:
    """Token -> what it counts."""
    share = counterpart.emphasis * counterpart.weight / len(way)
    return {token: share * _idf(part, passages) for part in way for token in part}


def _gained(counterpart: Counterpart, way: _Way, passages: int) -> float:
    """What a way adds to the question's mass, in which its words are held to be unknown."""
    share = counterpart.weight / len(way)
    return sum(share * (counterpart.emphasis * _idf(part, passages) - idf(0, passages)) for part in way if part)


def _idf(part: Mapping[str, int], passages: int) -> float:
    return idf(min(passages, sum(part.values())), passages)
