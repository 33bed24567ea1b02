"""Follow-ups: a reply to an answer that is only understood together with the question before it."""

from __future__ import annotations

import regex

from bot.text import one_line
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
_TRAILING = regex.compile(r"[\s?？!！。.…]+\Z")
_ASKED_OF = regex.compile(r"(?:呢|咧|の場合は|については|は|なら)[\s?？]*\Z")
_NUMBER_ASKED = regex.compile(r"\p{N}\s*[?？]")
_SHORT = 14
"""Characters up to which words like these are no question of their own."""


def asks_on(text: str) -> bool:
    """Whether words in reply to an answer ask anything: thanks do not, but a number does, as in `2020?`."""
    return not asks_nothing(text) or _NUMBER_ASKED.search(text) is not None


def leans(text: str) -> bool:
    """Whether the words ask on about what was asked before, as in `那建筑领域呢？` or `what about 2020?`."""
    words = one_line(text)
    opened = _OPENER.match(words)
    if opened and opened.group().strip().lower() != "and" and len(words) <= 3 * _SHORT:
        return True
    return len(words) <= _SHORT and bool(opened or _ASKED_OF.search(words))


def in_context(text: str, context: str) -> str:
    """The follow-up together with the question that it leans on, as it is searched."""
    words = one_line(text)
    topic = _ENDING.sub("", _OPENER.sub("", words)) if leans(words) else words
    return f"{_TRAILING.sub('', one_line(context))} {topic or words}"
