"""Packing: records, texts, hashes and vectors in the forms that Milvus keeps.

A vector is kept twice: as Milvus's own field, by which it is found, and as a code, by which it is scored. A code has
a byte a component, and a scale of 16 bits for each 32 of them, so that one large component spoils only its
neighbours; what it stands for is encoded to the same code again, so that vectors may be taken over by generation after
generation and stay what they are. On sentences of DRCD the cosines of the default model are off by .0002.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors, encodable
from retrieval.indexing.analysis import fold
from retrieval.records import Filter

PIECE = 16_000
"""Characters of a piece: at most 64,000 bytes."""
NO_DAY = -1
MARKS = 4_000
"""Most marks an article has; those of further categories are left out."""
_HALF = re.compile("[\ud800-\udfff]")
_BLOCK = 32
_LEAST = 1e-7
"""A scale of 16 bits above zero."""


def pack(record: object) -> list[str]:
    """A record as JSON, in pieces."""
    text = json.dumps(record, ensure_ascii=False)
    # Halves of surrogate pairs, which broken files leave behind, have no UTF-8 form.
    return pieces(_HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text))


def unpack(stored: Iterable[str]) -> Any:
    """What `pack` packed."""
    return json.loads("".join(stored))


def pieces(text: str) -> list[str]:
    """A text, in pieces."""
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def key_of(text: str) -> int:
    """63 bits of a text's hash."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


@lru_cache(maxsize=100_000)
def token_key(token: str) -> int:
    """What a token is known by."""
    return key_of(token)


def dimension_of(token: str) -> int:
    """A token's dimension in sparse vectors: 31 bits, so that among a million tokens 200 share theirs."""
    return token_key(token) & 0x7FFFFFFF


def marks(categories: Iterable[str], author: str | None, language: str | None) -> list[int]:
    """What an article is filtered by."""
    found = [_mark("author", author), _mark("language", language), *(_mark("category", name) for name in categories)]
    return [mark for mark in dict.fromkeys(found) if mark is not None][:MARKS]


def _mark(kind: str, value: str | None) -> int | None:
    return None if value is None else key_of(f"{kind}:{fold(encodable(value))}")


def condition(where: Filter) -> str:
    """`where` as Milvus reads it; empty where everything is allowed."""
    wanted = marks([] if where.category is None else [where.category], where.author, where.language)
    conditions = [f"array_contains_all(marks, {wanted})"] if wanted else []
    if where.after is not None or where.before is not None:
        first = where.after.toordinal() if where.after else 0
        last = where.before.toordinal() if where.before else date.max.toordinal()
        conditions.append(f"day >= {first} and day <= {last}")
    return " and ".join(conditions)


def encode(vectors: Vectors) -> NDArray[np.uint8]:
    """(n, s) uint8 codes of (n, d) vectors: the scales of their blocks, then their components."""
    blocks = np.pad(vectors, ((0, 0), (0, -vectors.shape[1] % _BLOCK))).reshape(len(vectors), -1, _BLOCK)
    scales = np.maximum(np.abs(blocks).max(axis=2) / 127, _LEAST).astype("<f2")
    components = np.rint(blocks / scales[:, :, np.newaxis].astype(np.float32)).clip(-127, 127).astype(np.int8)
    return np.concatenate(
        [scales.view(np.uint8), components.reshape(len(vectors), -1).view(np.uint8)[:, : vectors.shape[1]]], axis=1
    )


def decode(codes: NDArray[np.uint8], dimension: int) -> Vectors:
    """(n, dimension) vectors of (n, s) codes."""
    size = 2 * _blocks(dimension)
    scales = np.ascontiguousarray(codes[:, :size]).view("<f2").astype(np.float32)
    components = codes[:, size:].view(np.int8)
    return np.asarray(components * np.repeat(scales, _BLOCK, axis=1)[:, :dimension], dtype=np.float32)


def code_size(dimension: int) -> int:
    """Bytes of a code."""
    return 2 * _blocks(dimension) + dimension


def _blocks(dimension: int) -> int:
    return -(-dimension // _BLOCK)


def code_texts(codes: NDArray[np.uint8]) -> list[str]:
    """Codes as text."""
    return [b64encode(code.tobytes()).decode("ascii") for code in codes]


def codes_in(texts: Sequence[str], dimension: int) -> NDArray[np.uint8]:
    """(n, s) codes that `code_texts` wrote."""
    joined = b"".join(b64decode(text) for text in texts)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, code_size(dimension))
