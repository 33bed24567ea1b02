"""The folders of articles that the reader is measured on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.reading import files, frontmatter, markdown, post
from retrieval.reading.files import Source
from retrieval.reading.post import Post
from retrieval.reading.repeats import Repeats, feed_of

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "corpora"
FOLDERS = {
    "articles": ROOT / "tests" / "articles",
    "feed-posts": SHARED / "feed-posts",
    "sofastack": SHARED / "sofastack" / "content",
}

_MARKS = re.compile(r"</?strong>|<br>|[\\*]")
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Body:
    """An article as a browser is given it, and as it was read."""

    post: Post
    markup: str
    """The body: HTML as it is in the file, Markdown rendered."""
    tags: int
    """Characters of the site generator's own tags, which rendering removes."""


def bodies(folder: Path) -> Iterator[Body]:
    """All articles of a folder, without what its feeds repeat around them."""
    repeats = Repeats()
    for source, text in _texts(folder):
        found = post.read(source.path, text)
        repeats.add(feed_of(found.article), found.ends, found.digest)
    repeated = repeats.found()
    for source, text in _texts(folder):
        body = frontmatter.split(text)[1]
        markup = post.markup(source.path, body)
        tags = 0 if markup is body else _tags(body)
        yield Body(post.read(source.path, text, repeated=repeated), markup, tags)


def _tags(body: str) -> int:
    """Characters that a body has before and not after; marks that are written otherwise do not count."""
    return len(squeezed(_MARKS.sub("", body))) - len(squeezed(_MARKS.sub("", markdown.without_tags(body))))


def _texts(folder: Path) -> Iterator[tuple[Source, str]]:
    for source in files.find(folder):
        yield source, files.decode(files.read_bytes(source.file))


def squeezed(text: str) -> str:
    """`text` without white space and what has no width."""
    return _BLANKS.sub("", text)
