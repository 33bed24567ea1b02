"""HTML bodies as lines of visible text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from retrieval.reading.boilerplate import DIAGRAM, control, furniture
from retrieval.reading.elements import BLOCKS, INVISIBLE, VOID, Close, Element, Event
from retrieval.reading.lines import CELL, Gap, Kind, LineBuilder

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {**dict.fromkeys(["li", "dd", "dt"], Kind.ITEM), **dict.fromkeys(_HEADINGS, Kind.HEADING), "tr": Kind.ROW}
_TRANSPARENT = frozenset("p ul ol td th tbody thead tfoot".split())
"""Blocks whose text is what the block around them says."""
_WRAPPED = frozenset("p li td th dd dt figcaption caption summary".split()) | frozenset(_HEADINGS)
"""Blocks in which a raw newline only wraps the line."""
_BOLD = frozenset(["b", "strong"])
_CELLS = frozenset(["td", "th"])

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN_BY_SCRIPT = "js_content"
"""The body of a WeChat article, which is hidden until its page is ready."""
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)\s*(?:;|!|\Z)", re.IGNORECASE)
_SPACE_STYLE = re.compile(r"white-space\s*:\s*(?:(pre|break-spaces)|normal|nowrap)", re.IGNORECASE)
_HEADING_CLASS = re.compile(r"\b(?:heading|subtitle|section-title)", re.IGNORECASE)


def read(found: Iterable[Event]) -> LineBuilder:
    """The visible lines of an HTML body, in order, and what was left out of them."""
    return _Reader().read(found)


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

    block: Element | None = None
    kind: Kind = Kind.TEXT
    level: int = 0
    wrapped: bool = False

    def inside(self, block: Element) -> _Frame:
        name = block.name
        wrapped = name in _WRAPPED or (self.wrapped and name not in ("div", "section"))
        if self.kind is Kind.HEADING or name in _TRANSPARENT:
            return _Frame(block, self.kind, self.level, wrapped)
        return _Frame(block, _KINDS.get(name, Kind.TEXT), _HEADINGS.get(name, 0), wrapped)


@dataclass(slots=True)
class _Reader:
    """Goes through the events of a body once."""

    lines: LineBuilder = field(default_factory=LineBuilder)
    _frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    _bold: set[Element] = field(default_factory=set)
    _links: set[Element] = field(default_factory=set)
    _spaced: list[tuple[Element, bool]] = field(default_factory=list)
    """Elements that say what a newline in them is, and whether it is a line break."""
    _skipped: Element | None = None
    """The element whose text is passed over."""
    _rule: str = ""
    """Why it is, where browsers show it."""
    _skipped_text: list[str] = field(default_factory=list)
    _code: Element | None = None
    _code_text: list[str] = field(default_factory=list)

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

    def _text(self, text: str) -> None:
        if self._skipped is not None:
            self._skipped_text.append(text)
        elif self._code is not None:
            self._code_text.append(text)
        elif self._spaced and self._spaced[-1][1]:
            self._text_as_written(text)
        else:
            wrapped = self._frames[-1].wrapped or bool(self._links)
            self.lines.text(text, bold=bool(self._bold), newlines_break=not wrapped)

    def _text_as_written(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self.lines.break_(Gap.SOFT)
            self.lines.text(line, bold=bool(self._bold))

    def _open(self, element: Element) -> None:
        if "white-space" in element.written and element.name not in VOID:
            self._space(element)
        rule = _left_out(element)
        if rule is not None:
            self._skipped, self._rule = element, rule
        elif self._code is not None:
            self._break_code(element)
            # WeChat has a `<code>` for each line.
            if element.name == "code" and self._code_text and self._code_text[-1][-1:] != "\n":
                self._code_text.append("\n")
        elif element.name == "pre":
            self._code = element
        elif element.name in _BOLD:
            self._bold.add(element)
        elif element.name == "a":
            self._links.add(element)
        else:
            self._break(element)

    def _space(self, element: Element) -> None:
        if found := _SPACE_STYLE.search(element.attribute("style") or ""):
            self._spaced.append((element, bool(found[1])))

    def _break(self, element: Element) -> None:
        name = element.name
        if name == "br":
            self.lines.break_(Gap.SOFT)
        elif name == "hr":
            self.lines.break_(Gap.SECTION)
        elif _is_heading_span(element):
            self.lines.break_(Gap.SECTION)
            self.lines.start(Kind.HEADING, 7)
        elif name in BLOCKS or _is_made_a_block(element):
            self._frames.append(self._frames[-1].inside(element))
            if name in _CELLS:
                self.lines.text(CELL)
            else:
                self._begin(Gap.SECTION if name in _HEADINGS else Gap.BLOCK)

    def _begin(self, gap: Gap) -> None:
        """Begin a line of the innermost block."""
        self.lines.break_(gap)
        self.lines.start(self._frames[-1].kind, self._frames[-1].level)

    def _break_code(self, element: Element) -> None:
        if element.name == "br" or (element.name in BLOCKS and self._code_text and self._code_text[-1][-1:] != "\n"):
            self._code_text.append("\n")

    def _close(self, element: Element) -> None:
        self._bold.discard(element)
        self._links.discard(element)
        if self._spaced:
            self._spaced = [(spaced, breaks) for spaced, breaks in self._spaced if spaced is not element]
        if self._skipped is not None:
            self._end_skipped(element)
        elif self._code is element:
            self.lines.code("".join(self._code_text))
            self._code = None
            self._code_text.clear()
        elif self._code is not None:
            self._break_code(element)
        elif self._frames[-1].block is element:
            self._frames.pop()
            if element.name not in _CELLS:
                self._begin(Gap.BLOCK)
        elif _is_heading_span(element):
            self._begin(Gap.BLOCK)

    def _end_skipped(self, element: Element) -> None:
        if element is not self._skipped:
            return
        if self._rule and (self._code is None or self._rule == DIAGRAM):
            self.lines.leave_out(self._rule, "".join(self._skipped_text))
        self._skipped = None
        self._skipped_text.clear()


def _left_out(element: Element) -> str | None:
    """Why an element's text is passed over: a rule, "" where browsers do not show it either; None where it is read."""
    if element.name in VOID:
        return None
    if element.name in INVISIBLE or _is_hidden(element):
        return ""
    if not element.written:
        return control(element.name, element.size)
    return control(element.name, element.size) or furniture(
        element.name, element.attribute("class"), element.attribute("id"), element.size
    )


def _is_hidden(element: Element) -> bool:
    if element.name == "dialog" and element.attribute("open") is None:
        return True
    if not element.written:
        return False
    style = element.attribute("style")
    if element.attribute("id") == _SHOWN_BY_SCRIPT:
        return False
    return element.attribute("hidden") is not None or (style is not None and bool(_HIDDEN_STYLE.search(style)))


def _is_made_a_block(element: Element) -> bool:
    return "display" in element.written and bool(_BLOCK_STYLE.search(element.attribute("style") or ""))


def _is_heading_span(element: Element) -> bool:
    return element.name == "span" and bool(element.written and _HEADING_CLASS.search(element.attribute("class") or ""))
