"""Candidates: the few hundred passages worth scoring exactly, and their exact scores."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from embeddings.encoder import Vectors
from retrieval.indexing.forward import Terms
from retrieval.indexing.vectors.codes import Rows
from retrieval.indexing.vectors.nearest import Mask
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
    question = languages.neutral(vector, weighted.script, snapshot.vectors.means, snapshot.languages)
    rows = _nominate(snapshot, weighted, question.vector, wanted, where)
    return _score(snapshot, weighted, question, rows) if len(rows) else []


def _nominate(
    snapshot: Snapshot, weighted: WeightedQuestion, vector: Vectors, wanted: int, where: Filter | None
) -> Rows:
    allowed = _allowed(snapshot, where)
    nominated = [
        np.array(snapshot.lexical.candidates(weighted.weights, max(LEXICAL, wanted), where), dtype=np.int64),
        snapshot.vectors.nearest_passages(vector, max(PASSAGES, wanted), allowed),
        snapshot.vectors.passages_of_nearest_sentences(vector, max(SENTENCES, wanted), allowed),
    ]
    return np.unique(np.concatenate(nominated))


def _allowed(snapshot: Snapshot, where: Filter | None) -> Mask | None:
    if where is None or where == Filter():
        return None
    mask = np.zeros(len(snapshot.vectors), dtype=np.bool_)
    mask[snapshot.catalogue.allowed(where)] = True
    return mask


def _score(snapshot: Snapshot, weighted: WeightedQuestion, question: NeutralQuestion, rows: Rows) -> list[Candidate]:
    vectors = snapshot.vectors
    sentence_rows, counts = vectors.sentence_rows(rows)
    sentences = vectors.sentence_products(sentence_rows, question.vector) + question.offset
    whole = vectors.passage_vectors(rows)
    passages = fusion.cosines(whole, question.vector) + question.offset
    dense = fusion.dense_scores(passages, sentences, counts)
    terms = snapshot.forward.terms(rows)
    matched = fusion.bm25(terms, weighted.patterns, snapshot.average_length) / np.float32(max(weighted.mass, 1e-9))
    scores = fusion.fuse(dense, matched + languages.chance(vectors.scripts[rows], weighted.script))
    ends = np.cumsum(counts)
    return [
        Candidate(
            passage=int(rows[at]),
            score=float(scores[at]),
            dense=float(dense[at]),
            matched=float(matched[at]),
            sentences=sentences[ends[at] - counts[at] : ends[at]],
            vector=whole[at],
            _terms=terms,
            _at=int(at),
        )
        for at in np.argsort(-scores, kind="stable")
    ]
