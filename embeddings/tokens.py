"""Texts token by token: what is compared where one vector a text is too coarse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from embeddings.encoder import Vectors


@dataclass(frozen=True, slots=True)
class Tokens:
    """The n tokens of a text, those of the prompt and of the text's ends left out."""

    states: Vectors
    """(n, dimension) float32, of any length: what each token means where it stands."""
    rarity: Vectors
    """(n,) float32, the negative logarithm of how probable the token is in any text."""


@runtime_checkable
class TokenEncoder(Protocol):
    """An encoder that also gives the states of single tokens, alike for what means the same in two languages."""

    def question_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Those of each question."""
        ...

    def passage_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Those of each passage, or of each sentence."""
        ...
