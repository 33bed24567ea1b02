"""Passages and their sentences, encoded together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from embeddings.encoder import Encoder, Vectors, checked

Spans: TypeAlias = Sequence[tuple[int, int]]
"""[start, end) of each sentence of a text, in order."""


@dataclass(frozen=True, slots=True)
class Together:
    """What `encode_together` gives."""

    passages: Vectors
    """(texts, dimension) float32, unit length."""
    sentences: Vectors
    """(sentences, dimension) float32, unit length: the first text's, then the second's."""


@runtime_checkable
class SharingEncoder(Protocol):
    """An encoder that does for a passage and its sentences once what they have in common."""

    def encode_together(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Together:
        """Vectors of `texts` as `encode_passages` gives them, and of their sentences."""
        ...


def encode_together(encoder: Encoder, texts: Sequence[str], sentences: Sequence[Spans]) -> Together:
    """Vectors of passages and of their sentences; an encoder that shares nothing gets every text by itself.

    Raises UnusableVectors.
    """
    if isinstance(encoder, SharingEncoder):
        found = encoder.encode_together(texts, sentences)
        count = sum(map(len, sentences))
        return Together(checked(encoder, found.passages, len(texts)), checked(encoder, found.sentences, count))
    single = [text[start:end] for text, spans in zip(texts, sentences, strict=True) for start, end in spans]
    different = list(dict.fromkeys([*texts, *single]))
    row = {text: at for at, text in enumerate(different)}
    vectors = checked(encoder, encoder.encode_passages(different), len(different))
    return Together(vectors[[row[text] for text in texts]], vectors[[row[text] for text in single]])
