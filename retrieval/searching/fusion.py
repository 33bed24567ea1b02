"""Fusion: one score for a passage out of what the vectors say and what the words say.

The recipe, measured on DRCD's development set: a convex combination beats reciprocal ranks (Bruch, Gai, Ingber
2022, "An Analysis of Fusion Functions for Hybrid Retrieval"), and dividing BM25 by the question's whole mass needs
no statistics of the other candidates: what the lexicon does not know shrinks the lexical part by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.indexing.analysis import is_continuous

Scores = NDArray[np.float32]
"""(n,) float32, higher is better."""

BEST_SENTENCE, WHOLE_PASSAGE = 0.65, 0.35
"""Shares of the best sentence and of the whole passage in the dense score."""
DENSE, LEXICAL = 0.65, 0.35
"""Shares of the dense and the lexical score."""
DENSE_FLOOR = 0.7
"""Cosine that this family of models gives to texts that have nothing in common."""
K1, B = 0.6, 0.75
"""BM25: how soon repetition saturates, and how much length counts."""


def dense_scores(passages: Scores, sentences: Scores, counts: NDArray[np.int64]) -> Scores:
    """(n,) dense scores from cosines.

    `passages` is (n,), `sentences` holds all sentences of the n passages in a row, `counts` (n,) how many each has.
    """
    best = np.maximum.reduceat(sentences, np.cumsum(counts) - counts)
    return np.asarray(BEST_SENTENCE * best + WHOLE_PASSAGE * passages, dtype=np.float32)


def cosines(vectors: Vectors, question: Vectors) -> Scores:
    """(n,) inner products of (n, d) unit vectors with a (d,) unit vector."""
    return np.asarray(vectors @ question, dtype=np.float32)


def bm25(runs: str, length: float, weights: Mapping[str, float], average_length: float) -> float:
    """BM25 in Lucene's form (without the constant k1 + 1) of one passage: sum of weight * tf / (tf + norm).

    `runs` is the passage's folded runs with a blank on either side of each.
    """
    norm = K1 * (1 - B + B * length / average_length)
    counts = ((weight, _count(token, runs)) for token, weight in weights.items())
    return sum(weight * times / (times + norm) for weight, times in counts if times)


def matched_weight(runs: str, weights: Mapping[str, float]) -> float:
    """Sum of the weights of the tokens that occur in `runs`."""
    return sum(weight for token, weight in weights.items() if _count(token, runs))


def _count(token: str, runs: str) -> int:
    """How often the token occurs; pairs that overlap themselves, as in 哈哈哈, count once less."""
    return runs.count(token if is_continuous(token) else f" {token} ")


def fuse(dense: Scores, matched: Scores) -> Scores:
    """(n,) fused scores from dense scores and from BM25 as a share of the question's mass."""
    return DENSE * (dense - DENSE_FLOOR) / (1 - DENSE_FLOOR) + LEXICAL * matched
