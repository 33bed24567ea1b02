"""Asks: what kind of answer a question asks for, where its words tell: a number, or a time."""

from __future__ import annotations

from enum import Enum, auto

import regex

from retrieval.indexing.analysis import fold


class Asks(Enum):
    """Kinds of answers."""

    ANYTHING = auto()
    NUMBER = auto()
    TIME = auto()


_TIME = regex.compile(
    fold(
        # Chinese, Japanese, Korean, Thai
        r"(?:什么|啥)时[候间]|何时|几时|哪一?年|何年|[公西]元几年|民国几年|哪一?天|哪个?月|几月|几号|年份|日期"
        r"|いつ|何[年月日]|언제|몇 ?년에|몇 ?월|เมื่อไร|เมื่อไหร่|ปีใด|ปีไหน"
        # English; `when` also joins clauses, and so do `quand`, `cuando` and `quando`.
        r"|\bwhen (?:did|was|were|is|are|will|does|do|has|had|can|should)\b"
        r"|\b(?:what|which) (?:year|date|day|month|century)\b"
        # French, German, Spanish, Italian and Portuguese, Russian, Arabic, Hindi
        r"|^quand\b|quelle (?:année|date)\b|\bwann\b|\bwelche[mns]? (?:jahr|tag)\b|^(?:desde )?cuándo\b|\bqué año\b"
        r"|^quando\b|\b(?:che|quale) anno\b|когда|каком году|متى|कब"
    )
)
_NUMBER = regex.compile(
    fold(
        r"多少|几(?!何|内亚|率|乎|丁)|多[久长高大远深宽重快]|どのくらい|いくつ|いくら|何[人個歳枚回台冊]|몇|얼마|กี่|เท่าไร|เท่าไหร่"
        r"|\bhow (?:many|much|long|old|far|often|tall|high|big|large|deep|fast|wide|heavy)\b"
        r"|\bwhat (?:percentage|percent|share|number|proportion)\b"
        r"|\bcombien\b|\bwie ?(?:viele?|lange|hoch|groß|alt|oft|weit|teuer)\b|\bcuánt[oa]s?\b|\bquant[oiae]s?\b"
        r"|сколько|كم|कितन"
    )
)
_NUMBERS = regex.compile(r"(?<= )\d+d?(?= )")
_TIMES = regex.compile(r"(?<= )(?:\d{4}d|\d{3,4}|\d+(?= [年月日]))(?= )")


def asks(text: str) -> Asks:
    """What the question `text` asks for."""
    folded = fold(text)
    if _TIME.search(folded):
        return Asks.TIME
    return Asks.NUMBER if _NUMBER.search(folded) else Asks.ANYTHING


def numbers(packed: str) -> set[str]:
    """The numbers and dates (`0728d`) in packed runs."""
    return set(_NUMBERS.findall(packed))


def times(packed: str) -> set[str]:
    """Those of them that look like years, months and days."""
    return set(_TIMES.findall(packed))
