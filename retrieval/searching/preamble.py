"""Preambles: what people write around a question, which says little of what they ask."""

from __future__ import annotations

import re
import unicodedata

from retrieval.reading.sentences import sentences

LONG = 100
"""Characters from which a text may have one."""
WHOLE = 30
"""Width from which a sentence is taken to ask by itself, in Latin letters; East Asian characters are two wide."""
_MARKS = "?？؟\u037e"
"""Question marks, the Arabic and the Greek one among them."""
_ADDRESS = re.compile(r"https?://[!-~]+")
"""Whose question mark asks nothing."""


def without_preamble(text: str) -> str:
    """The last sentence of a long text that has a question mark, or the last; if short, with the one before."""
    if len(text) < LONG:
        return text
    plain = _ADDRESS.sub(lambda found: "x" * len(found[0]), text)
    spans = sentences(plain)
    # Not at its end alone: thanks, an exclamation mark or a quotation mark may follow.
    asking = [at for at, (start, end) in enumerate(spans) if any(mark in plain[start:end] for mark in _MARKS)]
    last = asking[-1] if asking else len(spans) - 1
    first = last if _width(text[slice(*spans[last])]) >= WHOLE else max(0, last - 1)
    return text[spans[first][0] : spans[last][1]]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
