"""Usual: what the vectors of all questions have in common, whatever they ask and in whichever language.

Where question and passages share a language, that does no harm: it raises all passages alike. Across languages it
outweighs what is asked, and favours passages that lie near questions as such (hubs: Conneau, Lample, Ranzato, Denoyer,
Jégou 2018, "Word Translation Without Parallel Data", section 2.3). Taking half of it out of the question's vector is
a correction for hubs that needs no statistics of the passages and leaves their vectors as they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.encoder import Encoder, Vectors, checked
from embeddings.tokens import TokenEncoder

FILE = Path(__file__).with_name("usual.json")
"""25 questions about all sorts of things in thirteen languages, of which no collection holds the answers."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Means over some usual questions."""

    vector: Vectors
    """(d,) float32."""
    token: Vectors | None
    """(d,) float32, of the states of all their tokens; None where the encoder gives none."""


def usual(encoder: Encoder) -> Usual:
    """As this encoder sees them."""
    questions: list[str] = json.loads(FILE.read_text(encoding="utf-8"))
    vector = np.asarray(checked(encoder, encoder.encode_questions(questions), len(questions)).mean(axis=0))
    if not isinstance(encoder, TokenEncoder):
        return Usual(vector, None)
    states = np.concatenate([tokens.states for tokens in encoder.question_tokens(questions)])
    return Usual(vector, np.asarray(states.mean(axis=0), dtype=np.float32))
