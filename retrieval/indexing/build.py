"""Building an index: articles are read into a catalogue, their passages embedded, the generation published."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from embeddings.encoder import Encoder, fingerprint
from embeddings.model import load_encoder
from retrieval.errors import UnusableArticles, UnusableIndex
from retrieval.indexing import generations
from retrieval.indexing.catalogue import Catalogue, StoredPassage
from retrieval.indexing.content import digest_of
from retrieval.indexing.embedding import VectorSource
from retrieval.indexing.generations import Manifest
from retrieval.indexing.intake import Intake, take_in
from retrieval.indexing.vectors import VectorIndex, VectorWriter
from retrieval.reading import files
from retrieval.reading.files import Source
from retrieval.reading.links.site import Site
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
        intake = take_in(job.sources, target, site=job.site, drafts=job.drafts, progress=job.progress)
        if not intake.catalogue.articles:
            raise UnusableArticles(job.folder, _nothing_readable(intake.skipped))
        source = _embed(target, job.encoder, previous, intake.catalogue.passages, job.progress)
        manifest = _manifest(name, job.encoder, intake)
        generations.publish(job.index, target, manifest)
    removed = len(before - intake.paths)
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


def _manifest(name: str, encoder: Encoder, intake: Intake) -> Manifest:
    return Manifest(
        format=generations.FORMAT,
        name=name,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        model=encoder.name,
        fingerprint=fingerprint(encoder),
        dimension=encoder.dimension,
        articles=intake.catalogue.articles,
        passages=intake.catalogue.passages,
        sentences=intake.catalogue.sentences,
        total_length=intake.catalogue.total_length,
        content=intake.content,
        skipped=[(each.path, each.reason) for each in intake.skipped],
        files={},
    )
