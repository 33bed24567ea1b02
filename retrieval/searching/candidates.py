"""Candidates: the few hundred passages worth scoring exactly, and their exact scores."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from embeddings.encoder import Vectors
from retrieval.indexing.engine import Material, Sought
from retrieval.indexing.scripts import Script
from retrieval.indexing.vectors.codes import Rows
from retrieval.records import Filter
from retrieval.searching import fusion, languages
from retrieval.searching.fusion import Scores
from retrieval.searching.languages import NeutralQuestion
from retrieval.searching.question import WeightedQuestion
from retrieval.searching.snapshot import Snapshot

LEXICAL = 100
"""Passages that the words nominate."""
PASSAGES = 100
"""Passages that their own vectors nominate."""
SENTENCES = 300
"""Sentences whose passages are nominated: about a hundred passages."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its exact scores."""

    passage: int
    score: float
    dense: float
    matched: float
    """BM25 as a share of the question's mass."""
    sentences: Scores
    """Cosines of its sentences, in order."""
    vector: Vectors
    """(d,) the passage's own vector."""
    runs: str
    """The passage's folded runs, as lexical scoring reads them."""
    aligned: Vectors | None
    """(t,) how near each of the question's tokens comes to its own; None where they were not compared."""
    aligned_sentences: Scores | None = None
    """How near all of them come to each of its sentences, in order; None where they were not compared."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All n candidates, best first."""

    rows: Rows
    """(n,) their passages."""
    scores: Scores
    """(n,) fused scores."""
    dense: Scores
    """(n,) dense scores."""
    matched: Scores
    """(n,) BM25 as a share of the question's mass."""
    vectors: Vectors
    """(n, d) the passages' own vectors."""
    _order: Rows
    """(n,) where each one's share of `_material` is."""
    _sentences: Scores
    _material: Material
    aligned: Vectors | None = None
    """(n, t) how near each of the question's tokens comes to each one's own; None where they were not compared."""
    whole: bool = False
    """Whether they were chosen from all passages that may be found, so that ranking more would find no others."""

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, at: int) -> Candidate:
        found = self._order[at]
        end = int(self._material.counts[: found + 1].sum())
        return Candidate(
            passage=int(self.rows[at]),
            score=float(self.scores[at]),
            dense=float(self.dense[at]),
            matched=float(self.matched[at]),
            sentences=self._sentences[end - self._material.counts[found] : end],
            vector=self.vectors[at],
            runs=self.runs(at),
            aligned=None if self.aligned is None else self.aligned[at],
        )

    def runs(self, at: int) -> str:
        """The folded runs of one of them."""
        return self._material.terms.runs(int(self._order[at]))

    def aligned_by(self, first: Vectors) -> Ranking:
        """The same, best first again with (m, t) alignments of the first; the others count as the worst of these."""
        worst = first[first.sum(axis=1).argmin()]
        aligned = np.concatenate([first, np.tile(worst, (len(self) - len(first), 1))])
        scores = fusion.fuse_aligned(self.scores, aligned.sum(axis=1))
        order = np.argsort(-scores, kind="stable")
        return replace(self, scores=scores, aligned=aligned)._picked(order)

    def in_other_scripts(self, script: Script) -> Ranking:
        """The same without what is written in `script`."""
        return self._picked(np.flatnonzero(self._material.scripts[self._order] != script))

    def _picked(self, places: Rows) -> Ranking:
        return replace(
            self,
            rows=self.rows[places],
            scores=self.scores[places],
            dense=self.dense[places],
            matched=self.matched[places],
            vectors=self.vectors[places],
            aligned=None if self.aligned is None else self.aligned[places],
            _order=self._order[places],
        )


def rank(
    snapshot: Snapshot, weighted: WeightedQuestion, question: NeutralQuestion, wanted: int, where: Filter | None = None
) -> Ranking:
    """Candidates for a question; at least `wanted` where that many exist."""
    generation = snapshot.generation
    nearest = max(PASSAGES, wanted)
    rows = generation.nominate(
        Sought(
            weighted.weights,
            question.vector,
            by_words=max(LEXICAL, wanted),
            by_passages=nearest,
            by_sentences=max(SENTENCES, wanted),
            where=where or Filter(),
        )
    )
    # Where there are more, as many are found as are asked for.
    whole = len(rows) < nearest or len(rows) == generation.manifest.passages
    return replace(_score(snapshot, weighted, question, rows), whole=whole)


def _score(snapshot: Snapshot, weighted: WeightedQuestion, question: NeutralQuestion, rows: Rows) -> Ranking:
    generation = snapshot.generation
    found = generation.material(rows, question.vector) if len(rows) else Material.none(len(question.vector))
    sentences = found.sentences + question.offset
    passages = fusion.cosines(found.passages, question.vector) + question.offset
    dense = fusion.dense_scores(passages, sentences, found.counts)
    matched = fusion.bm25(found.terms, weighted.patterns, snapshot.average_length)
    matched /= np.float32(max(weighted.mass, 1e-9))
    scores = fusion.fuse(dense, matched + languages.chance(found.scripts, weighted.script))
    order = np.argsort(-scores, kind="stable")
    return Ranking(
        rows[order], scores[order], dense[order], matched[order], found.passages[order], order, sentences, found
    )
