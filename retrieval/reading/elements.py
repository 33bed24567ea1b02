"""Elements: which tags enclose what, where authors leave end tags out or cross them.

The rules are those of https://html.spec.whatwg.org/multipage/parsing.html#tree-construction as far as they decide
where a paragraph ends; nothing is moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from retrieval.reading.tokens import End, Start, attributes, tokens

MAX_DEPTH = 400
"""Deeper tags are read as if they enclosed nothing: real articles have about ten levels, browsers stop at 512."""

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup html legend li listing main menu nav ol optgroup option p pre "
    "search section summary table tbody td tfoot th thead tr ul".split()
)
VOID = frozenset("area base br col embed frame hr img input link meta param source track wbr".split())
INVISIBLE = frozenset(
    "script style noscript noembed noframes iframe template head title object audio video canvas textarea map "
    "datalist rp annotation annotation-xml desc metadata defs mjx-assistive-mml".split()
)
"""Elements of which browsers show no text; the last are of pictures, and for readers of screens."""

_CELLS = frozenset(["td", "th", "caption"])
_ROWS = frozenset(["tbody", "thead", "tfoot"])
_TABLE_PARTS = _ROWS | _CELLS | {"table", "tr"}
_IMPLIED: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(["li"]), frozenset(["ul", "ol", "menu", "dir", "blockquote"]) | _CELLS),
    "dt": (frozenset(["dt", "dd"]), frozenset(["dl", "blockquote"]) | _CELLS),
    "dd": (frozenset(["dt", "dd"]), frozenset(["dl", "blockquote"]) | _CELLS),
    "option": (frozenset(["option"]), frozenset(["select", "datalist"])),
    "tr": (frozenset(["tr", "caption"]), frozenset(["table"])),
    "td": (frozenset(["td", "th", "caption"]), frozenset(["tr", "table"])),
    "th": (frozenset(["td", "th", "caption"]), frozenset(["tr", "table"])),
    **dict.fromkeys(_ROWS, (_ROWS | {"caption"}, frozenset(["table"]))),
}
"""What a start tag ends without saying so, and how far up that reaches."""
_KEEPS_PARAGRAPH = frozenset(["body", "html", "legend", "optgroup", "option"]) | (_TABLE_PARTS - {"table"})
"""Blocks that do not end an open paragraph."""
_PARAGRAPH = (frozenset(["p"]), _CELLS | {"button", "object"})


@dataclass(slots=True, eq=False)
class Element:
    """An element, in the order of reading."""

    name: str
    written: str = ""
    """Its attributes as they are written."""
    size: int = 0
    """Characters of text inside, white space aside."""
    _attributes: Mapping[str, str] | None = None

    def attribute(self, name: str) -> str | None:
        """The value of an attribute; None where there is none."""
        if not self.written:
            return None
        if self._attributes is None:
            self._attributes = attributes(self.written)
        return self._attributes.get(name)


@dataclass(frozen=True, slots=True, eq=False)
class Close:
    """The end of an element."""

    element: Element


Event: TypeAlias = Element | Close | str
"""An element that begins, one that ends, or text."""


def events(markup: str) -> list[Event]:
    """What `markup` holds, in order. Every element but a void one ends; blocks never cross."""
    nesting = _Nesting()
    for token in tokens(markup):
        if isinstance(token, str):
            nesting.text(token)
        elif isinstance(token, Start):
            nesting.start(token)
        else:
            nesting.end(token)
    nesting.close(0)
    return nesting.events


@dataclass(slots=True)
class _Nesting:
    """The open elements, and what has been seen so far."""

    events: list[Event] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)
    """How many of each name are open, so that most tags need no search."""
    _deeper: int = 0
    """Elements that are open beyond the greatest depth."""

    def text(self, text: str) -> None:
        self.events.append(text)
        if self._open:
            self._open[-1].size += len("".join(text.split()))

    def start(self, tag: Start) -> None:
        name = tag.name
        if name in _IMPLIED:
            self._imply(*_IMPLIED[name])
        if (name in BLOCKS and name not in _KEEPS_PARAGRAPH) or name == "hr":
            self._imply(*_PARAGRAPH)
        element = Element(name, tag.written)
        self.events.append(element)
        if name in VOID:
            return
        if len(self._open) >= MAX_DEPTH:
            self._deeper += 1
            self.events.append(Close(element))
            return
        self._open.append(element)
        self._names.append(name)
        self._counts[name] += 1

    def end(self, tag: End) -> None:
        name = tag.name
        if self._deeper:
            self._deeper -= 1
        elif self._names and self._names[-1] == name:
            self.close(len(self._names) - 1)
        elif not self._counts[name]:
            # Browsers make a paragraph and a line break of these two.
            if name in ("p", "br"):
                self.events.extend([element := Element(name), Close(element)])
        else:
            self._end_above(name)

    def _end_above(self, name: str) -> None:
        """End an element in which others are still open."""
        barriers = frozenset(["table"]) if name in _TABLE_PARTS else _CELLS | {"table"}
        for at in self._reaching({name}, barriers):
            if name in BLOCKS or not BLOCKS.intersection(self._names[at:]):
                self.close(at)
            else:
                self._remove(at)

    def _imply(self, ended: frozenset[str], barriers: frozenset[str]) -> None:
        for at in self._reaching(ended, barriers):
            self.close(at)

    def _reaching(self, wanted: frozenset[str] | set[str], barriers: frozenset[str]) -> Iterator[int]:
        """Where the innermost open element of a wanted name is, if no barrier is further in."""
        if not any(self._counts[name] for name in wanted):
            return
        for at in range(len(self._names) - 1, -1, -1):
            if self._names[at] in wanted:
                yield at
                return
            if self._names[at] in barriers:
                return

    def close(self, depth: int) -> None:
        """End all elements from `depth` on, innermost first."""
        while len(self._open) > depth:
            self._remove(len(self._open) - 1)

    def _remove(self, at: int) -> None:
        element = self._open.pop(at)
        self._counts[self._names.pop(at)] -= 1
        self.events.append(Close(element))
        if at and element.name not in INVISIBLE:
            self._open[at - 1].size += element.size
