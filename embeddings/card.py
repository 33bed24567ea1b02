"""What a model's files do not say of themselves, and what identifies its vectors."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """How a model wants to be used."""

    name: str
    dimension: int
    question_prompt: str
    passage_prompt: str
    max_tokens: int
    """Tokens beyond are cut off, the two around every text counted in."""


def identity(card: Card, weights: str, arithmetic: str) -> str:
    """A fingerprint: equal exactly where the weights, their arithmetic and the settings are.

    `weights` is a checksum of the model's files, `arithmetic` how they are computed with. The model's name stays
    out: a renamed folder holds the same vectors.
    """
    settings = asdict(card) | {"name": None, "weights": weights, "arithmetic": arithmetic}
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:32]
