"""The rows nearest to a vector: exactly where that is fast, else among the partitions that lie nearest to it.

A partitioned search compares one bit a component in the nearest partitions (`partitions`), and then ranks the best of
what it found by their whole codes.
"""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.indexing.vectors import partitions
from retrieval.indexing.vectors.codes import Codes, Rows
from retrieval.indexing.vectors.cores import cores
from retrieval.indexing.vectors.partitions import partitioning, read_partitions

Mask = NDArray[np.bool_]
"""(rows,) bool: which rows may be found."""
REFINED = 5
"""Rows ranked by their whole codes for each that is asked for: one bit a component is a coarse measure."""
BITS = 4
"""Bits a component of the question: eight find no more, and take a fifth longer."""


class Nearest:
    """Searches a file of codes, in its partitions where it has them. Raises DamagedIndex."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._partitions = read_partitions(codes)

    def search(self, vector: Vectors, limit: int, allowed: Mask | None = None) -> Rows:
        """The `limit` rows nearest to a (d,) vector, best first; only `allowed` ones, where given."""
        limit = min(limit, len(self._codes) if allowed is None else int(allowed.sum()))
        if limit < 1:
            return np.empty(0, dtype=np.int64)
        plan = partitioning(len(self._codes))
        if plan is None or self._partitions is None or (allowed is not None and _few(allowed)):
            return _search(self._codes.index, vector, limit, allowed, None)
        found = _search(self._partitions, vector, REFINED * limit, allowed, plan.probes)
        return found[np.argsort(-self._codes.products(found, vector), kind="stable")[:limit]]


def _few(allowed: Mask) -> bool:
    """Whether comparing all of them takes less than looking for them in partitions."""
    return int(allowed.sum()) < max(partitions.PARTITIONS[0].rows, len(allowed) // 50)


def _search(index: faiss.Index, vector: Vectors, limit: int, allowed: Mask | None, probes: int | None) -> Rows:
    # Kept alive by their names: FAISS holds bare pointers to the bits, to the selector and to the inner parameters.
    bits = None if allowed is None else np.packbits(allowed, bitorder="little")
    selector = None if bits is None else faiss.IDSelectorBitmap(bits)
    if probes is None:
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)
    else:
        inside = faiss.IVFRaBitQSearchParameters(nprobe=probes, sel=selector, qb=BITS)
        parameters = faiss.SearchParametersPreTransform(index_params=inside)
    # One question's search is over before a second core is awake; waiting for that takes 20 times as long when busy.
    with cores(1):
        _, rows = index.search(vector[np.newaxis, :], min(limit, index.ntotal), params=parameters)
    return np.asarray(rows[0][rows[0] >= 0], dtype=np.int64)
