"""An encoder whose tokens can be compared across two languages."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from embeddings.tokens import Tokens

WORDS = {"bell": "钟", "goat": "羊", "miller": "磨", "looks": "看", "after": "管"}


class AligningEncoder:
    """A cheap encoder with one token a word, alike where a small dictionary says so."""

    def __init__(self, encoder) -> None:
        self.name, self.dimension = "aligning", encoder.dimension
        self.encode_passages, self.encode_questions = encoder.encode_passages, encoder.encode_questions
        self.compared: list[str] = []

    def question_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        return [self._of([WORDS.get(word, word) for word in text.strip("?").split()]) for text in texts]

    def passage_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        self.compared += texts
        return [self._of(list(text)) for text in texts]

    def _of(self, words: Sequence[str]) -> Tokens:
        states = np.zeros((len(words), 256), np.float32)
        for row, word in zip(states, words, strict=True):
            row[zlib.crc32(word.encode()) % 256] = 1
        return Tokens(states, np.full(len(words), 10, np.float32))


@pytest.fixture
def aligning(encoder) -> AligningEncoder:
    return AligningEncoder(encoder)
