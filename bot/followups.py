"""Follow-ups: a reply to an answer that is only understood together with the question before it."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from bot.text import one_line
from retrieval.indexing.analysis import fold, tokens
from retrieval.indexing.scripts import script_of
from retrieval.searching.courtesy import without_courtesy
from retrieval.searching.interrogatives import without_asking
from retrieval.searching.preamble import without_preamble
from retrieval.searching.question import MAX_CHARACTERS, content_runs
from retrieval.searching.smalltalk import asks_nothing

_OPENERS = (
    r"那么|那麼|那|还有|還有|以及|又|然后|然後"
    r"|では|じゃあ|じゃ|それでは|それなら|それと|あと"
    r"|and what about|and how about|what about|how about|what of|and"
)
_NAMES = "那不勒斯|那霸|那曲(?![子目线線])|那拉提|那达慕|那達慕|又一城|じゃがいも|じゃが芋|じゃんけん|あとがき"
"""What begins with the letters of an opener, and is none."""
_OPENER = regex.compile(rf"\A(?!{_NAMES})(?:{_OPENERS})(?=[^\p{{Latin}}]|\b)[\s,，、]*", regex.IGNORECASE)
_ENDING = regex.compile(r"(?:呢|咧|哩|の場合は|については|は|なら)?[\s?？!！。.…]*\Z")
_STOPS = regex.compile(r"[?？!！。…]+|\.+(?=\s|\Z)")
_ASKED_OF = regex.compile(r"(?:呢|咧|の場合は|については|は|なら)[\s?？]*\Z")
_NUMBER_ASKED = regex.compile(r"\p{N}\s*[?？]")
_QUESTION_MARK = regex.compile(r"[?？]\s*\Z")
_BESIDE_ASKING = regex.compile(
    r"(?:\W|[钱点号时候间年月天个一在这那它他她是的要去走卖办]|それ|これ|から|まで|です|でした|[はのがにで]"
    r"|\b(?:much|many|long|far|often|old|time|it|that|this|they|he|she|cost|at)\b)*"
)
"""What asking words have with them, folded: it names nothing to ask about."""
_SHORT = 14
"""Characters up to which words like these are no question of their own."""
_EMPHASIS = 3
"""How often the topic of a follow-up is searched for.

Once, the question before outweighs it: of 36 follow-ups that another article answers, 16 were answered from it, with
three times 31; of 57 that the same one answers, 56 and 55.
"""
CERTAIN = 0.9
"""Confidence from which an answer is about the topic of a follow-up, whatever words it has for it.

Of 39 follow-ups about what no article has, 24 were answered without a look at the words of the others, 7 with one; of
35 that the article at hand answers 31 still are, those lost name things by words that it does not have.
"""
_AROUND = frozenset("a an the on in at of for to from by with and or my your our their this that it is are was".split())
_DAYS = regex.compile(r"周[一二三四五六日天末]|星期|礼拜|曜|days?\b|weekend")
"""Folded: one day has many names."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up together with the question that it leans on."""

    words: str
    """As it is understood."""
    searched: str
    topic: str
    """What else it asks about; empty where it names nothing."""


def asks_on(text: str) -> bool:
    """Whether words in reply to an answer ask anything: thanks do not, but a number does, as in `2020?`."""
    return not asks_nothing(text) or _NUMBER_ASKED.search(text) is not None


def is_talk(text: str) -> bool:
    """Whether words are small talk; a number or a date alone may be what somebody looks for."""
    return 0 < len(text.strip()) <= MAX_CHARACTERS and asks_nothing(text) and not any(map(str.isdecimal, text))


def leans(text: str) -> bool:
    """Whether the words ask on about what was asked before, as in `那建筑领域呢？`, `what about 2020?`, `多少钱？`."""
    words = without_courtesy(one_line(text))
    opened = _OPENER.match(words)
    if opened and len(words) <= 3 * _SHORT and (_is_full(opened.group()) or _QUESTION_MARK.search(words)):
        return True
    return _only_asks(words) or (len(words) <= _SHORT and bool(opened or _ASKED_OF.search(words)))


def in_context(text: str, context: str) -> FollowUp:
    """The follow-up together with the question that it leans on."""
    words = without_courtesy(one_line(text))
    leaning = leans(words)
    topic = (leaning and _ENDING.sub("", _OPENER.sub("", words))) or words
    # As one sentence: of several in a long question only those that ask are searched.
    before = " ".join(_STOPS.sub(" ", without_preamble(one_line(context))).split())
    names = leaning and not _only_asks(topic)
    searched = " ".join([before, *[topic] * (_EMPHASIS if names else 1)])
    return FollowUp(f"{before} {topic}", searched, topic if names else "")


def strays(topic: str, article: str) -> bool:
    """Whether an article in the language of a topic has no word of it."""
    words = {token for run in content_runs(topic) for token in tokens(run)} - _AROUND
    # Single characters stand anywhere.
    telling, held = {word for word in words if len(word) > 1} or words, fold(article)
    if not telling or _DAYS.search(fold(topic)) or script_of(topic) != script_of(article):
        return False
    return not any(word in held for word in telling)


def _is_full(opener: str) -> bool:
    return opener.strip().lower() != "and"


def _only_asks(words: str) -> bool:
    """Whether the words ask, but not what about, as in `Why?` or `多少钱？`."""
    rest = without_asking(words)
    return rest != fold(words) and _BESIDE_ASKING.fullmatch(rest) is not None
