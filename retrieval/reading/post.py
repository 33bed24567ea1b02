"""A post: one file read whole, its article and its passages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import PurePosixPath

from retrieval.reading import frontmatter, html, markdown, metadata, page, plain
from retrieval.reading.boilerplate import without_boilerplate
from retrieval.reading.budget import budget
from retrieval.reading.customs import USUAL, Customs
from retrieval.reading.elements import VOID, Close, events
from retrieval.reading.frontmatter import FrontMatter
from retrieval.reading.lines import LeftOut, Line
from retrieval.reading.passages import Passage, passages
from retrieval.reading.repeats import Repeated, ends, feed_of
from retrieval.records import Article

_MARKS = re.compile(
    r"""^\s{0,3}(?:\#{1,6}\s|```|~~~|>\s|[-*+]\s+\S|\d+\.\s)
      | ^[ ]{0,3}\|?[ \t]*:?-+:?[ \t]*\|                 # below the head of a table
      | \]\(\S
      | \*\*\S
      | (?<!\w)__(?![A-Za-z_]+__)[^\s_]                 # not Python's __init__
      | ~~[^\s~][^~\n]{0,300}~~
      | `[^`\n]{1,300}`
    """,
    re.VERBOSE | re.MULTILINE,
)
"""What only Markdown has."""
_MARKS_BELOW = re.compile(r"\n[ \t]*\n[ ]{0,3}(?:#{1,6}[ \t]+\S|```|~~~|(?:>|[-*+]|\d{1,9}[.)])[ \t]+\S)")
"""What begins a line below an empty one: where CommonMark has ended any tag's block."""
_COMMENTS = re.compile(r"(?:\s*<!--.*?-->)*\s*", re.DOTALL)
_CODE = frozenset("pre code script style".split())
"""Elements in which such marks mean nothing."""
_CODE_OR_COMMENT = re.compile(
    rf"<({'|'.join(sorted(_CODE))})\b.*?(?:</\1\b|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_AUTOLINK = re.compile(r"<(?:(?:[A-Za-z][\w+.-]{1,31}://|mailto:)[^\s<>]*|[\w.+-]{1,64}@[\w.-]{1,255})>")
"""An address in angle brackets, which is no tag."""
_TAG_SHOWN = re.compile(r"`<[^`<>\n]{1,300}>`")
"""A tag that is told of, and opens nothing."""

_LEAKED = re.compile(r"\s[\w-]{1,30}=\"\{:\w{1,30}=>[^{}<]{0,500}\}\"(?=[\s/>])")
"""A Ruby hash printed as an attribute, as some feeds have it: its quotes and `>` would end the tag."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is read from a file."""

    article: Article
    passages: tuple[Passage, ...]
    front_matter: FrontMatter
    unpublished: bool
    left_out: tuple[LeftOut, ...] = ()
    """What a reader sees on the page and no passage holds, because it is not the article's."""
    ends: frozenset[str] = frozenset()
    """Lines that are not the article's if many of its feed have them; see `repeats`."""
    digest: bytes = b""
    """Hash of all its lines, those of `ends` included: equal for the same article twice."""

    @property
    def front(self) -> Mapping[str, object]:
        """Front matter as parsed: what permalink rules work on."""
        return self.front_matter.values

    @property
    def problem(self) -> str | None:
        """What was wrong with the front matter, if anything."""
        return self.front_matter.problem

    @property
    def text(self) -> str:
        """All passages."""
        return "\n".join(passage.text for passage in self.passages)


def read(path: str, text: str, *, customs: Customs = USUAL, repeated: Repeated | None = None) -> Post:
    """The post that `text`, the contents of the file at `path`, holds, by the site's `customs`.

    Lines `repeated` over its feed are left out.
    Raises UnreadableFile where the budget for one article does not suffice.
    """
    with budget(len(text)):
        return _read(path, text, customs, repeated or {})


def _read(path: str, text: str, customs: Customs, repeated: Repeated) -> Post:
    front, body = frontmatter.split(text)
    article = metadata.article(path, front, customs)
    if PurePosixPath(path).suffix.lower() == ".txt":
        found = plain.read(body)
    else:
        seen = events(markup(path, body, hard_breaks=customs.hard_breaks))
        found = page.read(seen)
        if not front.values and (named := html.document_title(seen)):
            article = replace(article, title=named)
    lines, left_out = without_boilerplate(found.lines, repeated.get(feed_of(article), frozenset()))
    return Post(
        article,
        tuple(passages(lines)),
        front,
        metadata.unpublished(front),
        (*found.left_out, *left_out),
        ends(found.lines),
        _digest(found.lines),
    )


def _digest(lines: Sequence[Line]) -> bytes:
    text = "\n".join(line.text for line in lines)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def markup(path: str, body: str, *, hard_breaks: bool = False) -> str:
    """The HTML of the body of the file at `path`: the body as it is, or rendered from Markdown."""
    is_html = _is_html(path, body)
    rendered = markdown.html_without_tags(body) if is_html else markdown.render(body, hard_breaks=hard_breaks)
    return _LEAKED.sub("", rendered) if "{:" in rendered else rendered


def _is_html(path: str, body: str) -> bool:
    """Feeds put HTML into .md files; a Markdown body may begin with a tag too."""
    if PurePosixPath(path).suffix.lower() in (".html", ".htm"):
        return True
    body = _COMMENTS.sub("", body, count=1)
    if not body.startswith("<") or _AUTOLINK.match(body) or markdown.holds_markdown(body):
        return False
    return not _MARKS.search(body) or not _means_marks(_AUTOLINK.sub("x", _TAG_SHOWN.sub("`x`", body)))


def _means_marks(body: str) -> bool:
    """Whether the marks are Markdown's: those that begin a line, and those in text outside of all elements.

    Where there is such text, those inside of elements are too; code is left out.
    """
    if _MARKS_BELOW.search(_CODE_OR_COMMENT.sub("", body)):
        return True
    outside, inside = _texts(body)
    return bool(_MARKS.search(outside) or (outside.strip() and _MARKS.search(inside)))


def _texts(body: str) -> tuple[str, str]:
    """The text outside of all elements, and the text inside of them; code is left out."""
    texts: tuple[list[str], list[str]] = ([], [])
    depth = in_code = 0
    for event in events(body):
        if isinstance(event, str):
            if not in_code:
                texts[depth > 0].append(event)
        elif isinstance(event, Close):
            depth -= 1
            in_code -= event.element.name in _CODE
        elif event.name not in VOID:
            depth += 1
            in_code += event.name in _CODE
    return "\n".join(texts[0]), "".join(texts[1])
