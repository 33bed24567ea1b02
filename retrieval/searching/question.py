"""Questions: what is searched for, without the words that only ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.errors import BadQuestion
from retrieval.indexing.analysis import is_continuous, runs, tokens, weight
from retrieval.indexing.bm25 import idf
from retrieval.indexing.scripts import Script, script_of
from retrieval.searching.asks import Asks, asks
from retrieval.searching.courtesy import without_courtesy
from retrieval.searching.interrogatives import without_asking
from retrieval.searching.preamble import without_preamble

MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be searched."""

    text: str
    """As it was asked, without blanks, preamble and courtesy around it: what the encoder sees."""
    tokens: Mapping[str, int]
    """Tokens that lexical search looks for, and how often each is asked for."""
    words: frozenset[str]
    """All of its words, those that only ask among them; no stretches of scripts without blanks."""


@dataclass(frozen=True, slots=True)
class WeightedQuestion:
    """A question with what each of its tokens counts in one collection."""

    weights: Mapping[str, float]
    """Token -> weight * idf * times asked, for tokens the collection holds."""
    patterns: Sequence[tuple[str, float]]
    """The same as (text to count in a passage's packed runs, weight)."""
    mass: float
    """The sum over all tokens, those the collection does not know at the idf of something never seen."""
    numbers: Sequence[str]
    """Patterns of what has digits in it: the same in most languages, whatever the words are."""
    script: Script
    """What the question is written in."""
    asks: Asks
    """What kind of answer it asks for."""
    foreign: bool
    """Whether its script is that of many languages, and its words are of one that the collection does not know."""


def parse(text: str) -> Question:
    """The question in `text`. Raises BadQuestion where it is empty or over 2,000 characters."""
    stripped = " ".join(text.split())
    if not stripped:
        raise BadQuestion("the question is empty; ask in a few words")
    if len(stripped) > MAX_CHARACTERS:
        raise BadQuestion(f"the question has {len(stripped):,} characters; ask in at most {MAX_CHARACTERS:,}")
    asked = without_courtesy(without_preamble(stripped))
    stated = Counter(token for run in content_runs(asked) for token in tokens(run))
    return Question(asked, stated, frozenset(run for run in runs(asked) if not is_continuous(run)))


def content_runs(text: str) -> list[str]:
    """Runs of the question without asking words; all of them where nothing else is left."""
    return runs(without_asking(text)) or runs(text)


def weigh(question: Question, frequency: Callable[[str], int], passages: int) -> WeightedQuestion:
    """`question` with the idf of its tokens, from document frequencies."""
    weights: dict[str, float] = {}
    mass = 0.0
    for token, times in question.tokens.items():
        holding = frequency(token)
        told = times * weight(token) * idf(holding, passages)
        mass += told
        if holding:
            weights[token] = told
    patterns = [(pattern(token), each) for token, each in weights.items()]
    numbers = [pattern(token) for token in question.tokens if any(map(str.isdecimal, token))]
    script = script_of(question.text)
    foreign = _is_foreign(question, frequency, script)
    return WeightedQuestion(weights, patterns, mass, numbers, script, asks(question.text), foreign)


def pattern(token: str) -> str:
    """What to count in a passage's packed runs."""
    return token if is_continuous(token) else f" {token} "


def _is_foreign(question: Question, frequency: Callable[[str], int], script: Script) -> bool:
    if script in _SCRIPTS_OF_ONE or len(question.words) < FEW:
        return False
    return sum(frequency(word) > 0 for word in question.words) < KNOWN * len(question.words)


KNOWN = 0.4
"""Share of a question's words, articles and pronouns among them, that a collection in its language holds.

On English documents: .92 of an English question's on average and never under .5, .2 of a French or German one's.
"""
FEW = 3
"""Words from which on their language can be told."""
_SCRIPTS_OF_ONE = frozenset([Script.CHINESE, Script.JAPANESE, Script.KOREAN, Script.THAI, Script.OTHER])
