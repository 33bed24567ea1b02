"""Pages: the article in a whole page of HTML, without the site's header, sidebar and comments around it."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.reading import html
from retrieval.reading.elements import Close, Element, Event
from retrieval.reading.lines import LeftOut, LineBuilder

_MARKED = ("article", "main")
_MOST = 0.5
"""The share of the page's text that such an element has if the page is about it."""


def read(found: Sequence[Event]) -> LineBuilder:
    """The visible lines of a body of HTML; of a whole page those of its only `<article>`, or else its only `<main>`."""
    article = _article(found)
    if article is None:
        return html.read(found)
    start = found.index(article)
    end = next(at for at, event in enumerate(found) if isinstance(event, Close) and event.element is article)
    lines = html.read(found[start : end + 1])
    for around in (found[:start], found[end + 1 :]):
        if text := " ".join(line.text for line in html.read(around).lines):
            lines.left_out.append(LeftOut(f"outside of <{article.name}>", text))
    return lines


def _article(found: Sequence[Event]) -> Element | None:
    elements = [event for event in found if isinstance(event, Element) and event.name in (*_MARKED, "body")]
    body = next((element for element in elements if element.name == "body"), None)
    for name in _MARKED:
        named = [element for element in elements if element.name == name]
        if body is not None and len(named) == 1 and named[0].size >= _MOST * body.size:
            return named[0]
    return None
