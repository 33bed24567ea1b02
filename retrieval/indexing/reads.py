"""Reads: what is in article files, made ready for an index. Pure but for `fetch`, so that any process can do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from retrieval.indexing.analysis import pack_runs, runs, tokens
from retrieval.indexing.ledger import digest_of
from retrieval.indexing.tongues import language_of
from retrieval.reading import files, post
from retrieval.reading.customs import USUAL, Customs
from retrieval.reading.files import Source, UnreadableFile
from retrieval.reading.post import Post
from retrieval.reading.repeats import Repeated
from retrieval.reading.sentences import sentences


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file's bytes, or the reason why there are none."""

    source: Source
    data: bytes
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Analysed:
    """A passage as an index takes it."""

    text: str
    headings: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    """[start, end) of each in the text."""
    runs: str
    """Packed, as lexical scoring reads them."""
    tokens: str
    """What it is found by, with blanks between."""
    length: int
    """How many tokens."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its post, unless it is a draft, is not public today, or cannot be read."""

    source: Source
    digest: bytes
    post: Post | None = None
    reason: str | None = None
    language: str | None = None
    passages: tuple[Analysed, ...] = ()
    withheld: Mapping[str, object] | None = None
    """The front matter of a post that its site does not show today."""
    ahead: bool = False
    """Whether its site will begin or cease to show it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files, all in the same way."""

    customs: Customs = USUAL
    """The site's."""
    drafts: bool = False
    repeated: Repeated = field(default_factory=dict)
    """Lines that are left out."""

    def read(self, fetched: Fetched) -> Read:
        """What is in a file."""
        source, data = fetched.source, fetched.data
        if fetched.reason is not None:
            return Read(source, digest_of(fetched.reason.encode()), reason=fetched.reason)
        try:
            found = post.read(source.path, files.decode(data), customs=self.customs, repeated=self.repeated)
        except (UnreadableFile, RecursionError) as exc:
            return Read(source, digest_of(data or str(exc).encode()), reason=str(exc))
        if found.unpublished and not self.drafts:
            return Read(source, digest_of(data))
        text = "\n".join([found.article.title, *(passage.text for passage in found.passages)])
        return Read(source, digest_of(data), found, None, language_of(text), tuple(_analysed(found)))


Reading: TypeAlias = Callable[[Sequence[Source], Reader], Iterator[Read]]
"""Reads files, and gives what is in them in the files' order."""


def one_by_one(sources: Sequence[Source], reader: Reader) -> Iterator[Read]:
    """The reading of this process alone."""
    return (reader.read(fetch(source)) for source in sources)


def fetch(source: Source) -> Fetched:
    """The bytes of a file."""
    try:
        return Fetched(source, files.read_bytes(source.file))
    except UnreadableFile as exc:
        return Fetched(source, b"", str(exc))


def _analysed(found: Post) -> Iterator[Analysed]:
    context = _context(found)
    shared = _terms(context)
    for passage in found.passages:
        stated = runs(passage.text)
        terms = [*_terms(stated), *shared]
        yield Analysed(
            passage.text,
            tuple(passage.headings),
            tuple(sentences(passage.text)),
            pack_runs(stated, context),
            " ".join(terms),
            len(terms),
        )


def _terms(runs: Iterable[str]) -> list[str]:
    return [token for run in runs for token in tokens(run)]


def _context(found: Post) -> list[str]:
    """Runs that every passage of an article is found by: its title and its first sentence.

    What an article is about is said there and seldom repeated further down.
    """
    lead = found.passages[0].text if found.passages else ""
    first = [lead[start:end] for start, end in sentences(lead)[:1]]
    return runs("\n".join([found.article.title, *first]))
