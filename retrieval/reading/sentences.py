"""Sentences: where each one of a passage begins and ends."""

from __future__ import annotations

import re

MIN_CHARACTERS = 12
"""A shorter piece joins its neighbour."""

_SHORT = frozenset("Mr Mrs Ms Dr Prof St Jr Sr vs No Fig Vol Gen Sen Rep Gov Lt Col Sgt Inc cf ca approx viz".split())
"""Behind these a full stop ends no sentence."""
_INITIAL = re.compile(r"(?:^|[\s(“\".])(?:[A-Z]|[eE]\.\s?g|[iI]\.\s?e)$|\n[ \t]*(?:\d{1,3}|[a-z])$")
"""Nor behind the first letter of a name, e.g., i.e., and the number of an item in a list."""
_LOOK_BACK = 8
_END = re.compile(
    r"""[。！？!?；;…。｡؟؛۔।॥။።፧።։។៕།]+[”’」』）)】\]"'»]*   # ends of East Asian, Arabic, Indian... sentences
        (?![》〉」』]|[とって]\W?[言い思聞書])   # not inside a title, nor before the one who said it
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
    """Whether the mark at `at` is a full stop that belongs to what is before it."""
    if text[at] != ".":
        return False
    before = text[at - _LOOK_BACK : at] if at > _LOOK_BACK else f"\n{text[:at]}"
    return before.rpartition(" ")[2].lstrip() in _SHORT or _INITIAL.search(before) is not None


def _trim(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    piece = text[span[0] : span[1]]
    stripped = piece.strip()
    if not stripped:
        return None
    start = span[0] + piece.index(stripped)
    return start, start + len(stripped)
