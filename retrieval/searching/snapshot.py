"""A snapshot: one generation of the index, opened for reading, and what searching derives from it once."""

from __future__ import annotations

from dataclasses import dataclass

from embeddings.encoder import Vectors
from retrieval.indexing.engine import Engine, Generation
from retrieval.searching import languages


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A generation, which never changes."""

    generation: Generation
    languages: Vectors
    """(r, d) directions that tell the collection's languages apart."""

    @property
    def name(self) -> str:
        """The generation's name."""
        return self.generation.manifest.name

    @property
    def average_length(self) -> float:
        """Mean number of tokens a passage has."""
        manifest = self.generation.manifest
        return max(1.0, manifest.total_length / max(1, manifest.passages))


def open_snapshot(engine: Engine) -> Snapshot:
    """The live generation, whichever that is once it is open. Raises UnusableIndex."""
    generation = engine.open()
    return Snapshot(generation, languages.directions(generation.means))
