"""A post: one file read whole, its article and its passages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import PurePosixPath

from retrieval.reading import frontmatter, html, markdown, metadata
from retrieval.reading.boilerplate import without_credits
from retrieval.reading.lines import Gap, Line, LineBuilder
from retrieval.reading.passages import Passage, passages
from retrieval.records import Article

_MARKS = re.compile(r"^\s{0,3}(?:#{1,6}\s|```|~~~|>\s|[-*+]\s+\S|\d+\.\s)|\]\(\S|\*\*\S", re.MULTILINE)
"""What only Markdown has."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is read from a file."""

    article: Article
    passages: tuple[Passage, ...]
    front: Mapping[str, object]
    """Front matter as parsed: what permalink rules work on."""
    unpublished: bool
    problem: str | None
    """What was wrong with the front matter, if anything."""


def read(path: str, text: str, *, zone: tzinfo | None = None) -> Post:
    """The post that `text`, the contents of the file at `path`, holds."""
    front, body = frontmatter.split(text)
    article = metadata.article(path, front, zone=zone)
    suffix = PurePosixPath(path).suffix.lower()
    if suffix == ".txt":
        found = _plain_lines(body)
    else:
        soup = html.parse(body if _is_html(body, suffix) else markdown.render(body))
        found = html.lines_of(soup)
        if not front.values and (named := html.document_title(soup)):
            article = replace(article, title=named)
    return Post(
        article,
        tuple(passages(without_credits(found))),
        front.values,
        metadata.unpublished(front),
        front.problem,
    )


def _is_html(body: str, suffix: str) -> bool:
    """Feeds put HTML into .md files; a Markdown body may begin with a tag too."""
    if suffix in (".html", ".htm"):
        return True
    if not body.lstrip().startswith("<"):
        return False
    soup = html.parse(body)
    outside = [str(node) for node in soup.contents if isinstance(node, str) and node.strip()]
    if "".join(outside).strip() and any(_MARKS.search(text) for text in outside):
        return False
    first = next((node for node in soup.contents if getattr(node, "name", None)), None)
    wrapped = first is not None and not "".join(outside).strip()
    return wrapped or not _MARKS.search(soup.get_text())


def _plain_lines(body: str) -> list[Line]:
    builder = LineBuilder()
    for line in body.split("\n"):
        builder.text(line)
        builder.break_(Gap.SOFT)
    builder.break_(Gap.SECTION)
    return builder.lines
