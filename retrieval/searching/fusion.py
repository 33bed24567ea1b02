"""Fusion: one score for a passage out of what the vectors say and what the words say.

The recipe, measured on DRCD's development set: a convex combination beats reciprocal ranks (Bruch, Gai, Ingber
2022, "An Analysis of Fusion Functions for Hybrid Retrieval"), and dividing BM25 by the question's whole mass needs
no statistics of the other candidates: what the lexicon does not know shrinks the lexical part by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.indexing.bm25 import K1, B
from retrieval.indexing.forward import Terms
from retrieval.searching.occurrences import occurrences

Scores = NDArray[np.float32]
"""(n,) float32, higher is better."""
Patterns: TypeAlias = Sequence[tuple[str, float]]
"""What to count in a passage's runs, and what each is worth."""

BEST_SENTENCE, WHOLE_PASSAGE = 0.65, 0.35
"""Shares of the best sentence and of the whole passage in the dense score."""
DENSE, LEXICAL = 0.65, 0.35
"""Shares of the dense and the lexical score."""
ALIGNED = 0.4
"""Share of the alignment of tokens, across languages only: from .3 to .5 about as many are found."""
DENSE_FLOOR = 0.7
"""Cosine that this family of models gives to texts that have nothing in common."""


def dense_scores(passages: Scores, sentences: Scores, counts: NDArray[np.int64]) -> Scores:
    """(n,) dense scores from cosines.

    `passages` is (n,), `sentences` holds all sentences of the n passages in a row, `counts` (n,) how many each has.
    """
    best = np.maximum.reduceat(sentences, np.cumsum(counts) - counts)
    return np.asarray(BEST_SENTENCE * best + WHOLE_PASSAGE * passages, dtype=np.float32)


def cosines(vectors: Vectors, question: Vectors) -> Scores:
    """(n,) inner products of (n, d) unit vectors with a (d,) unit vector."""
    # Not `@`: for a product this small, BLAS spends its time on waking threads, tens of times as much when busy.
    return np.asarray(np.einsum("nd,d->n", vectors, question), dtype=np.float32)


def bm25(terms: Terms, patterns: Patterns, average_length: float) -> Scores:
    """(n,) BM25 in Lucene's form (without the constant k1 + 1) of n passages: sum of weight * tf / (tf + norm)."""
    if not patterns:
        return np.zeros(len(terms.ends), dtype=np.float32)
    counts = occurrences(terms, [pattern for pattern, _ in patterns])
    norm = K1 * (1 - B + B * terms.lengths / average_length)
    weights = np.array([weight for _, weight in patterns])
    return np.asarray(weights @ (counts / (counts + norm)), dtype=np.float32)


def matched_weight(runs: str, patterns: Patterns) -> float:
    """Sum of the weights of the patterns that occur in `runs`."""
    return sum(weight for pattern, weight in patterns if pattern in runs)


def fuse(dense: Scores, matched: Scores) -> Scores:
    """(n,) fused scores from dense scores and from BM25 as a share of the question's mass."""
    return DENSE * (dense - DENSE_FLOOR) / (1 - DENSE_FLOOR) + LEXICAL * matched


def fuse_aligned(scores: Scores, aligned: Scores) -> Scores:
    """(n,) fused scores from fused scores and from how well tokens are aligned."""
    return np.asarray((1 - ALIGNED) * scores + ALIGNED * aligned, dtype=np.float32)
