"""A stream of texts to encode: for encoders that have several parts of it under way at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from embeddings.encoder import Encoder, Vectors, checked
from embeddings.errors import EncoderFailed
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
    """An encoder that may take several parts from the stream before it gives the first one's vectors.

    These are taken as they are: whoever works on a part does so by `encode`, which checks them.
    """

    def encode_stream(self, parts: Iterable[Part]) -> Iterator[Encoded]:
        """The vectors of each part, in the parts' order."""
        ...


def encode_stream(encoder: Encoder, parts: Iterable[Part]) -> Iterator[Encoded]:
    """The vectors of each part, in order; any other encoder gets one part after the other. Raises as `encode` does."""
    if isinstance(encoder, StreamingEncoder):
        return encoder.encode_stream(parts)
    return (encode(encoder, part) for part in parts)


def encode(encoder: Encoder, part: Part) -> Encoded:
    """The vectors of one part. Raises UnusableVectors, EncoderFailed."""
    try:
        return _encoded(encoder, part)
    except OSError as exc:
        # Where an index is written, it would be taken for the disk's.
        raise EncoderFailed(encoder.name, exc.strerror or str(exc) or type(exc).__name__) from exc


def _encoded(encoder: Encoder, part: Part) -> Encoded:
    nothing = np.empty((0, encoder.dimension), np.float32)
    singles = checked(encoder, encoder.encode_passages(part.singles), len(part.singles)) if part.singles else nothing
    if not part.texts:
        return Encoded(nothing, nothing, singles)
    together = encode_together(encoder, part.texts, part.sentences)
    return Encoded(together.passages, together.sentences, singles)
