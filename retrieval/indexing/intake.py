"""Intake: articles read into the catalogue and the lexical index of a new generation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree

from tqdm import tqdm

from retrieval.indexing.analysis import pack_runs, runs, tokens
from retrieval.indexing.catalogue import CatalogueWriter, Terms
from retrieval.indexing.content import ContentDigest
from retrieval.indexing.lexical import LexicalWriter
from retrieval.reading import files, post
from retrieval.reading.files import Source, UnreadableFile
from retrieval.reading.links.resolve import resolve_all
from retrieval.reading.links.site import Site
from retrieval.reading.post import Post
from retrieval.reading.repeats import Repeated, Repeats
from retrieval.reading.sentences import sentences
from retrieval.records import Skipped

_LAST_ZONE = timezone(timedelta(hours=-12))


@dataclass(slots=True)
class Intake:
    """What reading the articles gave."""

    catalogue: CatalogueWriter
    paths: set[str] = field(default_factory=set)
    skipped: list[Skipped] = field(default_factory=list)
    content: str = ""
    """Digest of all that was read."""
    dated_ahead: bool = False
    repeats: Repeats = field(default_factory=Repeats)
    texts: dict[bytes, int] = field(default_factory=dict)
    """Articles by the hash of their text."""


def take_in(sources: Sequence[Source], target: Path, *, site: Site | None, drafts: bool, progress: bool) -> Intake:
    """Read all articles into the catalogue and the lexical index: once more, if their feeds repeat lines in them."""
    asked = _Asked(sources, target, site, drafts, progress)
    intake = _read(asked, {})
    repeated = intake.repeats.found()
    if not repeated:
        return intake
    (target / "catalogue.sqlite").unlink()
    rmtree(target / "lexical")
    return _read(asked, repeated)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be read, and where to."""

    sources: Sequence[Source]
    target: Path
    site: Site | None
    drafts: bool
    progress: bool


def _read(asked: _Asked, repeated: Repeated) -> Intake:
    """Read all articles, without lines that are `repeated`."""
    catalogue = CatalogueWriter(asked.target / "catalogue.sqlite")
    lexical = LexicalWriter(asked.target / "lexical")
    intake = Intake(catalogue)
    zone = asked.site.zone if asked.site else None
    digest = ContentDigest(asked.site, drafts=asked.drafts)
    fronts: list[tuple[str, Mapping[str, object]]] = []
    for source in tqdm(asked.sources, "reading", unit=" articles", disable=None if asked.progress else True):
        try:
            found = post.read(source.path, files.decode(digest.read(source)), zone=zone, repeated=repeated)
        except (UnreadableFile, RecursionError) as exc:
            intake.skipped.append(Skipped(source.path, str(exc)))
            continue
        if found.unpublished and not asked.drafts:
            continue
        intake.paths.add(source.path)
        intake.repeats.add(found.article, found.ends, found.text)
        intake.dated_ahead |= _is_ahead(found.article.date)
        fronts.append((source.path, found.front))
        _add(found, intake, lexical)
    catalogue.set_urls((path, link.url) for path, link in resolve_all(fronts, asked.site).items())
    catalogue.close()
    lexical.close()
    # The address of a post dated ahead depends on the day, so it is read anew each time.
    intake.content = "" if intake.dated_ahead else digest.hexdigest()
    return intake


def _add(found: Post, intake: Intake, lexical: LexicalWriter) -> None:
    """Add a post; one whose text is already there, under another path, is only listed."""
    article, catalogue = found.article, intake.catalogue
    key = blake2b(found.text.encode("utf-8", "surrogatepass")).digest()
    original = intake.texts.get(key) if found.passages else None
    number = catalogue.add_article(article, original)
    if original is not None:
        return
    intake.texts[key] = number
    context = _context(found)
    for passage in found.passages:
        stated = runs(passage.text)
        terms = [token for run in (*stated, *context) for token in tokens(run)]
        passage_number = catalogue.add_passage(
            number,
            passage.text,
            passage.headings,
            sentences(passage.text),
            Terms(pack_runs(stated, context), float(len(terms))),
        )
        lexical.add(passage_number, terms, article.categories, article.author, _day(article.date))


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
