"""Questions: what is searched for, without the words that only ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import regex

from retrieval.errors import BadQuestion
from retrieval.indexing.analysis import LETTER, fold, is_continuous, runs, tokens, weight
from retrieval.indexing.bm25 import idf
from retrieval.indexing.scripts import Script, script_of
from retrieval.searching.asks import Asks, asks
from retrieval.searching.preamble import without_preamble

MAX_CHARACTERS = 2_000

_ASKING_CONTINUOUS = (
    # Chinese, simplified: analysis folds traditional characters before these are looked for.
    "为什么|是什么|什么样|什么|甚么|为何|如何|何时|何地|何人|何处|何种|哪里|哪儿|哪些|哪个|哪位|哪(?![吒咤])|谁|多少|多久|(?<!茶)几(?!何|内亚|率|乎|丁|米|维鸟)"
    "|怎么样|怎么|怎样|是不是|有没有|能不能|是否|吗(?!啡)|(?<!毛)呢(?!绒|喃|子)|请问|告诉我"
    # Japanese
    "|でしょうか|ですか|ますか|ましたか|のでしょう|なぜ|どうして|どのように|どのくらい|どの|どこ|どれ|どんな|(?<!ぶ)どう|いつ|いくつ|いくら(?![のをはがと])|(?<!な)だれ|何(?=[がをはにで人年月日時回個台枚つ])"
    # Korean, Thai
    "|무엇을|무엇|어디에서|어디|누가(?!복음)|누구|언제|왜(?!란|곡|구|가리|소)|어떻게|얼마나|몇|อะไร|ที่ไหน|เมื่อไร|เมื่อไหร่|ทำไม|อย่างไร|เท่าไร|ใคร"
)
_ASKING_WORDS = frozenset(
    # English, Spanish, French, German, Italian, Russian, Hindi, Arabic; none that is also a name (AI, Kim).
    """
    what which who whom whose where when why how did does do is are was were
    qué cuál cuáles quién quiénes dónde cuándo cómo cuánto cuánta cuántos cuántas
    quoi quel quelle quels quelles où quand pourquoi combien
    welche welcher welches wer wo wann warum wie wieviel
    cosa quale quali dove quando perché quanto quanti
    что какой какая какие кто где когда почему как сколько
    क्या कौन कहाँ कब क्यों कैसे कितने
    ما ماذا من أين متى لماذا كيف كم
    """.split()
)
_ASKING = regex.compile(
    rf"{fold(_ASKING_CONTINUOUS)}|(?<!{LETTER})(?:{'|'.join(sorted(map(fold, _ASKING_WORDS)))})(?!{LETTER})"
    # French, and at the beginning only: it is English for what stands below a post.
    rf"|^\W*comment(?!{LETTER})"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be searched."""

    text: str
    """As it was asked, without the blanks and the preamble around it: what the encoder sees."""
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
    asked = without_preamble(stripped)
    stated = Counter(token for run in content_runs(asked) for token in tokens(run))
    return Question(asked, stated, frozenset(run for run in runs(asked) if not is_continuous(run)))


def content_runs(text: str) -> list[str]:
    """Runs of the question without asking words; all of them where nothing else is left."""
    return runs(without_asking(text)) or runs(text)


def without_asking(text: str) -> str:
    """`text` folded, without the words that only ask."""
    return str(_ASKING.sub(" ", fold(text)))


def only_asks(text: str) -> bool:
    """Whether nothing is stated that could be looked for, as in `Why?`."""
    return not runs(without_asking(text))


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
