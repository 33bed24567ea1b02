"""Usual: what the vectors of all questions have in common, whatever they ask and in whichever language.

Where question and passages share a language, that does no harm: it raises all passages alike. Across languages it
outweighs what is asked, and favours passages that lie near questions as such (hubs: Conneau, Lample, Ranzato, Denoyer,
Jégou 2018, "Word Translation Without Parallel Data", section 2.3). Taking half of it out of the question's vector is
a correction for hubs that needs no statistics of the passages and leaves their vectors as they are.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from embeddings.encoder import Encoder, Vectors

FILE = Path(__file__).with_name("usual.json")
"""25 questions about all sorts of things in thirteen languages, of which no collection holds the answers."""


def usual(encoder: Encoder) -> Vectors:
    """(d,) float32, the mean vector of some usual questions."""
    questions: list[str] = json.loads(FILE.read_text(encoding="utf-8"))
    return np.asarray(encoder.encode_questions(questions).mean(axis=0), dtype=np.float32)
