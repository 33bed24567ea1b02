"""Intake: articles read into the catalogue, the lexical index and the ledger of a new generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from shutil import rmtree

from tqdm import tqdm

from retrieval.indexing import ledger
from retrieval.indexing.catalogue.writer import CatalogueWriter
from retrieval.indexing.forward import RUNS, ForwardWriter
from retrieval.indexing.ledger import Entry, Ledger
from retrieval.indexing.lexical import LexicalWriter
from retrieval.indexing.reads import Read, Reader, Reading, one_by_one
from retrieval.reading.customs import USUAL
from retrieval.reading.files import Source
from retrieval.reading.links.resolve import resolve, resolve_all
from retrieval.reading.links.site import AT_LAST, Site
from retrieval.reading.post import Post
from retrieval.reading.repeats import Repeated, feed_of
from retrieval.records import Article

CATALOGUE, LEXICAL = "catalogue.sqlite", "lexical"
_LAST_ZONE = timezone(timedelta(hours=-12))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be read, and how."""

    sources: Sequence[Source]
    site: Site | None = None
    drafts: bool = False
    progress: bool = False
    reading: Reading = one_by_one

    def read(self, sources: Sequence[Source], repeated: Repeated) -> Iterator[Read]:
        """What is in `sources`, without lines that are `repeated`, in their order, as the site shows it today."""
        reader = Reader(self.site.customs if self.site else USUAL, self.drafts, repeated)
        reads = self.reading(sources, reader)
        shown = tqdm(reads, "reading", len(sources), unit=" articles", disable=None if self.progress else True)
        yield from map(self._as_shown, shown)

    def _as_shown(self, read: Read) -> Read:
        """`read` without its post, where the site withholds that."""
        found = read.post
        if found is None or self.site is None or self.drafts:
            return read
        path, front = read.source.path, found.front
        today, at_last = self.site.withheld(path, front), self.site.withheld(path, front, AT_LAST)
        if today is None:
            return replace(read, ahead=at_last is not None)
        return Read(read.source, read.digest, withheld=front, ahead=today != at_last)

    def turned(self, ledger: Ledger) -> list[Source]:
        """Files of posts that the site shows since they were read, or no longer shows; `ledger` says what it did."""
        if self.site is None or self.drafts:
            return []
        withheld = {path: self.site.withheld(path, front) is not None for path, front in ledger.fronts_ahead()}
        taken = ledger.numbers(withheld)
        return [each for each in self.sources if each.path in withheld and withheld[each.path] == (each.path in taken)]


class Intake:
    """Takes articles into the files of a generation, those of `original` being there already."""

    def __init__(self, asked: Asked, target: Path, original: Path | None = None) -> None:
        self._asked = asked
        with ExitStack() as opened:
            self.catalogue = CatalogueWriter(target / CATALOGUE, original / CATALOGUE if original else None)
            opened.callback(self.catalogue.discard)
            self.lexical = LexicalWriter(target / LEXICAL, original / LEXICAL if original else None)
            self.forward = ForwardWriter(target, original)
            self.ledger = Ledger.create(target / ledger.FILE, original / ledger.FILE if original else None)
            opened.callback(self.ledger.discard)
            self._opened = opened.pop_all()

    def note(self, read: Read, number: int | None = None) -> None:
        """Write down what a file holds; `number` is its article's, where that is taken in."""
        self.ledger.put(self._entry(read, read.post, number) if read.post else _no_article(read))

    def add(self, read: Read) -> None:
        """Take in what a file holds; a copy of an article, in all that filters ask for, is only listed."""
        found = read.post
        if found is None:
            self.note(read)
            return
        original = self.ledger.article_like(self._entry(read, found, None)) if found.passages else None
        number = self.catalogue.add_article(found.article, original, read.language)
        self.note(read, number)
        if original is None:
            self._add_passages(read, found.article, number)

    def _entry(self, read: Read, found: Post, number: int | None) -> Entry:
        site = self._asked.site
        return Entry(
            read.source.path,
            read.digest,
            article=number,
            text=found.digest if found.passages else None,
            marks=_marks(found.article, read.language),
            ahead=read.ahead or _is_ahead(found.article.date),
            feed=feed_of(found.article),
            ends=found.ends,
            front=found.front,
            unread=site.unread(found.front_matter) if site else None,
        )

    def _add_passages(self, read: Read, article: Article, number: int) -> None:
        day = _day(article.date)
        for passage in read.passages:
            row = self.catalogue.add_passage(number, passage.text, passage.headings, passage.sentences)
            self.forward.add(passage.runs, passage.length)
            self.lexical.add(row, number, passage.tokens, article.categories, article.author, day, read.language)

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
            urls = resolve_all(self.ledger.fronts(), site, unread=self.ledger.unread())
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

    def discard(self) -> None:
        """Let go of the files, whatever they hold: SQLite keeps them open, and their room taken, until it is told."""
        self._opened.close()


@contextmanager
def taken_in(asked: Asked, target: Path) -> Iterator[Intake]:
    """All articles, read into a new generation: once more, if their feeds repeat lines in them."""
    with ExitStack() as opened:
        intake = _read_all(asked, target, {}, opened)
        repeated = intake.ledger.repeats()
        if repeated:
            intake.close()
            (target / CATALOGUE).unlink()
            (target / ledger.FILE).unlink()
            (target / RUNS).unlink()
            rmtree(target / LEXICAL)
            intake = _read_all(asked, target, repeated, opened)
        intake.ledger.leave_out(repeated)
        intake.resolve()
        yield intake


def _read_all(asked: Asked, target: Path, repeated: Repeated, opened: ExitStack) -> Intake:
    intake = Intake(asked, target)
    opened.callback(intake.discard)
    for read in asked.read(asked.sources, repeated):
        intake.add(read)
    return intake


def _no_article(read: Read) -> Entry:
    return Entry(read.source.path, read.digest, reason=read.reason, ahead=read.ahead, front=read.withheld)


def _marks(article: Article, language: str | None) -> bytes:
    """A hash of what filters ask for."""
    return ledger.digest_of(repr((article.categories, article.author, _day(article.date), language)).encode())


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
