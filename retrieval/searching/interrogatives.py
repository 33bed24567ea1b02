"""Interrogatives: the words that only ask, in twelve languages."""

from __future__ import annotations

import regex

from retrieval.indexing.analysis import LETTER, fold, runs

_ASKING_CONTINUOUS = (
    # Chinese, simplified: analysis folds traditional characters before these are looked for.
    "为什么|是什么|什么样|什么|甚么|为何|如何|何时|何地|何人|何处|何种|哪里|哪儿|哪些|哪个|哪位|哪(?![吒咤])|谁|多少|多久|(?<!茶)几(?!何|内亚|率|乎|丁|米|维鸟)"
    "|为啥|啥|咋样|咋办|咋(?!舌)|点解|边个|乜嘢"
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


def without_asking(text: str) -> str:
    """`text` folded, without the words that only ask."""
    return str(_ASKING.sub(" ", fold(text)))


def only_asks(text: str) -> bool:
    """Whether nothing is stated that could be looked for, as in `Why?`."""
    return not runs(without_asking(text))


def has_interrogative(text: str) -> bool:
    """Whether `text` has one of them."""
    return _ASKING.search(fold(text)) is not None
