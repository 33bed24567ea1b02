"""Partitions: rows of codes put where their neighbours are, so that a search need not compare them all.

    NAME.ivf    a FAISS index: a random rotation, and an IVF of one bit a component (RaBitQ: Gao and Long 2024,
                "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound")

It is written block by block: each block of rows is a part of its own, and the file is what the parts hold, list by
list, in the layout of FAISS's own array of inverted lists (faiss/impl/index_write.cpp): letters, the number of lists
and the bytes of a code, the sizes of the lists, then each list's codes and the row numbers they belong to.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors
from retrieval.errors import DamagedIndex
from retrieval.indexing.vectors.codes import Codes


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
    Partitioning(rows=100_000, lists=512, probes=128),
    Partitioning(rows=1_000_000, lists=2_048, probes=384),
    Partitioning(rows=5_000_000, lists=4_096, probes=768),
)
"""Below the first, all rows are compared. At a million passages half the probes find .97 of the best ten, these .99
(`python -m benchmarks.sizes`)."""
GROWTH = 1.5
"""Partitions are drawn anew once there are so many times the rows that they were drawn for."""
_SAMPLE = 64
"""Rows a partition is drawn from."""
_STEP = 16_384
"""Rows put into partitions at a time: 25 MB of them."""
_BLOCK = 262_144
"""Rows of a part: 16 MB of codes and row numbers, held three times while it is written."""
_ROUNDS = 10
"""Rounds of k-means."""


def partitioning(rows: int) -> Partitioning | None:
    """What PARTITIONS says of a number of rows; None where all are compared."""
    return next((each for each in reversed(PARTITIONS) if rows >= each.rows), None)


def read_partitions(codes: Codes) -> faiss.Index | None:
    """The partitions of the rows in a file of codes, mapped; None where it has none. Raises DamagedIndex."""
    file = _file_of(codes.file)
    if not file.is_file():
        return None
    try:
        partitions = _mapped(file)
    except RuntimeError as exc:
        raise DamagedIndex(file.parent, f"{file.name} cannot be read") from exc
    if partitions.ntotal != len(codes):
        raise DamagedIndex(file.parent, f"{file.name} holds {partitions.ntotal} rows, not {len(codes)}")
    return partitions


def write_partitions(file: Path, original: Path | None = None) -> None:
    """Partition the rows of a file of codes, if they are many; those of `original`, its beginning, may be already."""
    codes = Codes(file)
    plan = partitioning(len(codes))
    if plan is None:
        return
    target, folder = _file_of(file), file.with_suffix(".parts")
    folder.mkdir()
    with _all_cores():
        kept = _kept(original, len(codes), plan)
        empty = _emptied(_file_of(original)) if kept and original else _drawn(codes, plan, folder)
        parts = [*([kept] if kept else []), *_parts(codes, empty, kept.ntotal if kept else 0, folder)]
    with target.open("wb") as stream:
        _write(stream, empty, parts, len(codes))
    shutil.rmtree(folder)


def _file_of(codes: Path) -> Path:
    return codes.with_suffix(".ivf")


def _mapped(file: Path) -> faiss.Index:
    return faiss.read_index(str(file), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)


@contextmanager
def _all_cores() -> Iterator[None]:
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _kept(original: Path | None, rows: int, plan: Partitioning) -> faiss.Index | None:
    """The partitions of `original` where they still suit so many rows."""
    partitions = read_partitions(Codes(original)) if original else None
    if partitions is None or plan.lists != faiss.extract_index_ivf(partitions).nlist:
        return None
    return partitions if rows <= GROWTH * partitions.ntotal else None


def _emptied(file: Path) -> faiss.Index:
    """The partitions in a file, with nothing in them."""
    partitions = _mapped(file)
    inside = faiss.extract_index_ivf(partitions)
    lists = faiss.ArrayInvertedLists(inside.nlist, inside.code_size)
    lists.this.disown()
    inside.replace_invlists(lists, True)
    return _counting(partitions, 0)


def _drawn(codes: Codes, plan: Partitioning, folder: Path) -> faiss.Index:
    """Empty partitions around middles of the rows."""
    middles = _middles(codes, plan.lists, _sample(codes, plan, folder / "sample"))
    # All middles are compared: a graph of them (HNSW) leads to some of the partitions only, however many are probed.
    kind = f"RR{codes.dimension},IVF{plan.lists},RaBitQ"
    partitions = faiss.index_factory(codes.dimension, kind, faiss.METRIC_INNER_PRODUCT)
    rotation = partitions.chain.at(0)
    rotation.train(middles)
    faiss.extract_index_ivf(partitions).quantizer.add(rotation.apply(middles))
    # As the middles are there, only what is left is learnt.
    partitions.train(middles)
    return partitions


def _sample(codes: Codes, plan: Partitioning, file: Path) -> NDArray[np.uint8]:
    """(n, s) codes of rows, one of each stretch, in a file, mapped."""
    count = min(len(codes), _SAMPLE * plan.lists)
    rows = ((np.arange(count) + np.random.default_rng(0).random(count)) * (len(codes) / count)).astype(np.int64)
    with file.open("wb") as stream:
        for at in range(0, count, _STEP):
            stream.write(codes.codes(rows[at : at + _STEP]).tobytes())
    return np.memmap(file, np.uint8, "r", shape=(count, codes.index.code_size))


def _middles(codes: Codes, count: int, sample: NDArray[np.uint8]) -> Vectors:
    """(count, d) middles that k-means finds of codes, of which only some are vectors at a time."""
    clustering = faiss.Clustering(codes.dimension, count)
    clustering.niter, clustering.spherical, clustering.decode_block_size = _ROUNDS, True, _STEP
    clustering.train_encoded(sample, codes.index, faiss.IndexFlatIP(codes.dimension))
    return np.asarray(faiss.vector_to_array(clustering.centroids).reshape(count, -1), dtype=np.float32)


def _parts(codes: Codes, empty: faiss.Index, first: int, folder: Path) -> Iterator[faiss.Index]:
    """The rows from `first` on in partitions, a block at a time, each in a file of its own, mapped."""
    trained = faiss.serialize_index(empty)
    for start in range(first, len(codes), _BLOCK):
        part = faiss.deserialize_index(trained)
        stop = min(start + _BLOCK, len(codes))
        for at in range(start, stop, _STEP):
            rows = np.arange(at, min(at + _STEP, stop))
            part.add_with_ids(codes.vectors(rows), rows)
        # Not by FAISS, which does not raise where the disk is full when it closes a file.
        (folder / str(start)).write_bytes(faiss.serialize_index(part))
        yield _mapped(folder / str(start))


def _write(stream: BinaryIO, empty: faiss.Index, parts: Sequence[faiss.Index], rows: int) -> None:
    """Write an index that holds what `parts` hold; `empty` is the same with nothing in it."""
    lists = [faiss.extract_index_ivf(part).invlists for part in parts]
    count, size = lists[0].nlist, lists[0].code_size
    header = faiss.serialize_index(_counting(empty, rows)).tobytes()
    stream.write(header[: header.rindex(b"ilar")])
    stream.write(b"ilar" + np.array([count, size], "<u8").tobytes() + b"full" + np.uint64(count).tobytes())
    stream.write(np.array([sum(each.list_size(at) for each in lists) for at in range(count)], "<u8").tobytes())
    for at in range(count):
        there = [(each, each.list_size(at)) for each in lists if each.list_size(at)]
        for each, length in there:
            stream.write(faiss.rev_swig_ptr(each.get_codes(at), length * size).tobytes())
        for each, length in there:
            stream.write(faiss.rev_swig_ptr(each.get_ids(at), length).tobytes())


def _counting(partitions: faiss.Index, rows: int) -> faiss.Index:
    """Partitions that say they hold so many rows."""
    partitions.ntotal = faiss.extract_index_ivf(partitions).ntotal = rows
    return partitions
