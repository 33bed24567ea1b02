"""A stream of texts to encode: for encoders that have several parts of it under way at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from embeddings.encoder import Encoder, Vectors
from embeddings.errors import UnusableVectors
from embeddings.together import Spans, encode_together


@dataclass(frozen=True, slots=True)
class Part:
    """Passages with their sentences, and texts by themselves; none of them may be."""

    texts: Sequence[str]
    sentences: Sequence[Spans]
    """Of each of `texts`, those that are wanted."""
    singles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The vectors of a part, float32 and of unit length."""

    texts: Vectors
    """(texts, dimension)."""
    sentences: Vectors
    """(sentences, dimension): the first text's, then the second's."""
    singles: Vectors
    """(singles, dimension)."""


@runtime_checkable
class StreamingEncoder(Protocol):
    """An encoder that may take several parts from the stream before it gives the first one's vectors."""

    def encode_stream(self, parts: Iterable[Part]) -> Iterator[Encoded]:
        """The vectors of each part, in the parts' order."""
        ...


def encode_stream(encoder: Encoder, parts: Iterable[Part]) -> Iterator[Encoded]:
    """The vectors of each part, in order; any other encoder gets one part after the other. Raises UnusableVectors."""
    for encoded in _encoded(encoder, parts):
        for vectors in (encoded.texts, encoded.sentences, encoded.singles):
            _check(encoder, vectors)
        yield encoded


def _encoded(encoder: Encoder, parts: Iterable[Part]) -> Iterator[Encoded]:
    if isinstance(encoder, StreamingEncoder):
        return encoder.encode_stream(parts)
    return (encode(encoder, part) for part in parts)


def encode(encoder: Encoder, part: Part) -> Encoded:
    """The vectors of one part."""
    nothing = np.empty((0, encoder.dimension), np.float32)
    singles = encoder.encode_passages(part.singles) if part.singles else nothing
    if len(singles) != len(part.singles):
        raise UnusableVectors(encoder.name, f"{len(singles)} for {len(part.singles)} texts")
    if not part.texts:
        return Encoded(nothing, nothing, singles)
    together = encode_together(encoder, part.texts, part.sentences)
    return Encoded(together.passages, together.sentences, singles)


def _check(encoder: Encoder, vectors: Vectors) -> None:
    """Raises UnusableVectors: an infinite number would make every answer a certain one."""
    if np.ndim(vectors) != 2 or np.shape(vectors)[1] != encoder.dimension:
        raise UnusableVectors(encoder.name, f"{np.shape(vectors)} instead of (texts, {encoder.dimension})")
    if not np.isfinite(vectors).all():
        raise UnusableVectors(encoder.name, "some are not finite; in half precision a model may overflow")
