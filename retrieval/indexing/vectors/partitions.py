"""Partitions: rows of codes put where their neighbours are, so that a search need not compare them all.

    NAME.ivf    a FAISS index with nothing in it: a random rotation, and an IVF of one bit a component (RaBitQ: Gao and
                Long 2024, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound"); then its
                lists, one behind the other, and the (lists,) uint64 lengths of these

A list is its codes, packed as FAISS scans 32 at a time in registers (FastScan: André, Kermarrec, Le Scouarnec 2017,
"Accelerated Nearest Neighbor Search with Quick ADC"), and the int64 numbers of the rows, both filled up to a multiple
of 32. FAISS itself keeps such lists in memory only; here they are mapped, as its lists on disk are.

The file is written part by part, each part a block of rows in the order of the lists, so that little is in memory.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.cores import core_count
from retrieval.errors import DamagedIndex
from retrieval.indexing import disk
from retrieval.indexing.vectors.centroids import drawn
from retrieval.indexing.vectors.codes import Codes, Rows
from retrieval.indexing.vectors.cores import cores


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
_STEP = 16_384
"""Rows put into partitions at a time: 25 MB of them."""
_BLOCK = 262_144
"""Rows of a part: 16 MB of codes and row numbers, held twice while it is written."""


def partitioning(rows: int) -> Partitioning | None:
    """What PARTITIONS says of a number of rows; None where all are compared."""
    return next((each for each in reversed(PARTITIONS) if rows >= each.rows), None)


def read_partitions(codes: Codes) -> faiss.Index | None:
    """The partitions of the rows in a file of codes, mapped; None where it has none. Raises DamagedIndex."""
    file = _file_of(codes.file)
    if not file.is_file():
        return None
    try:
        partitions = faiss.read_index(str(file))
        _fill(partitions, file)
    except (RuntimeError, OSError, ValueError) as exc:
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
    folder = file.with_suffix(".parts")
    folder.mkdir()
    with cores(core_count()):
        kept = _kept(original, len(codes), plan)
        empty = (
            faiss.read_index(str(_file_of(original)))
            if kept and original
            else drawn(codes, plan.lists, folder / "sample")
        )
        before: list[_Part] = [_Mapped(kept)] if kept else []
        after = list(_parts(codes, empty, kept.ntotal if kept else 0, folder))
    with _file_of(file).open("wb") as stream:
        _write(stream, empty, [*before, *after])
    shutil.rmtree(folder)


def _file_of(codes: Path) -> Path:
    return codes.with_suffix(".ivf")


def _fill(partitions: faiss.Index, file: Path) -> None:
    """Put the lists behind an index in a file into it, mapped."""
    inside = faiss.extract_index_ivf(partitions)
    packer = inside.get_CodePacker()
    size, count = file.stat().st_size, inside.nlist
    with file.open("rb") as stream:
        stream.seek(-8 * count, os.SEEK_END)
        lengths = np.frombuffer(stream.read(), "<u8").astype(np.int64)
    room = -(-lengths // packer.nvec) * packer.nvec
    ends = np.cumsum(room) * (packer.code_size + 8)
    first = size - 8 * count - int(ends[-1])
    if lengths.min() < 0 or first < 0:
        raise ValueError("the lists do not fit into the file")
    places = np.stack([lengths, room, first + np.concatenate([[0], ends[:-1]])], axis=1)
    lists = _on_disk(file, size, packer.code_size, places)
    # FAISS would start 32 threads for each search, to read beforehand what on the whole is in memory already.
    lists.prefetch_nthread = 0
    lists.this.disown()
    inside.replace_invlists(lists, True)
    partitions.ntotal = inside.ntotal = int(lengths.sum())


def _on_disk(file: Path, size: int, code_size: int, places: NDArray[np.int64]) -> faiss.OnDiskInvertedLists:
    """FAISS's lists on disk, as it reads them (faiss/invlists/OnDiskInvertedLists.cpp).

    Letters, the number of lists, the bytes of a code; vectors, each behind its length: of each list length, room and
    place, of free places, of the file's name; the file's size.
    """
    name = os.fsencode(file)
    numbers = [len(places), code_size, len(places), *places.ravel().tolist(), 0, len(name)]
    written = b"ilod" + np.array(numbers, "<u8").tobytes() + name + np.uint64(size).tobytes()
    reader = faiss.VectorIOReader()
    faiss.copy_array_to_vector(np.frombuffer(written, np.uint8), reader.data)
    return faiss.downcast_InvertedLists(faiss.read_InvertedLists(reader, faiss.IO_FLAG_READ_ONLY))


def _kept(original: Path | None, rows: int, plan: Partitioning) -> faiss.Index | None:
    """The partitions of `original` where they still suit so many rows."""
    partitions = read_partitions(Codes(original)) if original else None
    if partitions is None or plan.lists != faiss.extract_index_ivf(partitions).nlist:
        return None
    return partitions if rows <= GROWTH * partitions.ntotal else None


class _Part(Protocol):
    """Some rows in partitions."""

    def of(self, partition: int) -> tuple[NDArray[np.uint8], Rows]:
        """(n, s) codes, one bit a component, of a partition's rows, and (n,) their numbers."""
        ...


class _Mapped:
    """The rows that are in partitions already."""

    def __init__(self, partitions: faiss.Index) -> None:
        self._whole = partitions
        inside = faiss.extract_index_ivf(partitions)
        self._lists, self._packer = inside.invlists, inside.get_CodePacker()

    def of(self, partition: int) -> tuple[NDArray[np.uint8], Rows]:
        length, together = self._lists.list_size(partition), self._packer.nvec
        blocks = -(-length // together)
        codes = np.empty((blocks, together, self._packer.code_size), np.uint8)
        if not length:
            return codes.reshape(0, -1), np.empty(0, np.int64)
        packed = faiss.rev_swig_ptr(self._lists.get_codes(partition), codes.size).reshape(blocks, -1)
        for block, unpacked in zip(packed, codes, strict=True):
            self._packer.unpack_all(faiss.swig_ptr(block), faiss.swig_ptr(unpacked))
        rows = faiss.rev_swig_ptr(self._lists.get_ids(partition), length)
        return codes.reshape(-1, codes.shape[-1])[:length], rows


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A block of rows in the order of the partitions."""

    ends: Rows
    """(partitions + 1,) where each begins, and the last one ends."""
    codes: NDArray[np.uint8]
    rows: Rows

    def of(self, partition: int) -> tuple[NDArray[np.uint8], Rows]:
        there = slice(*self.ends[partition : partition + 2])
        return self.codes[there], self.rows[there]


def _parts(codes: Codes, empty: faiss.Index, first: int, folder: Path) -> Iterator[_Sorted]:
    """The rows from `first` on, a block at a time, in files of their own, mapped."""
    count = faiss.extract_index_ivf(empty).nlist
    for start in range(first, len(codes), _BLOCK):
        stop = min(start + _BLOCK, len(codes))
        steps = [_encoded(codes, empty, at, min(at + _STEP, stop)) for at in range(start, stop, _STEP)]
        chosen, bits = (np.concatenate(each) for each in zip(*steps, strict=True))
        order = np.argsort(chosen, kind="stable")
        ends = np.searchsorted(chosen[order], np.arange(count + 1))
        bits, rows = _saved(folder / f"{start}.bits", bits[order]), _saved(folder / f"{start}.rows", start + order)
        yield _Sorted(ends, bits, rows)


def _encoded(codes: Codes, empty: faiss.Index, start: int, stop: int) -> tuple[Rows, NDArray[np.uint8]]:
    """(n,) the partitions of the rows from `start` to `stop`, and (n, s) their codes of one bit a component."""
    inside = faiss.extract_index_ivf(empty)
    vectors = empty.chain.at(0).apply(codes.vectors(np.arange(start, stop)))
    chosen = inside.quantizer.assign(vectors, 1)[:, 0]
    bits = np.empty((stop - start, inside.code_size), np.uint8)
    inside.encode_vectors(len(vectors), *map(faiss.swig_ptr, (vectors, chosen, bits)))
    return chosen, bits


def _saved(file: Path, array: NDArray[Any]) -> NDArray[Any]:
    disk.save(file, array)
    mapped: NDArray[Any] = np.load(file, mmap_mode="r")
    return mapped


def _write(stream: BinaryIO, empty: faiss.Index, parts: Sequence[_Part]) -> None:
    """Write an index with nothing in it, and what `parts` hold."""
    inside = faiss.extract_index_ivf(empty)
    packer = inside.get_CodePacker()
    stream.write(faiss.serialize_index(empty).tobytes())
    lengths = []
    for partition in range(inside.nlist):
        codes, rows = (np.concatenate(each) for each in zip(*(part.of(partition) for part in parts), strict=True))
        lengths.append(len(rows))
        missing = -len(rows) % packer.nvec
        stream.write(_packed(np.pad(codes, ((0, missing), (0, 0))), packer).tobytes())
        stream.write(np.pad(rows, (0, missing)).tobytes())
    stream.write(np.array(lengths, "<u8").tobytes())


def _packed(codes: NDArray[np.uint8], packer: faiss.CodePacker) -> NDArray[np.uint8]:
    """(blocks, s) blocks of (n, s) codes, n a multiple of what a block holds."""
    unpacked = codes.reshape(-1, packer.nvec, packer.code_size)
    packed = np.zeros((len(unpacked), packer.block_size), np.uint8)
    for loose, block in zip(unpacked, packed, strict=True):
        packer.pack_all(faiss.swig_ptr(loose), faiss.swig_ptr(block))
    return packed
