"""Named: a question with its names as the articles may write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from retrieval.indexing.bm25 import idf
from retrieval.indexing.engine import Generation
from retrieval.indexing.scripts import Script
from retrieval.searching import languages
from retrieval.searching.names.mandarin import spelt, written
from retrieval.searching.names.name import Name
from retrieval.searching.names.transcribed import transcribed
from retrieval.searching.question import WeightedQuestion, pattern

EMPHASIS = 4.0
"""What a name counts beside a word of the question's own script: where articles are in another one, names are all that
can be matched. From 3 to 8 about as many passages are found."""

MOST = 24
"""Names of a kind that are looked for: a question put together from syllables would ask for a million tokens."""


def named(weighted: WeightedQuestion, text: str, generation: Generation) -> WeightedQuestion:
    """`weighted` with the names in `text` looked for as the collection writes them, where that is in another script."""
    names = _names(weighted, text, generation)
    if not names:
        return weighted
    held = generation.frequencies({token for name in names for way in name.ways for part in way for token in part})
    return heard(weighted, names, held.__getitem__, generation.manifest.rows)


def _names(weighted: WeightedQuestion, text: str, generation: Generation) -> list[Name]:
    if weighted.script == Script.CHINESE:
        return written(text) if languages.is_abroad(weighted, generation.means) else []
    return [*spelt(text)[:MOST], *transcribed(text)[:MOST]] if generation.means.counts[Script.CHINESE] else []


def heard(
    weighted: WeightedQuestion, names: Sequence[Name], frequency: Callable[[str], int], passages: int
) -> WeightedQuestion:
    """`weighted` with what the collection holds of `names` looked for, too.

    Tokens that sound alike count as one: the more of them there are, the less is proved by any.
    """
    weights, mass = dict(weighted.weights), weighted.mass
    for name in names:
        held = [[{token: found for token in part if (found := frequency(token))} for part in way] for way in name.ways]
        best = max(held, key=lambda parts: sum(map(bool, parts)) / len(parts))
        if sum(map(bool, best)) < name.needed * len(best):
            continue
        share = name.weight / len(best)
        for part in filter(None, best):
            told = EMPHASIS * share * idf(min(passages, sum(part.values())), passages)
            weights |= {token: max(told, weights.get(token, 0.0)) for token in part}
            mass += told - share * idf(0, passages)
    patterns = [(pattern(token), told) for token, told in weights.items()]
    return replace(weighted, weights=weights, patterns=patterns, mass=max(mass, weighted.mass))
