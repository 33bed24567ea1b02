"""Centroids: what the partitions of a collection lie around, found by k-means among some of its rows."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.indexing.vectors.codes import Codes

_SAMPLE = 64
"""Rows a centroid is found from."""
_STEP = 16_384
"""Rows that are vectors at a time: 25 MB of them."""
_ROUNDS = 10
"""Rounds of k-means."""


def drawn(codes: Codes, count: int, file: Path) -> faiss.Index:
    """An index of `count` partitions with nothing in them, around centroids of the rows; `file` holds a sample."""
    centroids = _centroids(codes, count, _sample(codes, min(len(codes), _SAMPLE * count), file))
    # All centroids are compared: a graph of them (HNSW) leads to some of the partitions only, however many are probed.
    kind = f"RR{codes.dimension},IVF{count},RaBitQfs"
    partitions = faiss.index_factory(codes.dimension, kind, faiss.METRIC_INNER_PRODUCT)
    rotation = partitions.chain.at(0)
    rotation.train(centroids)
    faiss.extract_index_ivf(partitions).quantizer.add(rotation.apply(centroids))
    # As the centroids are there, only what is left is learnt.
    partitions.train(centroids)
    return partitions


def _sample(codes: Codes, count: int, file: Path) -> NDArray[np.uint8]:
    """(count, s) codes of rows, one of each stretch, in a file, mapped."""
    rows = ((np.arange(count) + np.random.default_rng(0).random(count)) * (len(codes) / count)).astype(np.int64)
    with file.open("wb") as stream:
        for at in range(0, count, _STEP):
            stream.write(codes.codes(rows[at : at + _STEP]).tobytes())
    return np.memmap(file, np.uint8, "r", shape=(count, codes.index.code_size))


def _centroids(codes: Codes, count: int, sample: NDArray[np.uint8]) -> Vectors:
    """(count, d) centroids that k-means finds of codes, of which only some are vectors at a time."""
    clustering = faiss.Clustering(codes.dimension, count)
    clustering.niter, clustering.spherical, clustering.decode_block_size = _ROUNDS, True, _STEP
    clustering.train_encoded(sample, codes.index, faiss.IndexFlatIP(codes.dimension))
    return np.asarray(faiss.vector_to_array(clustering.centroids).reshape(count, -1), dtype=np.float32)
