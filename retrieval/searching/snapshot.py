"""A snapshot: one generation of the index, opened for reading."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex
from retrieval.indexing import generations
from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.forward import ForwardIndex
from retrieval.indexing.generations import Manifest
from retrieval.indexing.lexical import LexicalIndex
from retrieval.indexing.vectors.index import VectorIndex
from retrieval.searching import languages
from retrieval.searching.inspection import Inspection


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The parts of a generation, which never change."""

    manifest: Manifest
    catalogue: Catalogue
    lexical: LexicalIndex
    forward: ForwardIndex
    vectors: VectorIndex
    languages: Vectors
    """(r, d) directions that tell the collection's languages apart."""
    inspection: Inspection

    @property
    def average_length(self) -> float:
        """Mean number of tokens a passage has."""
        return max(1.0, self.manifest.total_length / max(1, self.manifest.passages))


def open_snapshot(index: Path) -> Snapshot:
    """The live generation of `index`, whichever that is once it is open. Raises NoIndex, WrongFormat, DamagedIndex."""
    name = generations.live_name(index)
    while True:
        try:
            return _open(index, name)
        except DamagedIndex:
            # Rebuilds may have gone on meanwhile, and removed what was live a moment ago.
            if name == (name := generations.live_name(index)):
                raise


def _open(index: Path, name: str) -> Snapshot:
    manifest = generations.load_manifest(index, name)
    folder = generations.folder_of(index, name)
    inspection = Inspection(index, manifest)
    with inspection.blamed():
        try:
            lexical = LexicalIndex(folder / "lexical")
        except (ValueError, OSError) as exc:
            raise DamagedIndex(index, f"lexical cannot be read ({str(exc)[:120]})") from exc
        vectors = VectorIndex(folder)
        catalogue = Catalogue(folder / "catalogue.sqlite")
        forward = ForwardIndex(folder)
        return Snapshot(manifest, catalogue, lexical, forward, vectors, languages.directions(vectors.means), inspection)
