"""Candidates: the few hundred passages worth scoring exactly, and their exact scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.encoder import Vectors
from retrieval.indexing.catalogue.stored import Terms
from retrieval.indexing.engine import Sought
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
    found = snapshot.generation.material(rows)
    sentences = fusion.cosines(found.sentences, question.vector) + question.offset
    passages = fusion.cosines(found.passages, question.vector) + question.offset
    dense = fusion.dense_scores(passages, sentences, found.counts)
    matched = _matched(found.terms, weighted, snapshot.average_length)
    scores = fusion.fuse(dense, matched + languages.chance(found.scripts, weighted.script))
    of_each = np.split(sentences, np.cumsum(found.counts)[:-1])
    return [
        Candidate(
            passage=int(rows[at]),
            score=float(scores[at]),
            dense=float(dense[at]),
            matched=float(matched[at]),
            sentences=of_each[at],
            vector=found.passages[at],
            runs=found.terms[at].runs,
        )
        for at in np.argsort(-scores, kind="stable")
    ]


def _matched(terms: Sequence[Terms], weighted: WeightedQuestion, average: float) -> Scores:
    """(n,) BM25 of passages as a share of the question's mass."""
    raw = fusion.bm25([each.runs for each in terms], [each.length for each in terms], weighted.patterns, average)
    return np.asarray(raw / max(weighted.mass, 1e-9), dtype=np.float32)
