"""Building an index: articles are read into a catalogue, their passages embedded, the generation published."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from embeddings.encoder import Encoder, fingerprint
from embeddings.model import load_encoder
from retrieval.errors import UnusableArticles, UnusableIndex
from retrieval.indexing import generations
from retrieval.indexing.analysis import pack_runs, runs, tokens
from retrieval.indexing.catalogue import Catalogue, CatalogueWriter, StoredPassage, Terms
from retrieval.indexing.embedding import VectorSource
from retrieval.indexing.generations import Manifest
from retrieval.indexing.lexical import LexicalWriter
from retrieval.indexing.vectors import VectorIndex, VectorWriter
from retrieval.reading import files, post
from retrieval.reading.files import Source, UnreadableFile
from retrieval.reading.links.resolve import resolve_all
from retrieval.reading.links.site import Site
from retrieval.reading.post import Post
from retrieval.reading.sentences import sentences
from retrieval.records import BuildReport, Skipped

CHUNK = 64
"""Passages embedded at a time: enough for batches of like lengths, few enough for a lively progress bar."""


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

    Only passages whose text is new to the index are embedded; `full` embeds all. `encoder` is the packaged
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
    with generations.lock(index), ExitStack() as stack:
        name = generations.new_name()
        target = stack.enter_context(generations.unfinished(index, name))
        previous = None if full else _previous(index, fingerprint(encoder))
        before = _paths(index)
        reading = _read(sources, target, site, drafts, progress)
        if not reading.catalogue.articles:
            raise UnusableArticles(folder, _nothing_readable(reading.skipped))
        source = _embed(target, encoder, previous, reading.catalogue.passages, progress)
        manifest = _manifest(name, encoder, reading.catalogue)
        generations.publish(index, target, manifest)
    return BuildReport(
        articles=manifest.articles,
        passages=manifest.passages,
        sentences=manifest.sentences,
        embedded=source.embedded,
        reused=source.reused,
        removed=len(before - reading.paths),
        seconds=round(time.monotonic() - started, 3),
        index=str(index),
        generation=name,
        model=encoder.name,
        skipped=tuple(reading.skipped),
    )


@dataclass(slots=True)
class _Reading:
    """What reading the articles gave."""

    catalogue: CatalogueWriter
    paths: set[str] = field(default_factory=set)
    skipped: list[Skipped] = field(default_factory=list)
    texts: dict[bytes, int] = field(default_factory=dict)
    """Articles by the hash of their text."""


def _read(sources: Sequence[Source], target: Path, site: Site | None, drafts: bool, progress: bool) -> _Reading:
    """Read all articles into the catalogue and the lexical index."""
    catalogue = CatalogueWriter(target / "catalogue.sqlite")
    lexical = LexicalWriter(target / "lexical")
    reading = _Reading(catalogue)
    fronts: list[tuple[str, Mapping[str, object]]] = []
    for source in tqdm(sources, "reading", unit=" articles", disable=None if progress else True):
        try:
            found = post.read(source.path, files.decode(files.read_bytes(source.file)))
        except (UnreadableFile, RecursionError) as exc:
            reading.skipped.append(Skipped(source.path, str(exc)))
            continue
        if found.unpublished and not drafts:
            continue
        reading.paths.add(source.path)
        fronts.append((source.path, found.front))
        _add(found, reading, lexical)
    catalogue.set_urls((path, link.url) for path, link in resolve_all(fronts, site).items())
    catalogue.close()
    lexical.close()
    return reading


def _add(found: Post, reading: _Reading, lexical: LexicalWriter) -> None:
    """Add a post; one whose text is already there, under another path, is only listed."""
    article, catalogue = found.article, reading.catalogue
    text = "\n".join(passage.text for passage in found.passages).encode("utf-8", "surrogatepass")
    original = reading.texts.get(blake2b(text).digest()) if found.passages else None
    number = catalogue.add_article(article, original)
    if original is not None:
        return
    reading.texts[blake2b(text).digest()] = number
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
        manifest = generations.load_manifest(index, generations.live_name(index))
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


def _manifest(name: str, encoder: Encoder, catalogue: CatalogueWriter) -> Manifest:
    return Manifest(
        format=generations.FORMAT,
        name=name,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        model=encoder.name,
        fingerprint=fingerprint(encoder),
        dimension=encoder.dimension,
        articles=catalogue.articles,
        passages=catalogue.passages,
        sentences=catalogue.sentences,
        total_length=catalogue.total_length,
        files={},
    )
