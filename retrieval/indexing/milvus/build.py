"""Building an index on Milvus: a new generation beside the live one, then the alias is switched.

Articles are read into files of this machine, which go when the rebuild ends; all that has to stay is on the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from platformdirs import user_cache_path
from tqdm import tqdm

from embeddings.encoder import Encoder, fingerprint
from retrieval.errors import DamagedIndex, EngineFailed, NoIndex, UnusableArticles, UnusableIndex, WrongFormat
from retrieval.indexing import disk
from retrieval.indexing.address import MilvusAddress
from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.changes import digests, settings
from retrieval.indexing.intake import CATALOGUE, Asked, taken_in
from retrieval.indexing.journal import Journal
from retrieval.indexing.manifest import Manifest
from retrieval.indexing.milvus.about import About
from retrieval.indexing.milvus.engine import Milvus
from retrieval.indexing.milvus.generation import MilvusGeneration
from retrieval.indexing.milvus.layout import ABOUT, FORMAT, collection_of, generation_of, new_name
from retrieval.indexing.milvus.lock import Hold, held
from retrieval.indexing.milvus.remembered import Remembered
from retrieval.indexing.milvus.staging import Staging
from retrieval.indexing.milvus.upload import BATCH, Upload, batches
from retrieval.indexing.summary import closed, nothing_readable, report_of, unchanged
from retrieval.indexing.vectors.source import VectorSource
from retrieval.records import BuildReport, Category

KEPT = 1
"""Generations kept beside the live one: a reader amid a question still needs it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    folder: Path
    asked: Asked
    encoder: Encoder
    full: bool

    @property
    def settings(self) -> str:
        """What else decides how articles are read."""
        return settings(self.asked.site, drafts=self.asked.drafts)


def rebuild(address: MilvusAddress, order: Order) -> BuildReport:
    """Bring the index at `address` up to date. Raises UnusableArticles, UnusableIndex, IndexBusy."""
    engine = Milvus(address, make=True)
    try:
        with held(engine.client) as hold:
            return _rebuild(engine, order, hold)
    finally:
        engine.close()


def _rebuild(engine: Milvus, order: Order, hold: Hold) -> BuildReport:
    _sweep(engine)
    live = _live(engine)
    usable = None if order.full or live is None or not _fits(live.manifest, order.encoder) else live
    if usable and _unchanged(usable.about, order):
        return unchanged(usable.manifest, engine.address)
    journal = _journal(engine.address, order)
    try:
        with disk.writing(_cache(engine.address)), TemporaryDirectory(prefix="wenda-") as folder:
            report = _Rebuild(engine, order, live, usable).into(Path(folder), journal, hold)
        journal.discard()
    finally:
        journal.close()
    return journal.corrected(report)


def _live(engine: Milvus) -> MilvusGeneration | None:
    """The live generation, if it can be read; a rebuild also repairs what is damaged."""
    try:
        return engine.open()
    except (NoIndex, WrongFormat, DamagedIndex):
        return None


def _fits(manifest: Manifest, encoder: Encoder) -> bool:
    return manifest.fingerprint == fingerprint(encoder)


def _unchanged(about: About, order: Order) -> bool:
    """Whether nothing is different; an article dated ahead may have another URL today, see `_Rebuild`."""
    return (
        about.manifest.settings == order.settings
        and not about.ahead
        and about.sources == _hash(digests(order.asked.sources))
    )


def _cache(address: MilvusAddress) -> Path:
    """A folder of this machine's for what a rebuild need not do twice."""
    return user_cache_path("wenda") / "rebuilds" / blake2b(str(address).encode(), digest_size=8).hexdigest()


def _journal(address: MilvusAddress, order: Order) -> Journal:
    folder = _cache(address)
    with disk.writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return Journal(folder, order.encoder, anew=order.full)


class _Rebuild:
    """Writes a generation; vectors are taken over from `usable`, where there is one."""

    def __init__(
        self, engine: Milvus, order: Order, live: MilvusGeneration | None, usable: MilvusGeneration | None
    ) -> None:
        self._engine = engine
        self._order = order
        self._live = live
        self._usable = usable

    def into(self, folder: Path, encoder: Encoder, hold: Hold) -> BuildReport:
        """Read articles into `folder`, then write them to the server."""
        with taken_in(self._order.asked, folder) as intake:
            if not intake.catalogue.articles:
                raise UnusableArticles(self._order.folder, nothing_readable(intake.ledger.skipped()))
            paths, sources, ahead = intake.ledger.paths(), _hash(intake.ledger.digests()), intake.ledger.dated_ahead()
            manifest = closed(
                intake, self._order.encoder, name=new_name(), format=FORMAT, settings=self._order.settings
            )
        addresses = _hash(_urls(folder))
        if self._usable and _same(self._usable.about, manifest, sources, addresses):
            return unchanged(self._usable.manifest, self._engine.address)
        removed = len(self._live.paths() - paths) if self._live else 0
        remembered = Remembered(encoder, self._engine.client, self._usable.manifest.name if self._usable else None)
        staging = Staging(folder, manifest.dimension)
        try:
            source = VectorSource(remembered, staging)
            self._embed(folder, source, manifest.passages)
            about = About(manifest, staging.means, _categories(folder), sources, addresses, ahead)
            self._publish(folder, staging, about, hold)
        finally:
            staging.close()
        report = report_of(
            manifest, self._engine.address, embedded=source.embedded, reused=source.reused, removed=removed
        )
        return remembered.corrected(report)

    def _embed(self, folder: Path, source: VectorSource, passages: int) -> None:
        hidden = None if self._order.asked.progress else True
        with (
            closing(Catalogue(folder / CATALOGUE)) as catalogue,
            tqdm(total=passages, desc="embedding", unit=" passages", disable=hidden) as bar,
        ):
            for count in source.add_all(batches(catalogue.passages_from(0), BATCH)):
                bar.update(count)

    def _publish(self, folder: Path, staging: Staging, about: About, hold: Hold) -> None:
        """Write the generation, and let it be the live one."""
        client = self._engine.client
        index, name = client.address.collection, about.manifest.name
        # Readers have long moved over to the live one: no more than two generations take a server's memory.
        _sweep(self._engine, kept=0)
        upload = Upload(client, about.manifest, progress=self._order.asked.progress)
        try:
            upload.write(folder, staging, about)
            hold.check()
            client.point(index, collection_of(index, name, ABOUT))
        except BaseException:
            if not _points_to(self._engine, name):
                upload.drop()
            raise
        _sweep(self._engine)


def _points_to(engine: Milvus, name: str) -> bool:
    """Whether the generation is live after all, or may be: a switch can be done without its receipt arriving."""
    try:
        return engine.live_name() == name
    except NoIndex:
        return False
    except UnusableIndex:
        return True


def _sweep(engine: Milvus, *, kept: int = KEPT) -> None:
    """Remove what nobody needs any more: what a rebuild that died left, and old generations but for the last `kept`."""
    index = engine.address.collection
    latest = generation_of(index, engine.client.leads_to(index) or "") or ""
    found: dict[str, list[str]] = {}
    for collection in engine.client.collections():
        if name := generation_of(index, collection):
            found.setdefault(name, []).append(collection)
    old = sorted(name for name in found if name < latest)
    for name in [*old[: len(old) - kept], *(name for name in found if name > latest)]:
        for collection in found[name]:
            with suppress(EngineFailed):
                engine.client.drop(collection)


def _same(about: About, manifest: Manifest, sources: str, addresses: str) -> bool:
    return (about.manifest.settings, about.sources, about.addresses) == (manifest.settings, sources, addresses)


def _urls(folder: Path) -> dict[str, str | None]:
    with closing(Catalogue(folder / CATALOGUE)) as catalogue:
        return catalogue.urls()


def _categories(folder: Path) -> tuple[Category, ...]:
    with closing(Catalogue(folder / CATALOGUE)) as catalogue:
        return tuple(catalogue.categories())


def _hash(values: Mapping[str, object]) -> str:
    text = repr(sorted(values.items(), key=lambda item: item[0]))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
