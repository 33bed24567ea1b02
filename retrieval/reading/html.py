"""HTML bodies as lines of visible text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, PreformattedString, Tag

from retrieval.reading.lines import CELL, Gap, Kind, Line, LineBuilder

MAX_DEPTH = 400
"""Deeper tags are read as if they were not there: real articles have about ten levels."""

_UNSEEN = frozenset(
    "script style noscript iframe template head title object embed audio video canvas svg select textarea "
    "input button map datalist".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header html li main menu nav ol p pre section summary table tbody tfoot "
    "thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PARAGRAPHS = frozenset("p li td th dd dt figcaption caption summary pre a".split()) | frozenset(_HEADINGS)
"""Blocks in which a raw newline only wraps the line."""
_BOLD = frozenset(["b", "strong"])
_CELLS = frozenset(["td", "th"])

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADING_CLASS = re.compile(r"\b(?:heading|subtitle|section-title)", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:share|shares|sharing|sharer|social|qr|qrcode|appendqr\w*|adverts?|advertisement|ads?|"
    r"article-editor|editor-info|copyright|post-copyright|footnote-backref|footnote-ref|sr-only|gutter|linenos?)(?:$|[-_\s])",
    re.IGNORECASE,
)
_FURNITURE_MAX = 200
"""Characters: a class name alone never drops more than this (`editor` also names whole bodies)."""


def parse(markup: str) -> BeautifulSoup:
    """The document tree. html.parser keeps `<` before anything but a letter as text, as browsers do."""
    return BeautifulSoup(markup, "html.parser")


def lines(markup: str) -> list[Line]:
    """The visible lines of an HTML body, in order."""
    return lines_of(parse(markup))


def document_title(soup: BeautifulSoup) -> str | None:
    """Text of `<title>` of a whole page."""
    found = soup.find("title")
    return " ".join(found.get_text().split()) or None if found else None


def lines_of(soup: BeautifulSoup) -> list[Line]:
    """The visible lines of a parsed body, in order."""
    builder = LineBuilder()
    for node, opening, context in _walk(soup):
        if isinstance(node, Tag):
            (_open if opening else _close)(builder, node)
        elif not isinstance(node, PreformattedString):
            builder.text(str(node), bold=context.bold, newlines_break=not context.paragraph)
    builder.break_(Gap.SECTION)
    return builder.lines


class _Context:
    """What encloses a node."""

    __slots__ = ("bold", "depth", "paragraph")

    def __init__(self, depth: int = 0, *, bold: bool = False, paragraph: bool = False) -> None:
        self.depth, self.bold, self.paragraph = depth, bold, paragraph

    def inside(self, tag: Tag) -> _Context:
        return _Context(
            self.depth + 1,
            bold=self.bold or tag.name in _BOLD,
            paragraph=tag.name in _PARAGRAPHS or (self.paragraph and tag.name not in ("div", "section")),
        )


def _walk(soup: BeautifulSoup) -> Iterator[tuple[PageElement, bool, _Context]]:
    """Nodes that can be seen, as (node, opening, context); a tag comes twice. No recursion: tags nest deep."""
    stack: list[tuple[PageElement, bool, _Context]] = [
        (child, True, _Context()) for child in reversed(soup.contents) if _seen(child)
    ]
    while stack:
        node, opening, context = stack.pop()
        yield node, opening, context
        if not (opening and isinstance(node, Tag)) or node.name == "pre":
            continue
        stack.append((node, False, context))
        inner = context.inside(node) if context.depth < MAX_DEPTH else context
        stack.extend((child, True, inner) for child in reversed(node.contents) if _seen(child))


def _seen(node: PageElement) -> bool:
    if isinstance(node, Comment):
        return False
    if not isinstance(node, Tag):
        return isinstance(node, NavigableString)
    return node.name not in _UNSEEN and not _hidden(node) and not _furniture(node)


def _hidden(tag: Tag) -> bool:
    return tag.has_attr("hidden") or bool(_HIDDEN_STYLE.search(str(tag.get("style", ""))))


def _furniture(tag: Tag) -> bool:
    """Share icons, editor credits, adverts: what stands around an article rather than in it."""
    names = f"{_attribute(tag, 'class')} {_attribute(tag, 'id')}"
    if len(names) < 2 or not _FURNITURE.search(names):
        return False
    return len(tag.get_text(strip=True)) <= _FURNITURE_MAX


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name, "")
    return value if isinstance(value, str) else " ".join(value or ())


def _open(builder: LineBuilder, tag: Tag) -> None:
    if tag.name == "br":
        builder.break_(Gap.SOFT)
    elif tag.name == "hr":
        builder.break_(Gap.SECTION)
    elif tag.name == "pre":
        builder.code(_preformatted(tag))
    elif tag.name in _HEADINGS:
        builder.break_(Gap.SECTION)
        builder.start(Kind.HEADING, _HEADINGS[tag.name])
    elif tag.name == "span" and _HEADING_CLASS.search(_attribute(tag, "class")):
        builder.break_(Gap.SECTION)
        builder.start(Kind.HEADING, 7)
    elif tag.name in _CELLS:
        builder.text(CELL)
    elif tag.name in _BLOCKS:
        builder.break_(Gap.BLOCK)
        builder.start(_kind(tag))


def _close(builder: LineBuilder, tag: Tag) -> None:
    if tag.name in _BLOCKS:
        builder.break_(Gap.BLOCK)
        builder.start(_kind(tag.parent))
    elif tag.name == "span" and _HEADING_CLASS.search(_attribute(tag, "class")):
        builder.break_(Gap.BLOCK)
        builder.start(Kind.TEXT)


def _kind(tag: Tag | None) -> Kind:
    """What text directly inside `tag` is."""
    while tag is not None and tag.name in ("p", "ul", "ol", "td", "th", "tbody", "thead"):
        tag = tag.parent
    if tag is None:
        return Kind.TEXT
    return {"li": Kind.ITEM, "dd": Kind.ITEM, "dt": Kind.ITEM, "tr": Kind.ROW}.get(tag.name, Kind.TEXT)


def _preformatted(tag: Tag) -> str:
    for line_break in tag.find_all("br"):
        line_break.replace_with("\n")
    return tag.get_text()
