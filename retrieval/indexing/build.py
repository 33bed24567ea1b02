"""Building an index: articles are read into a catalogue, their passages embedded, the generation published."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from shutil import rmtree

from tqdm import tqdm

from embeddings.encoder import Encoder, fingerprint
from embeddings.model import load_encoder
from retrieval.errors import UnusableArticles, UnusableIndex
from retrieval.indexing import generations
from retrieval.indexing.analysis import pack_runs, runs, tokens
from retrieval.indexing.catalogue import Catalogue, CatalogueWriter, StoredPassage, Terms
from retrieval.indexing.content import ContentDigest, digest_of
from retrieval.indexing.embedding import VectorSource
from retrieval.indexing.generations import Manifest
from retrieval.indexing.lexical import LexicalWriter
from retrieval.indexing.vectors import VectorIndex, VectorWriter
from retrieval.reading import files, post
from retrieval.reading.files import Source, UnreadableFile
from retrieval.reading.links.resolve import resolve_all
from retrieval.reading.links.site import Site
from retrieval.reading.post import Post
from retrieval.reading.repeats import Repeated, Repeats
from retrieval.reading.sentences import sentences
from retrieval.records import BuildReport, Skipped

CHUNK = 64
"""Passages embedded at a time: enough for batches of like lengths, few enough for a lively progress bar."""

_LAST_ZONE = timezone(timedelta(hours=-12))


def build_index(
    articles: str | Path,
    index: str | Path,
    *,
    encoder: Encoder | None = None,
    site: Site | None = None,
    full: bool = False,
    drafts: bool = False,
    progress: bool = False,
) -> BuildReport:
    """Bring `index` up to date with the folder `articles`, and say what was done.

    Only passages whose text is new to the index are embedded, and where nothing has changed, nothing is written;
    `full` does all anew. `encoder` is the packaged
    model where None. `site` tells where articles are published. `drafts` takes drafts in. `progress` draws bars
    on stderr if that is a terminal. Until the new generation is complete on disk the old one stays live.

    Raises UnusableArticles, UnusableIndex, IndexBusy, embeddings.errors.EncoderError.
    """
    started = time.monotonic()
    folder, index = Path(articles), Path(index)
    sources = files.find(folder, drafts=drafts)
    if not sources:
        raise UnusableArticles(folder, f"no article in it ({', '.join(sorted(files.SUFFIXES))})")
    encoder = encoder or load_encoder()
    job = _Job(folder, index, sources, encoder, site, full, drafts, progress)
    with generations.lock(index):
        done = _nothing_changed(job) or _new_generation(job)
    return replace(done, seconds=round(time.monotonic() - started, 3))


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked for."""

    folder: Path
    index: Path
    sources: Sequence[Source]
    encoder: Encoder
    site: Site | None
    full: bool
    drafts: bool
    progress: bool


def _nothing_changed(job: _Job) -> BuildReport | None:
    """The live generation's report, if another one would be the same; the caller holds the lock."""
    if job.full:
        return None
    try:
        live = generations.load_manifest(job.index, generations.live_name(job.index), whole=True)
    except UnusableIndex:
        return None
    if live.fingerprint != fingerprint(job.encoder):
        return None
    if live.content != digest_of(job.sources, job.site, drafts=job.drafts):
        return None
    return _report(job, live, embedded=0, reused=live.passages + live.sentences, removed=0)


def _new_generation(job: _Job) -> BuildReport:
    """Write a new generation and publish it; the caller holds the lock."""
    name = generations.new_name()
    with generations.unfinished(job.index, name) as target:
        previous = None if job.full else _previous(job.index, fingerprint(job.encoder))
        before = _paths(job.index)
        reading = _read(job, target)
        if not reading.catalogue.articles:
            raise UnusableArticles(job.folder, _nothing_readable(reading.skipped))
        source = _embed(target, job.encoder, previous, reading.catalogue.passages, job.progress)
        manifest = _manifest(name, job.encoder, reading)
        generations.publish(job.index, target, manifest)
    removed = len(before - reading.paths)
    return _report(job, manifest, embedded=source.embedded, reused=source.reused, removed=removed)


def _report(job: _Job, manifest: Manifest, *, embedded: int, reused: int, removed: int) -> BuildReport:
    return BuildReport(
        articles=manifest.articles,
        passages=manifest.passages,
        sentences=manifest.sentences,
        embedded=embedded,
        reused=reused,
        removed=removed,
        seconds=0.0,
        index=str(job.index),
        generation=manifest.name,
        model=manifest.model,
        skipped=tuple(Skipped(path, reason) for path, reason in manifest.skipped),
    )


@dataclass(slots=True)
class _Reading:
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


def _read(job: _Job, target: Path) -> _Reading:
    """Read all articles into the catalogue and the lexical index: once more, if their feeds repeat lines in them."""
    reading = _read_without(job, target, {})
    repeated = reading.repeats.found()
    if not repeated:
        return reading
    (target / "catalogue.sqlite").unlink()
    rmtree(target / "lexical")
    return _read_without(job, target, repeated)


def _read_without(job: _Job, target: Path, repeated: Repeated) -> _Reading:
    """Read all articles, without lines that are `repeated`."""
    catalogue = CatalogueWriter(target / "catalogue.sqlite")
    lexical = LexicalWriter(target / "lexical")
    reading = _Reading(catalogue)
    zone = job.site.zone if job.site else None
    digest = ContentDigest(job.site, drafts=job.drafts)
    fronts: list[tuple[str, Mapping[str, object]]] = []
    for source in tqdm(job.sources, "reading", unit=" articles", disable=None if job.progress else True):
        try:
            found = post.read(source.path, files.decode(digest.read(source)), zone=zone, repeated=repeated)
        except (UnreadableFile, RecursionError) as exc:
            reading.skipped.append(Skipped(source.path, str(exc)))
            continue
        if found.unpublished and not job.drafts:
            continue
        reading.paths.add(source.path)
        reading.repeats.add(found.article, found.ends, found.text)
        reading.dated_ahead |= _is_ahead(found.article.date)
        fronts.append((source.path, found.front))
        _add(found, reading, lexical)
    catalogue.set_urls((path, link.url) for path, link in resolve_all(fronts, job.site).items())
    catalogue.close()
    lexical.close()
    # The address of a post dated ahead depends on the day, so it is read anew each time.
    reading.content = "" if reading.dated_ahead else digest.hexdigest()
    return reading


def _add(found: Post, reading: _Reading, lexical: LexicalWriter) -> None:
    """Add a post; one whose text is already there, under another path, is only listed."""
    article, catalogue = found.article, reading.catalogue
    key = blake2b(found.text.encode("utf-8", "surrogatepass")).digest()
    original = reading.texts.get(key) if found.passages else None
    number = catalogue.add_article(article, original)
    if original is not None:
        return
    reading.texts[key] = number
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


def _embed(
    target: Path,
    encoder: Encoder,
    previous: tuple[Catalogue, VectorIndex] | None,
    total: int,
    progress: bool,
) -> VectorSource:
    """Write the vectors of every passage in the catalogue."""
    source = VectorSource.open(encoder, previous)
    writer = VectorWriter(target, encoder.dimension, previous[1] if previous else None)
    catalogue = Catalogue(target / "catalogue.sqlite")
    with tqdm(total=total, desc="embedding", unit=" passages", disable=None if progress else True) as bar:
        for chunk in _chunks(catalogue.all_passages()):
            source.add(chunk, writer)
            bar.update(len(chunk))
    catalogue.close()
    writer.close()
    return source


def _chunks(passages: Iterator[StoredPassage]) -> Iterator[list[StoredPassage]]:
    while chunk := list(islice(passages, CHUNK)):
        yield chunk


def _previous(index: Path, expected: str) -> tuple[Catalogue, VectorIndex] | None:
    """The live generation, if its vectors can be taken over; a rebuild also repairs what is damaged."""
    try:
        manifest = generations.load_manifest(index, generations.live_name(index), whole=True)
        if manifest.fingerprint != expected:
            return None
        folder = generations.folder_of(index, manifest.name)
        return Catalogue(folder / "catalogue.sqlite"), VectorIndex(folder)
    except UnusableIndex:
        return None


def _paths(index: Path) -> set[str]:
    """Paths of the articles in the live generation, whatever model made it."""
    try:
        folder = generations.folder_of(index, generations.live_name(index))
        catalogue = Catalogue(folder / "catalogue.sqlite")
    except UnusableIndex:
        return set()
    paths = catalogue.paths()
    catalogue.close()
    return paths


def _nothing_readable(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return "every article in it is a draft"
    return f"no readable article in it; {skipped[0].path}: {skipped[0].reason}"


def _manifest(name: str, encoder: Encoder, reading: _Reading) -> Manifest:
    return Manifest(
        format=generations.FORMAT,
        name=name,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        model=encoder.name,
        fingerprint=fingerprint(encoder),
        dimension=encoder.dimension,
        articles=reading.catalogue.articles,
        passages=reading.catalogue.passages,
        sentences=reading.catalogue.sentences,
        total_length=reading.catalogue.total_length,
        content=reading.content,
        skipped=[(each.path, each.reason) for each in reading.skipped],
        files={},
    )
