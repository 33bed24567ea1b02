"""The retriever: questions in, passages out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Condition, Lock
from types import TracebackType

from embeddings.encoder import Encoder, fingerprint
from embeddings.model import load_encoder
from retrieval.errors import BadQuestion, ClosedRetriever, EngineFailed, UnusableIndex, WrongModel
from retrieval.indexing.address import Address
from retrieval.indexing.engine import Engine
from retrieval.indexing.engines import engine_at
from retrieval.records import Answer, Article, Category, Filter, Hit
from retrieval.searching.confidence import ANSWERED
from retrieval.searching.evidence import Evidence
from retrieval.searching.finder import Finder
from retrieval.searching.findings import Findings
from retrieval.searching.interrogatives import only_asks
from retrieval.searching.smalltalk import asks_nothing
from retrieval.searching.snapshot import Snapshot, open_snapshot

MAX_HITS = 1_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index holds."""

    articles: int
    passages: int
    generation: str
    created: str
    """ISO 8601, UTC."""
    model: str


class Retriever:
    """Searches an index; moves over to a new generation by itself; may be used from several threads.

    Once it is closed, all it is asked raises ClosedRetriever.
    """

    def __init__(self, engine: Engine, snapshot: Snapshot, encoder: Encoder) -> None:
        _check_model(engine, snapshot, encoder)
        self._engine = engine
        self._encoder = encoder
        self._snapshot = snapshot
        self._switching = Lock()
        self._refused: str | None = None
        self._closed = False
        self._under_way = 0
        self._changed = Condition()
        self._finder = Finder(encoder)

    @classmethod
    def open(cls, index: str | Address, *, encoder: Encoder | None = None) -> Retriever:
        """Open the index in a folder or at an address of Milvus; `encoder` is the packaged model where None.

        Raises NoIndex, WrongModel, WrongFormat, DamagedIndex, embeddings.errors.EncoderError.
        """
        engine = engine_at(index)
        try:
            return cls(engine, open_snapshot(engine), encoder or load_encoder())
        except BaseException:
            engine.close()
            raise

    def __enter__(self) -> Retriever:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index, once what is under way in other threads is answered."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.wait_for(lambda: not self._under_way)
        self._snapshot.generation.close()
        self._engine.close()

    def about(self) -> IndexInfo:
        """What the live generation holds."""
        with self._reading() as snapshot:
            manifest = snapshot.generation.manifest
        return IndexInfo(manifest.articles, manifest.passages, manifest.name, manifest.created, manifest.model)

    def search(self, question: str, k: int = 10, where: Filter | None = None) -> list[Hit]:
        """The `k` best passages, best first, whatever the confidence. Raises BadQuestion."""
        with self._reading() as snapshot:
            return list(self._find(snapshot, question, k, where).hits(k))

    def answer(self, question: str, k: int = 5, where: Filter | None = None) -> Answer:
        """The `k` best passages, and how likely it is that the first one answers. Raises BadQuestion."""
        with self._reading() as snapshot:
            found = self._find(snapshot, question, k, where)
            nothing = asks_nothing(found.question) or only_asks(found.question)
            sure = 0.0 if nothing else self._finder.confidence(found)
            return Answer(question, sure >= ANSWERED, sure, found.hits(k))

    def evidence(self, question: str) -> Evidence | None:
        """What confidence goes by; None where there is nothing to find. Raises BadQuestion."""
        with self._reading() as snapshot:
            return self._finder.compared(self._find(snapshot, question, 1, None)).evidence

    def latest(self, count: int = 10, where: Filter | None = None) -> list[Article]:
        """The newest articles, newest first; those without a date last."""
        with self._reading() as snapshot:
            return snapshot.generation.latest(count, where or Filter())

    def categories(self) -> list[Category]:
        """All categories, those of most articles first."""
        with self._reading() as snapshot:
            return snapshot.generation.categories()

    def passages_of(self, path: str) -> list[str]:
        """Texts of an article's passages in reading order; none for an article that is not there."""
        with self._reading() as snapshot:
            return snapshot.generation.texts_of(path)

    def _find(self, snapshot: Snapshot, question: str, k: int, where: Filter | None) -> Findings:
        if not 1 <= k <= MAX_HITS:
            raise BadQuestion(f"{k} passages cannot be found; ask for 1 to {MAX_HITS:,}")
        return self._finder.find(snapshot, question, k, where)

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        """The live generation, whose damage is to blame for what fails inside. Raises DamagedIndex, ClosedRetriever."""
        with self._kept_open():
            snapshot = self._live()
            with snapshot.generation.reading():
                yield snapshot

    @contextmanager
    def _kept_open(self) -> Iterator[None]:
        with self._changed:
            if self._closed:
                raise ClosedRetriever
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _live(self) -> Snapshot:
        """The live generation; the one in use as long as a newer one cannot be opened. Raises DamagedIndex."""
        with suppress(UnusableIndex):
            name = self._engine.live_name()
            if name not in (self._snapshot.name, self._refused):
                self._switch(name)
        self._snapshot.generation.check()
        return self._snapshot

    def _switch(self, name: str) -> None:
        with self._switching:
            if name in (self._snapshot.name, self._refused):
                return
            try:
                snapshot = open_snapshot(self._engine)
                _check_model(self._engine, snapshot, self._encoder)
            except UnusableIndex as exc:
                _log.warning("keeping generation %s: %s", self._snapshot.name, exc)
                # What a server does not do now, it may do for the next question.
                self._refused = None if isinstance(exc, EngineFailed) else name
            else:
                self._snapshot = snapshot


def _check_model(engine: Engine, snapshot: Snapshot, encoder: Encoder) -> None:
    manifest = snapshot.generation.manifest
    if manifest.fingerprint != fingerprint(encoder):
        raise WrongModel(engine.address, manifest.model, encoder.name)
