"""Passages and their sentences, encoded together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from embeddings.encoder import Encoder, Vectors

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
    """Vectors of passages and of their sentences; an encoder that shares nothing gets every text by itself."""
    if isinstance(encoder, SharingEncoder):
        return encoder.encode_together(texts, sentences)
    single = [text[start:end] for text, spans in zip(texts, sentences, strict=True) for start, end in spans]
    different = list(dict.fromkeys([*texts, *single]))
    row = {text: at for at, text in enumerate(different)}
    vectors = encoder.encode_passages(different)
    return Together(vectors[[row[text] for text in texts]], vectors[[row[text] for text in single]])
