"""Building an index: articles are read into a catalogue, their passages embedded, the generation published."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from embeddings.encoder import Encoder, fingerprint
from embeddings.model import load_encoder
from retrieval.errors import UnusableArticles, UnusableIndex
from retrieval.indexing import generations
from retrieval.indexing.address import Address, MilvusAddress, located
from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.changes import Changes, changes, settings
from retrieval.indexing.intake import CATALOGUE, Asked, Intake, taken_in
from retrieval.indexing.journal import Journal
from retrieval.indexing.ledger import FILE as LEDGER
from retrieval.indexing.ledger import Ledger
from retrieval.indexing.manifest import FORMAT, Manifest
from retrieval.indexing.reads import Reading, one_by_one
from retrieval.indexing.summary import closed, nothing_readable, report_of, unchanged
from retrieval.indexing.update import Update, worth_it
from retrieval.indexing.vectors.index import VectorIndex, VectorWriter
from retrieval.indexing.vectors.source import VectorSource
from retrieval.reading import files
from retrieval.reading.links.resolve import resolve_all
from retrieval.reading.links.site import Site
from retrieval.records import BuildReport

CHUNK = 256
"""Passages embedded at a time: enough for batches of like lengths, few enough for a lively progress bar."""


def build_index(
    articles: str | Path,
    index: str | Address,
    *,
    encoder: Encoder | None = None,
    site: Site | None = None,
    full: bool = False,
    drafts: bool = False,
    progress: bool = False,
    reading: Reading = one_by_one,
) -> BuildReport:
    """Bring `index`, a folder or an address of Milvus, up to date with the folder `articles`; say what was done.

    Only passages whose text is new to the index are embedded, and where nothing has changed, nothing is written;
    `full` does all anew. `encoder` is the packaged model where None. `site` tells where articles are published.
    `drafts` takes drafts in. `progress` draws bars on stderr if that is a terminal. `reading` is how files are read:
    `processes.reading` takes several cores. Until the new generation is complete the old one stays live.

    Raises UnusableArticles, UnusableIndex, IndexBusy, embeddings.errors.EncoderError.
    """
    started = time.monotonic()
    folder, address = Path(articles), located(index)
    sources = files.find(folder, drafts=drafts)
    if not sources:
        raise UnusableArticles(folder, f"no article in it ({', '.join(sorted(files.SUFFIXES))})")
    asked, encoder = Asked(sources, site, drafts, progress, reading), encoder or load_encoder()
    if isinstance(address, MilvusAddress):
        # Its client takes half a second to load.
        from retrieval.indexing.milvus.build import Order, rebuild

        done = rebuild(address, Order(folder, asked, encoder, full))
    else:
        done = _rebuild(folder, address, asked, encoder, full=full)
    return replace(done, seconds=round(time.monotonic() - started, 3))


def _rebuild(folder: Path, index: Path, asked: Asked, encoder: Encoder, *, full: bool) -> BuildReport:
    """Bring the index in a folder up to date."""
    with generations.lock(index):
        journal = Journal(index, encoder, anew=full)
        try:
            done = _build(_Job(folder, index, asked, journal, full))
            journal.discard()
        finally:
            journal.close()
    return journal.corrected(done)


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked for."""

    folder: Path
    index: Path
    asked: Asked
    encoder: Encoder
    full: bool

    @property
    def settings(self) -> str:
        return settings(self.asked.site, drafts=self.asked.drafts)


@dataclass(frozen=True, slots=True)
class _Live:
    """The live generation, none of whose bytes has changed, made by the encoder at hand."""

    manifest: Manifest
    folder: Path


def _build(job: _Job) -> BuildReport:
    """Do what is needed; the caller holds the lock."""
    live = None if job.full else _live(job)
    if live is None or live.manifest.settings != job.settings:
        return _anew(job, live)
    with closing(Ledger.open(live.folder / LEDGER)) as ledger:
        found = _differing(job, ledger)
        moved = bool(found) or _addresses_differ(job, live, ledger)
    if not moved:
        return unchanged(live.manifest, job.index)
    if worth_it(found, live.manifest.articles, live.manifest.passages, live.manifest.rows):
        return _on_from(job, live, found)
    return _anew(job, live)


def _live(job: _Job) -> _Live | None:
    """The live generation, if it can be gone on from; a rebuild also repairs what is damaged."""
    try:
        manifest = generations.load_manifest(job.index, generations.live_name(job.index), whole=True)
    except UnusableIndex:
        return None
    if manifest.fingerprint != fingerprint(job.encoder):
        return None
    return _Live(manifest, generations.folder_of(job.index, manifest.name))


def _differing(job: _Job, ledger: Ledger) -> Changes:
    """What is different in the folder, with the posts whose day has come or passed."""
    found = changes(job.asked.sources, ledger)
    known = {source.path for source in found.changed}
    turned = (source for source in job.asked.turned(ledger) if source.path not in known)
    return replace(found, changed=(*found.changed, *turned))


def _addresses_differ(job: _Job, live: _Live, ledger: Ledger) -> bool:
    """Whether articles have other URLs than they had, because a day has passed."""
    if not ledger.dated_ahead():
        return False
    with closing(Catalogue(live.folder / CATALOGUE)) as catalogue:
        urls = catalogue.urls()
    links = resolve_all(ledger.fronts(), job.asked.site, unread=ledger.unread())
    return urls != {path: link.url for path, link in links.items()}


def _on_from(job: _Job, live: _Live, found: Changes) -> BuildReport:
    """Write a generation that is the live one but for what changed."""
    name = generations.new_name()
    with generations.unfinished(job.index, name) as target, closing(Update(job.asked, target, live.folder)) as update:
        update.take(found)
        intake = update.intake
        removed = len(_paths(job.index) - intake.ledger.paths())
        previous = VectorIndex(live.folder)
        with update.vectors(previous, target) as writer:
            manifest = _close(job, name, intake)
            source = VectorSource.continuing(job.encoder, writer, previous)
            _embed(job, target, source, writer, update.first_new)
        generations.publish(job.index, target, manifest)
    kept = manifest.passages + manifest.sentences - source.embedded
    return report_of(manifest, job.index, embedded=source.embedded, reused=kept, removed=removed)


def _anew(job: _Job, live: _Live | None) -> BuildReport:
    """Write a generation of all articles; vectors are taken over from the live one, where there is one."""
    name = generations.new_name()
    with generations.unfinished(job.index, name) as target:
        with taken_in(job.asked, target) as intake:
            if not intake.catalogue.articles:
                raise UnusableArticles(job.folder, nothing_readable(intake.ledger.skipped()))
            removed = len(_paths(job.index) - intake.ledger.paths())
            manifest = _close(job, name, intake)
        previous = VectorIndex(live.folder) if live else None
        with VectorWriter(target, job.encoder.dimension, previous, sentences=manifest.sentences) as writer:
            source = VectorSource(job.encoder, writer, previous)
            _embed(job, target, source, writer, 0)
        generations.publish(job.index, target, manifest)
    return report_of(manifest, job.index, embedded=source.embedded, reused=source.reused, removed=removed)


def _close(job: _Job, name: str, intake: Intake) -> Manifest:
    return closed(intake, job.encoder, name=name, format=FORMAT, settings=job.settings)


def _embed(job: _Job, target: Path, source: VectorSource, writer: VectorWriter, first: int) -> None:
    """Write the vectors of the passages in the catalogue from number `first` on."""
    hidden = None if job.asked.progress else True
    with (
        closing(Catalogue(target / CATALOGUE)) as catalogue,
        tqdm(total=catalogue.count_from(first), desc="embedding", unit=" passages", disable=hidden) as bar,
    ):
        for count in source.add_all(_chunks(catalogue.passages_from(first))):
            bar.update(count)
    writer.close()
    source.save(target)


def _chunks(passages: Iterator[StoredPassage]) -> Iterator[list[StoredPassage]]:
    while chunk := list(islice(passages, CHUNK)):
        yield chunk


def _paths(index: Path) -> set[str]:
    """Paths of the articles in the live generation, whatever model made it."""
    try:
        folder = generations.folder_of(index, generations.live_name(index))
        with closing(Catalogue(folder / CATALOGUE)) as catalogue:
            return catalogue.paths()
    except UnusableIndex:
        return set()
