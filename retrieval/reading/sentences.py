"""Sentences: where each one of a passage begins and ends."""

from __future__ import annotations

import re

MIN_CHARACTERS = 12
"""A shorter piece joins its neighbour."""

_SHORT = frozenset(
    """
    Mr Mrs Ms Dr Prof St Jr Sr Sra Srta Dra Mme Mlle Gen Sen Rep Gov Lt Col Sgt Capt Cpl Maj Rev Hon
    No Nr Art Abs Bd Fig Vol Mt Ft Inc Mio Mrd Hrsg vs cf ca approx viz bzw ул
    """.split()
)
"""Behind these a full stop ends no sentence."""
_INITIAL = re.compile(
    r"(?:^|[\s(“\".])(?:[A-Z]|[eE]\.\s?g|[iI]\.\s?e|[zZ](?:\.\s?B)?)$"
    r"|(?:\n[ \t]*|[。！？；：]\s?)(?:\d{1,3}|[a-z])$"
)
"""Nor behind the first letter of a name, e.g., i.e., z. B., and the number of an item in a list, `。2. `."""
_SHORTENED = re.compile(r"(?:^|[\s(“\"])(?:\w{1,3}|\w(?:\.\w)+|Corp|Dept|Blvd|Bros)$")
"""Nor behind so few letters or digits where a small letter follows: `9 a.m. on`, `etc. for`, `3. toukokuuta`."""
_DAY = re.compile(r"(?:^|\s)\d{1,2}$")
_GERMAN_MONTH = re.compile(
    r"\.\s(?:Jan|Jän|Feb|März|Apr|Mai|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)"
    r"(?:uar|ner|ruar|il|i|ust|ember|ober|tember)?\b"
)
"""Nor between a day and its month."""
_MONTH = re.compile(r"(?:^|\s)(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$")
_FOLLOWS = re.compile(r"\.\s(\w)")
_LOOK_BACK = 8
_END = re.compile(
    r"""[。！？!?；;…。｡؟؛۔।॥။።፧།።։។៕།]+[”’」』）)】\]"'»]*   # ends of East Asian, Arabic, Indian... sentences
        (?:[ \xa0\u202f]»(?!\w))?                 # and French quotations
        (?![》〉」』]|[とって]\W?[言い思聞書])   # not inside a title, nor before the one who said it
      | \.[”’"')\]»]*(?:[ \xa0\u202f]»(?!\w))?(?=\s)   # a full stop before white space
      | \n+""",
    re.VERBOSE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """[start, end) of each sentence in order, without the white space around it.

    Split on 。！？!?；; and their like in other scripts, line ends and ". "; a piece under 12 characters joins the one
    before it, the first one and a question with a line of its own the one behind it. A text with anything in it has
    at least one.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [match.end() for match in _END.finditer(text) if not _is_short(text, match.start())] + [len(text)]:
        joins = end - start < MIN_CHARACTERS and not _heads(text, start, end)
        if spans and (joins or spans[-1][1] - spans[-1][0] < MIN_CHARACTERS):
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
    if before.rpartition(" ")[2].lstrip() in _SHORT or _INITIAL.search(before):
        return True
    follows = _FOLLOWS.match(text, at)
    if follows and follows[1].islower():
        return _SHORTENED.search(before) is not None
    if follows and follows[1].isdecimal():
        return _MONTH.search(before) is not None
    return _DAY.search(before) is not None and _GERMAN_MONTH.match(text, at) is not None


def _heads(text: str, start: int, end: int) -> bool:
    """Whether a piece is a question above its answer, as in a list of questions and answers."""
    return text[start - 1 : start] == "\n" and text[start:end].rstrip().endswith(("?", "？"))


def _trim(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    piece = text[span[0] : span[1]]
    stripped = piece.strip()
    if not stripped:
        return None
    start = span[0] + piece.index(stripped)
    return start, start + len(stripped)
