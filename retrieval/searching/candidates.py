"""Candidates: the few hundred passages worth scoring exactly, and their exact scores."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from embeddings.encoder import Vectors
from retrieval.indexing.engine import Sought
from retrieval.indexing.forward import Terms
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
    _terms: Terms = field(repr=False)
    _at: int

    @property
    def runs(self) -> str:
        """The passage's folded runs, as lexical scoring reads them."""
        return self._terms.runs(self._at)


def rank(
    snapshot: Snapshot, weighted: WeightedQuestion, vector: Vectors, wanted: int, where: Filter | None = None
) -> list[Candidate]:
    """Candidates for a question whose vector is (d,), best first; at least `wanted` where that many exist."""
    generation = snapshot.generation
    question = languages.neutral(vector, weighted.script, generation.means, snapshot.languages)
    rows = generation.nominate(
        Sought(
            weighted.weights,
            question.vector,
            by_words=max(LEXICAL, wanted),
            by_passages=max(PASSAGES, wanted),
            by_sentences=max(SENTENCES, wanted),
            where=where or Filter(),
        )
    )
    return _score(snapshot, weighted, question, rows) if len(rows) else []


def _score(snapshot: Snapshot, weighted: WeightedQuestion, question: NeutralQuestion, rows: Rows) -> list[Candidate]:
    found = snapshot.generation.material(rows, question.vector)
    sentences = found.sentences + question.offset
    passages = fusion.cosines(found.passages, question.vector) + question.offset
    dense = fusion.dense_scores(passages, sentences, found.counts)
    matched = fusion.bm25(found.terms, weighted.patterns, snapshot.average_length)
    matched /= np.float32(max(weighted.mass, 1e-9))
    scores = fusion.fuse(dense, matched + languages.chance(found.scripts, weighted.script))
    ends = np.cumsum(found.counts)
    return [
        Candidate(
            passage=int(rows[at]),
            score=float(scores[at]),
            dense=float(dense[at]),
            matched=float(matched[at]),
            sentences=sentences[ends[at] - found.counts[at] : ends[at]],
            vector=found.passages[at],
            _terms=found.terms,
            _at=int(at),
        )
        for at in np.argsort(-scores, kind="stable")
    ]
