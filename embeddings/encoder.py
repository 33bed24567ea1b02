"""The seam between text and vectors: what an encoder is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
"""(n, dimension) float32, each row of unit length."""


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into unit vectors whose inner product is their cosine similarity.

    Questions and passages are encoded apart, because many models were trained with a prompt for each.
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


def encodable(text: str) -> str:
    """The text as tokenizers take it: they refuse halves of surrogate pairs, which broken files leave behind."""
    return text.encode("utf-8", "replace").decode("utf-8")
