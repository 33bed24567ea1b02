"""Sentences: where each one of a passage begins and ends."""

from __future__ import annotations

import re

MIN_CHARACTERS = 12
"""A shorter piece joins its neighbour."""

_SHORT = frozenset("Mr Mrs Ms Dr Prof St Jr Sr vs No Fig Vol Gen Sen Rep Gov Lt Col Sgt Inc".split())
"""Behind these a full stop ends no sentence."""
_END = re.compile(
    r"""[。！？!?；;…。｡؟؛۔।॥။።፧።։។៕།]+[”’」』）)】\]"'»]*   # ends of East Asian, Arabic, Indian... sentences
      | \.[”’"')\]»]*(?=\s)                # a full stop before white space
      | \n+""",
    re.VERBOSE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """[start, end) of each sentence in order, without the white space around it.

    Split on 。！？!?；; and their like in other scripts, line ends and ". "; a piece under 12 characters joins the one
    before it, the first one the one behind it. A text with anything in it has at least one.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [match.end() for match in _END.finditer(text) if not _is_short(text, match.start())] + [len(text)]:
        if spans and (end - start < MIN_CHARACTERS or spans[-1][1] - spans[-1][0] < MIN_CHARACTERS):
            spans[-1] = (spans[-1][0], end)
        elif end > start:
            spans.append((start, end))
        start = end
    return [trimmed for span in spans if (trimmed := _trim(text, span))]


def _is_short(text: str, at: int) -> bool:
    """Whether the mark at `at` is the full stop of a shortened title."""
    return text[at] == "." and text[max(0, at - 5) : at].rpartition(" ")[2] in _SHORT


def _trim(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    piece = text[span[0] : span[1]]
    stripped = piece.strip()
    if not stripped:
        return None
    start = span[0] + piece.index(stripped)
    return start, start + len(stripped)
