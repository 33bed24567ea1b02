"""Preambles: what people write around a question, which says little of what they ask."""

from __future__ import annotations

import unicodedata

import regex

from retrieval.reading.sentences import sentences
from retrieval.searching.interrogatives import has_interrogative

LONG = 100
"""Width from which a text may have one, in Latin letters; an East Asian character says as much as three."""
WHOLE = 30
"""Width from which a sentence is taken to ask by itself."""
MOST = 4
"""Questions of a text that are searched one by one."""
_EAST_ASIAN = 3
_MARKS = "?？؟\u037e"
"""Question marks, the Arabic and the Greek one among them."""
_CLAUSE = regex.compile(
    r"(?:[^，；：。！？!?～~…\n,;:、]|(?<!\p{Hiragana})、|[,;:](?!\s))+(?:[，；：。！？!?～~…、]+|[,;:]+(?=\s)|\s)*"
)
_ADDRESS = regex.compile(r"https?://[!-~]++")
"""Whose question mark asks nothing."""
_QUESTION = regex.compile(
    rf"(?:{_ADDRESS.pattern}|[^。！!{_MARKS}\n.]|\.(?!\s)|(?<![{_MARKS}])[{_MARKS}]++(?=[》」』”\"]))++([{_MARKS}]*+)"
)
"""A stretch up to its mark, if it has one; what is inside a title or a quotation ends none."""


def without_preamble(text: str) -> str:
    """Those sentences of a long text that ask, or the last; a single one that is short, with the one before.

    All that ask: the last may only ask for a speedy answer.
    """
    if _width(text) < LONG:
        return text
    plain = _ADDRESS.sub(lambda found: "x" * len(found[0]), text)
    spans = sentences(plain)
    # Not at its end alone: thanks, an exclamation mark or a quotation mark may follow.
    asking = [at for at, (start, end) in enumerate(spans) if any(mark in plain[start:end] for mark in _MARKS)]
    first, *others = asking or [len(spans) - 1]
    if not others and _width(text[slice(*spans[first])]) < WHOLE:
        first, others = max(0, first - 1), [first]
    return " ".join(text[slice(*spans[at])] for at in dict.fromkeys([first, *others]))


def asking_parts(text: str) -> list[str]:
    """What to search for where the whole of `text` finds no answer: each question of several, or the clauses that ask.

    Of several questions a short one may lean on the one before, and is none by itself.
    """
    questions = [found.group().strip() for found in _QUESTION.finditer(text) if found[1]]
    if len(questions) > 1:
        return [each for at, each in enumerate(questions) if not at or _width(each) >= WHOLE][:MOST]
    return [] if _width(text) < LONG else _asking_clauses(text)


def _asking_clauses(text: str) -> list[str]:
    """Those with a question mark, or else with an interrogative, as one; with the one before where they are short."""
    clauses = _CLAUSE.findall(text)
    asking = [at for at, clause in enumerate(clauses) if _is_marked(clause)]
    asking = asking or [at for at, clause in enumerate(clauses) if has_interrogative(clause)]
    if not asking or len(asking) == len(clauses):
        return []
    if sum(_width(clauses[at]) for at in asking) < WHOLE:
        asking = [max(0, asking[0] - 1), *asking]
    found = "".join(clauses[at] for at in dict.fromkeys(asking)).strip()
    return [] if found == text else [found]


def _is_marked(text: str) -> bool:
    return any(mark in text for mark in _MARKS)


def _width(text: str) -> int:
    return sum(_EAST_ASIAN if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
