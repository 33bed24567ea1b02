"""HTML bodies as lines of visible text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from retrieval.reading.boilerplate import furniture
from retrieval.reading.elements import BLOCKS, INVISIBLE, Close, Element, Event, events
from retrieval.reading.lines import CELL, Gap, Kind, LineBuilder

_CONTROLS = frozenset(["button", "select", "svg"])
"""Elements whose text is seen and is not the article's."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {**dict.fromkeys(["li", "dd", "dt"], Kind.ITEM), **dict.fromkeys(_HEADINGS, Kind.HEADING), "tr": Kind.ROW}
_TRANSPARENT = frozenset("p ul ol td th tbody thead tfoot".split())
"""Blocks whose text is what the block around them says."""
_WRAPPED = frozenset("p li td th dd dt figcaption caption summary".split()) | frozenset(_HEADINGS)
"""Blocks in which a raw newline only wraps the line."""
_BOLD = frozenset(["b", "strong"])

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADING_CLASS = re.compile(r"\b(?:heading|subtitle|section-title)", re.IGNORECASE)


def read(markup: str) -> LineBuilder:
    """The visible lines of an HTML body, in order, and what was left out of them."""
    return _Reader().read(events(markup))


def document_title(found: Iterable[Event]) -> str | None:
    """Text of the first `<title>` of a whole page."""
    inside: Element | None = None
    text = ""
    for event in found:
        if isinstance(event, Close) and event.element is inside:
            break
        if isinstance(event, Element) and event.name == "title":
            inside = event
        elif inside and isinstance(event, str):
            text += event
    return " ".join(text.split()) or None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a block says of the text directly inside it."""

    kind: Kind = Kind.TEXT
    level: int = 0
    wrapped: bool = False

    def inside(self, block: str) -> _Frame:
        heading = self.kind is Kind.HEADING
        inherits = heading or block in _TRANSPARENT
        kind = self.kind if inherits else _KINDS.get(block, Kind.TEXT)
        level = self.level if inherits else _HEADINGS.get(block, 0)
        return _Frame(kind, level, block in _WRAPPED or (self.wrapped and block not in ("div", "section")))


@dataclass(slots=True)
class _Reader:
    """Goes through the events of a body once."""

    lines: LineBuilder = field(default_factory=LineBuilder)
    _frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    _bold: int = 0
    _links: int = 0
    _skipped: Element | None = None
    """The element whose text is passed over."""
    _rule: str | None = None
    """Why it is, where it can be seen."""
    _pre: Element | None = None
    _pieces: list[str] = field(default_factory=list)
    """Of preformatted or skipped text."""

    def read(self, found: Iterable[Event]) -> LineBuilder:
        for event in found:
            if isinstance(event, str):
                self._text(event)
            elif isinstance(event, Close):
                self._close(event.element)
            elif self._skipped is None:
                self._open(event)
        self.lines.break_(Gap.SECTION)
        return self.lines
