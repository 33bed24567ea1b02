"""Candidates: the few hundred passages worth scoring exactly, and their exact scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embeddings.encoder import Vectors
from retrieval.indexing.vectors import Rows
from retrieval.records import Filter
from retrieval.searching import fusion
from retrieval.searching.fusion import Scores
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
    runs: str
    """The passage's folded runs, as lexical scoring reads them."""


def rank(
    snapshot: Snapshot, weighted: WeightedQuestion, vector: Vectors, wanted: int, where: Filter | None = None
) -> list[Candidate]:
    """Candidates for a question whose vector is (d,), best first; at least `wanted` where that many exist."""
    rows = _nominate(snapshot, weighted, vector, wanted, where)
    return _score(snapshot, weighted, vector, rows) if len(rows) else []


def _nominate(
    snapshot: Snapshot, weighted: WeightedQuestion, vector: Vectors, wanted: int, where: Filter | None
) -> Rows:
    allowed = None if where is None or where == Filter() else snapshot.catalogue.allowed(where)
    by_words = snapshot.lexical.candidates(weighted.weights, max(LEXICAL, wanted), where)
    vectors = snapshot.vectors
    nominated = [
        np.array(by_words, dtype=np.int64),
        vectors.nearest_passages(vector, max(PASSAGES, wanted), allowed),
        vectors.passages_of_nearest_sentences(vector, max(SENTENCES, wanted), allowed),
    ]
    return np.unique(np.concatenate(nominated))


def _score(snapshot: Snapshot, weighted: WeightedQuestion, vector: Vectors, rows: Rows) -> list[Candidate]:
    vectors = snapshot.vectors
    sentence_rows, counts = vectors.sentence_rows(rows)
    sentences = fusion.cosines(vectors.sentence_vectors(sentence_rows), vector)
    dense = fusion.dense_scores(fusion.cosines(vectors.passage_vectors(rows), vector), sentences, counts)
    terms = snapshot.catalogue.terms(rows.tolist())
    found = [terms[row] for row in rows.tolist()]
    average = snapshot.average_length
    matched = np.array([fusion.bm25(each.runs, each.length, weighted.weights, average) for each in found])
    matched = (matched / max(weighted.mass, 1e-9)).astype(np.float32)
    scores = fusion.fuse(dense, matched)
    of_each = np.split(sentences, np.cumsum(counts)[:-1])
    return [
        Candidate(
            int(rows[at]),
            float(scores[at]),
            float(dense[at]),
            float(matched[at]),
            of_each[at],
            found[at].runs,
        )
        for at in np.argsort(-scores, kind="stable")
    ]
