"""The rows nearest to a vector: exactly where that is fast, else among the partitions that lie nearest to it.

The choice by size is the table PARTITIONS. A partitioned search compares one bit a component (RaBitQ: Gao and Long
2024, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound") in the nearest partitions, and
then ranks the best of what it found by their whole codes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex
from retrieval.indexing.vectors.codes import Codes, Rows

Mask = NDArray[np.bool_]
"""(rows,) bool: which rows may be found."""


@dataclass(frozen=True, slots=True)
class Partitioning:
    """How many rows are partitioned."""

    rows: int
    """From this many on."""
    lists: int
    """Partitions."""
    probes: int
    """Partitions that a search looks into."""


PARTITIONS: tuple[Partitioning, ...] = (
    Partitioning(rows=100_000, lists=512, probes=64),
    Partitioning(rows=1_000_000, lists=2_048, probes=192),
    Partitioning(rows=5_000_000, lists=4_096, probes=384),
)
"""Below the first, all rows are compared. Measured by `python -m benchmarks.sizes`."""
REFINED = 5
"""Rows ranked by their whole codes for each that is asked for: one bit a component is a coarse measure."""
GROWTH = 1.5
"""Partitions are drawn anew once there are so many times the rows that they were drawn for."""
_SAMPLE = 64
"""Rows a partition is drawn from."""
_BLOCK = 16_384
"""Rows put into partitions at a time: 25 MB of them."""

# One question's search is over before a second thread is awake; waiting for that takes 20 times as long when busy.
faiss.omp_set_num_threads(1)


def partitioning(rows: int) -> Partitioning | None:
    """What PARTITIONS says of a number of rows; None where all are compared."""
    return next((each for each in reversed(PARTITIONS) if rows >= each.rows), None)


def _file_of(codes: Path) -> Path:
    return codes.with_suffix(".ivf")


def write_partitions(codes: Path, original: Path | None = None) -> None:
    """Partition the rows of a file of codes, if they are many; those of `original`, its beginning, may be already."""
    rows = Codes(codes)
    plan = partitioning(len(rows))
    if plan is None:
        return
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        partitions = _kept(original, len(rows)) or _drawn(rows, plan)
        for first in range(partitions.ntotal, len(rows), _BLOCK):
            partitions.add(rows.vectors(np.arange(first, min(first + _BLOCK, len(rows)))))
    finally:
        faiss.omp_set_num_threads(threads)
    faiss.write_index(partitions, str(_file_of(codes)))


def _kept(original: Path | None, rows: int) -> faiss.Index | None:
    if original is None or not _file_of(original).is_file():
        return None
    partitions = faiss.read_index(str(_file_of(original)))
    plan = partitioning(rows)
    kept = plan is not None and plan.lists == faiss.extract_index_ivf(partitions).nlist
    return partitions if kept and rows <= GROWTH * partitions.ntotal else None


def _drawn(codes: Codes, plan: Partitioning) -> faiss.Index:
    """Empty partitions, drawn by k-means from a sample of the rows."""
    sample = np.random.default_rng(0).choice(len(codes), min(len(codes), _SAMPLE * plan.lists), replace=False)
    d = codes.dimension
    partitions = faiss.index_factory(d, f"RR{d},IVF{plan.lists}_HNSW,RaBitQ", faiss.METRIC_INNER_PRODUCT)
    faiss.extract_index_ivf(partitions).cp.niter = 10
    partitions.train(codes.vectors(np.sort(sample)))
    return partitions


class Nearest:
    """Searches a file of codes, in its partitions where it has them. Raises DamagedIndex."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._partitions = _read_partitions(codes.file, len(codes))

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


def _read_partitions(file: Path, rows: int) -> faiss.Index | None:
    if not _file_of(file).is_file():
        return None
    try:
        partitions = faiss.read_index(str(_file_of(file)), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    except RuntimeError as exc:
        raise DamagedIndex(file.parent, f"{_file_of(file).name} cannot be read") from exc
    if partitions.ntotal != rows:
        raise DamagedIndex(file.parent, f"{_file_of(file).name} holds {partitions.ntotal} rows, not {rows}")
    return partitions


def _few(allowed: Mask) -> bool:
    """Whether comparing all of them takes less than looking for them in partitions."""
    return int(allowed.sum()) < max(PARTITIONS[0].rows, len(allowed) // 50)


def _search(index: faiss.Index, vector: Vectors, limit: int, allowed: Mask | None, probes: int | None) -> Rows:
    # Kept alive by their names: FAISS holds bare pointers to the bits, to the selector and to the inner parameters.
    bits = None if allowed is None else np.packbits(allowed, bitorder="little")
    selector = None if bits is None else faiss.IDSelectorBitmap(bits)
    if probes is None:
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)
    else:
        inside = faiss.IVFRaBitQSearchParameters(nprobe=probes, sel=selector, qb=8)
        parameters = faiss.SearchParametersPreTransform(index_params=inside)
    _, rows = index.search(vector[np.newaxis, :], min(limit, index.ntotal), params=parameters)
    return np.asarray(rows[0][rows[0] >= 0], dtype=np.int64)
