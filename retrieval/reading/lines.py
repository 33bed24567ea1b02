"""Lines: the text of a body as its reader sees it, between one break and the next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, IntEnum


class Gap(IntEnum):
    """How strongly a line is set apart from the one before it."""

    SOFT = 1
    """A line break inside a paragraph."""
    BLOCK = 2
    """A new paragraph, list item, table row."""
    SECTION = 3
    """A heading or a rule stands between."""
    CUT = 4
    """Something a reader sees was left out between: a quote must not run across it."""


class Kind(Enum):
    """What a line is."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Line:
    """A run of visible text without a break in it (code keeps its own)."""

    text: str
    kind: Kind = Kind.TEXT
    gap: Gap = Gap.BLOCK
    level: int = 0
    """Of a heading: 1 to 6, and 7 for a bold line that stands as one."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Text that a reader sees on the page and that is not the article's."""

    rule: str
    text: str


_EAST_ASIAN = r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
_WRAPPED = re.compile(rf"(?<={_EAST_ASIAN})[ \t]*\n[ \t\n]*(?={_EAST_ASIAN})")
_BLANKS = re.compile(r"\s+")
_NO_WIDTH = re.compile(r"[\u200b\ufeff\xad]+")
_SEEN = re.compile(r"[^\s\u200b\ufeff\xad]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Of Thai, Lao, Burmese or Khmer, where a mark without width says where a word ends."""
_SENTENCE_END = re.compile(r"[。！？!?.…”」』）)】\"][ \t\u3000\xa0]*\Z")
_HEADING_MAX = 60
CELL = "\x1f"
"""Stands before each cell of a row until white space is collapsed."""


def collapse(text: str) -> str:
    """Runs of white space as one blank, none at the ends, and none where a line wraps between Han.

    What has no width is as little there as in a browser, except between words that nothing else parts.
    Cells are set apart by a tab, as browsers copy them: a search of the page does not go across it.
    """
    if CELL in text:
        return "\t".join(filter(None, map(collapse, text.split(CELL))))
    text = _NO_WIDTH.sub(_between, text)
    return _BLANKS.sub(" ", _WRAPPED.sub("", text) if "\n" in text else text).strip()


def _between(match: re.Match[str]) -> str:
    start, end = match.span()
    parts = start and _UNSPACED.match(match.string, start - 1) and _UNSPACED.match(match.string, end)
    return " " if parts else ""


@dataclass(slots=True)
class LineBuilder:
    """Collects pieces of text and breaks, in document order, into lines."""

    lines: list[Line] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _gap: Gap = Gap.SECTION
    _kind: Kind = Kind.TEXT
    _level: int = 0
    _plain: bool = False
    """Whether any of the pieces is not bold."""

    def text(self, text: str, *, bold: bool = False, newlines_break: bool = False) -> None:
        """Add a piece; with `newlines_break`, a raw newline behind the end of a sentence ends the line."""
        if not newlines_break or "\n" not in text:
            return self._add(text, bold)
        for number, piece in enumerate(text.split("\n")):
            if number:
                self._newline()
            self._add(piece, bold)
        return None

    def _newline(self) -> None:
        if _SENTENCE_END.search("".join(self._pieces[-2:])):
            self.break_(Gap.SOFT)
        else:
            self._pieces.append("\n")

    def _add(self, text: str, bold: bool) -> None:
        if text:
            self._pieces.append(text)
            self._plain |= not bold and bool(_SEEN.search(text))

    def break_(self, gap: Gap) -> None:
        """End the line; two soft breaks with nothing between make a paragraph."""
        if self._flush():
            self._gap = gap
        elif gap is Gap.SOFT and self._gap is Gap.SOFT:
            self._gap = Gap.BLOCK
        else:
            self._gap = max(self._gap, gap)

    def start(self, kind: Kind, level: int = 0) -> None:
        """What the following lines are, until the next call."""
        self._kind, self._level = kind, level

    def code(self, text: str) -> None:
        """Add a block of code, line breaks and indentation kept."""
        self.break_(Gap.BLOCK)
        stripped = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
        if stripped.strip():
            self.lines.append(Line(stripped, Kind.CODE, self._gap))
            self._gap = Gap.BLOCK

    def leave_out(self, rule: str, text: str) -> None:
        """Pass over visible text; the line ends where it stood."""
        text = collapse(text)
        if text:
            self.left_out.append(LeftOut(rule, text))
            self.break_(Gap.CUT)

    def _flush(self) -> bool:
        text, plain = collapse("".join(self._pieces)), self._plain
        self._pieces.clear()
        self._plain = False
        if not text:
            return False
        kind, level = self._kind, self._level
        if kind is Kind.TEXT and not plain and _stands_as_heading(text) and self._gap >= Gap.BLOCK:
            kind, level = Kind.HEADING, 7
        self.lines.append(Line(text, kind, self._gap, level if kind is Kind.HEADING else 0))
        return True


def _stands_as_heading(text: str) -> bool:
    return len(text) <= _HEADING_MAX and text[-1] not in "。.！!，,；;"
