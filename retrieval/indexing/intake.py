"""Intake: articles read into the catalogue, the lexical index and the ledger of a new generation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from shutil import rmtree

from tqdm import tqdm

from retrieval.indexing import ledger
from retrieval.indexing.analysis import pack_runs, runs, tokens
from retrieval.indexing.catalogue.writer import CatalogueWriter
from retrieval.indexing.forward import RUNS, ForwardWriter
from retrieval.indexing.ledger import Entry, Ledger, digest_of
from retrieval.indexing.lexical import LexicalWriter
from retrieval.indexing.tongues import language_of
from retrieval.reading import files, post
from retrieval.reading.files import Source, UnreadableFile
from retrieval.reading.links.resolve import resolve, resolve_all
from retrieval.reading.links.site import Site
from retrieval.reading.post import Post
from retrieval.reading.repeats import Repeated, feed_of
from retrieval.reading.sentences import sentences

CATALOGUE, LEXICAL = "catalogue.sqlite", "lexical"
_LAST_ZONE = timezone(timedelta(hours=-12))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, and how."""

    sources: Sequence[Source]
    site: Site | None = None
    drafts: bool = False
    progress: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: its post, unless it is a draft or cannot be read."""

    source: Source
    digest: bytes
    post: Post | None = None
    reason: str | None = None


class Intake:
    """Takes articles into the files of a generation, those of `original` being there already."""

    def __init__(self, asked: Asked, target: Path, original: Path | None = None) -> None:
        self._asked = asked
        self._zone = asked.site.zone if asked.site else None
        self.catalogue = CatalogueWriter(target / CATALOGUE, original / CATALOGUE if original else None)
        self.lexical = LexicalWriter(target / LEXICAL, original / LEXICAL if original else None)
        self.forward = ForwardWriter(target, original)
        self.ledger = Ledger.create(target / ledger.FILE, original / ledger.FILE if original else None)

    def read(self, source: Source, repeated: Repeated) -> Read:
        """What is in a file, without lines that are `repeated`."""
        data = b""
        try:
            data = files.read_bytes(source.file)
            found = post.read(source.path, files.decode(data), zone=self._zone, repeated=repeated)
        except (UnreadableFile, RecursionError) as exc:
            return Read(source, digest_of(data or str(exc).encode()), reason=str(exc))
        return Read(source, digest_of(data), None if found.unpublished and not self._asked.drafts else found)

    def note(self, read: Read, number: int | None = None) -> None:
        """Write down what a file holds; `number` is its article's, where that is taken in."""
        self.ledger.put(_entry(read, read.post, number) if read.post else _no_article(read))

    def add(self, read: Read) -> None:
        """Take in what a file holds; an article whose text is there already, under another path, is only listed."""
        found = read.post
        if found is None:
            self.note(read)
            return
        original = self.ledger.article_with(found.digest) if found.passages else None
        language = language_of("\n".join([found.article.title, *(passage.text for passage in found.passages)]))
        number = self.catalogue.add_article(found.article, original, language)
        self.note(read, number)
        if original is None:
            self._add_passages(found, number, language)

    def _add_passages(self, found: Post, number: int, language: str | None) -> None:
        context = _context(found)
        for passage in found.passages:
            stated = runs(passage.text)
            terms = [token for run in (*stated, *context) for token in tokens(run)]
            row = self.catalogue.add_passage(number, passage.text, passage.headings, sentences(passage.text))
            self.forward.add(pack_runs(stated, context), len(terms))
            article = found.article
            self.lexical.add(row, number, terms, article.categories, article.author, _day(article.date), language)

    def remove(self, number: int) -> list[int]:
        """Take an article out again, and give the numbers of the passages that went with it."""
        gone = self.catalogue.remove_article(number)
        self.forward.remove(gone)
        self.lexical.remove(number)
        return gone

    def resolve(self, changed: Iterable[str] | None = None) -> None:
        """Give articles their URLs: where a site's rules tie them together all, else those at `changed` paths."""
        site = self._asked.site
        if site is not None and site.rules is not None:
            urls = resolve_all(self.ledger.fronts(), site)
            self.catalogue.set_urls((path, link.url) for path, link in urls.items())
            return
        fronts = self.ledger.fronts() if changed is None else self.ledger.fronts_of(changed)
        self.catalogue.set_urls((path, resolve(path, front, site).url) for path, front in fronts)

    def close(self) -> None:
        """Write everything out."""
        self.catalogue.close()
        self.lexical.close()
        self.forward.close()
        self.ledger.close()


def take_in(asked: Asked, target: Path) -> Intake:
    """Read all articles into a new generation: once more, if their feeds repeat lines in them."""
    intake = _read_all(asked, target, {})
    repeated = intake.ledger.repeats()
    if repeated:
        intake.close()
        (target / CATALOGUE).unlink()
        (target / ledger.FILE).unlink()
        (target / RUNS).unlink()
        rmtree(target / LEXICAL)
        intake = _read_all(asked, target, repeated)
    intake.ledger.leave_out(repeated)
    intake.resolve()
    return intake


def _read_all(asked: Asked, target: Path, repeated: Repeated) -> Intake:
    intake = Intake(asked, target)
    for source in tqdm(asked.sources, "reading", unit=" articles", disable=None if asked.progress else True):
        intake.add(intake.read(source, repeated))
    return intake


def _no_article(read: Read) -> Entry:
    return Entry(read.source.path, read.digest, reason=read.reason)


def _entry(read: Read, found: Post, number: int | None) -> Entry:
    return Entry(
        read.source.path,
        read.digest,
        article=number,
        text=found.digest if found.passages else None,
        ahead=_is_ahead(found.article.date),
        feed=feed_of(found.article),
        ends=found.ends,
        front=found.front,
    )


def _context(found: Post) -> list[str]:
    """Runs that every passage of an article is found by: its title and its first sentence.

    What an article is about is said there and seldom repeated further down.
    """
    lead = found.passages[0].text if found.passages else ""
    first = [lead[start:end] for start, end in sentences(lead)[:1]]
    return runs("\n".join([found.article.title, *first]))


def _day(value: datetime | date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _is_ahead(value: datetime | date | None) -> bool:
    """Whether a date lies ahead; one without a zone may be of the last place on earth where it comes."""
    if value is None:
        return False
    moment = value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_LAST_ZONE)
    return moment > datetime.now(timezone.utc)
