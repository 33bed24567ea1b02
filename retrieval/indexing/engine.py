"""The seam between searching and where an index is kept: what an engine offers, and a generation it has opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex
from retrieval.indexing.address import Address
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.forward import Terms
from retrieval.indexing.manifest import Manifest
from retrieval.indexing.vectors.codes import Rows
from retrieval.indexing.vectors.index import ScriptMeans
from retrieval.records import Article, Category, Filter

_Generation = TypeVar("_Generation", bound="Generation")


@dataclass(frozen=True, slots=True)
class Sought:
    """What passages are nominated by, and how many by each."""

    weights: Mapping[str, float]
    """What each of the question's tokens counts."""
    vector: Vectors
    """(d,) the question's vector."""
    by_words: int
    by_passages: int
    by_sentences: int
    """Sentences, whose passages are nominated."""
    where: Filter


@dataclass(frozen=True, slots=True)
class Material:
    """What n passages are scored by."""

    terms: Terms
    scripts: NDArray[np.uint8]
    """(n,) see indexing.scripts."""
    passages: Vectors
    """(n, d) their own vectors."""
    sentences: NDArray[np.float32]
    """(m,) inner products with the question of the first passage's sentences, then of the second's, and so on."""
    counts: NDArray[np.int64]
    """(n,) how many sentences each passage has."""

    @classmethod
    def none(cls, dimension: int) -> Material:
        """That of no passages."""
        none = np.empty(0, dtype=np.float32)
        numbers = np.empty(0, dtype=np.int64)
        terms = Terms(np.empty(0, dtype=np.uint16), numbers, none)
        return cls(terms, np.empty(0, dtype=np.uint8), none.reshape(0, dimension), none, numbers)


class Generation(Protocol):
    """A generation opened for reading, which never changes; may be used from several threads.

    Passages and articles go by their numbers. Every method may raise UnusableIndex.
    """

    @property
    def manifest(self) -> Manifest:
        """What the generation is."""
        ...

    @property
    def means(self) -> ScriptMeans:
        """Mean vectors of its sentences by script."""
        ...

    def frequencies(self, tokens: Iterable[str]) -> Mapping[str, int]:
        """How many passages hold each of `tokens`."""
        ...

    def nominate(self, sought: Sought) -> Rows:
        """(n,) numbers, ascending, of the passages worth scoring."""
        ...

    def material(self, rows: Rows, vector: Vectors) -> Material:
        """What the passages in (n,) `rows`, n > 0, are scored by, for a question whose vector is (d,)."""
        ...

    def passages(self, numbers: Sequence[int]) -> Mapping[int, StoredPassage]:
        """Passages by their numbers."""
        ...

    def passages_of(self, article: int) -> Sequence[StoredPassage]:
        """The passages of an article in reading order."""
        ...

    def articles(self, numbers: Iterable[int]) -> Mapping[int, Article]:
        """Articles by their numbers."""
        ...

    def same_as(self, numbers: Iterable[int]) -> Mapping[int, list[int]]:
        """Numbers of the articles with the same text as those given, by whose passages stand for theirs."""
        ...

    def latest(self, count: int, where: Filter) -> list[Article]:
        """The newest `count` articles that meet `where`, newest first; those without a date last."""
        ...

    def categories(self) -> list[Category]:
        """All categories, those of most articles first."""
        ...

    def texts_of(self, path: str) -> list[str]:
        """Texts of an article's passages in reading order; none for an article that is not there."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """What fails inside for a fault of the generation's fails as UnusableIndex."""
        ...

    def check(self) -> None:
        """Raise DamagedIndex if the generation turned out to be damaged meanwhile."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared, and found to be as it was written."""

    generation: str
    counts: Mapping[str, int]
    """How much of what."""
    text: str
    """The same in words."""


class Engine(Protocol):
    """Where an index is kept."""

    @property
    def address(self) -> Address:
        """The folder, or the address of a server's collection."""
        ...

    def live_name(self) -> str:
        """Name of the live generation. Raises UnusableIndex, and NoIndex where there is none."""
        ...

    def open(self) -> Generation:
        """The generation that is live once it is open. Raises UnusableIndex, and NoIndex where there is none."""
        ...

    def verify(self) -> Verified:
        """Compare the live generation with what was written. Raises UnusableIndex, DamagedIndex where it differs."""
        ...

    def close(self) -> None:
        """Let go of it, and of what it has opened."""
        ...


def open_live(live_name: Callable[[], str], open_named: Callable[[str], _Generation]) -> _Generation:
    """The generation that is live once it is open, by its name. Raises as both do."""
    name = live_name()
    while True:
        try:
            return open_named(name)
        except DamagedIndex:
            # Rebuilds may have gone on meanwhile, and removed what was live a moment ago.
            if name == (name := live_name()):
                raise
