"""The seam between text and vectors: what an encoder is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import UnusableVectors

Vectors: TypeAlias = NDArray[np.float32]
"""(n, dimension) float32, each row of unit length."""
OFF = 0.05
"""How far a length may be from 1 and is left so: in half precision it is by a thousandth, in 8 bits by a hundredth."""


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into unit vectors whose inner product is their cosine similarity.

    Questions and passages are encoded apart, because many models were trained with a prompt for each. Passages come
    from one thread, with their sentences some thousands of texts at a time; questions from all that ask, at once.
    """

    @property
    def name(self) -> str:
        """What a person calls the model, e.g. `multilingual-e5-small`."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        ...


def fingerprint(encoder: Encoder) -> str:
    """What must be equal for two encoders' vectors to be comparable.

    An encoder may say so itself in an attribute `fingerprint` (a hash of weights and settings);
    otherwise its name and dimension stand for it.
    """
    return str(getattr(encoder, "fingerprint", f"{encoder.name}/{encoder.dimension}"))


def checked(encoder: Encoder, vectors: object, count: int) -> Vectors:
    """(count, dimension) float32, unit length: what an encoder gave for so many texts, as whatever array or list.

    Vectors of another length are brought to it; a text that a model knows nothing of may have zeros. Raises
    UnusableVectors: infinite ones would make every answer a certain one.
    """
    try:
        found = np.asarray(vectors, np.float32)
    except (TypeError, ValueError) as exc:
        raise UnusableVectors(encoder.name, f"they are no array of numbers ({exc})") from exc
    if found.shape != (count, encoder.dimension):
        raise UnusableVectors(encoder.name, f"{found.shape} instead of {(count, encoder.dimension)}")
    if not np.isfinite(found).all():
        raise UnusableVectors(encoder.name, "some are not finite; in half precision a model may overflow")
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    off = (lengths > 0) & (np.abs(lengths - 1) > OFF)
    return np.where(off, found / np.where(off, lengths, 1), found) if off.any() else found


def encodable(text: str) -> str:
    """The text as tokenizers take it: they refuse halves of surrogate pairs, which broken files leave behind."""
    return text.encode("utf-8", "replace").decode("utf-8")
