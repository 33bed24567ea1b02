"""A plain tokenizer for tests: the best path over the pieces, as the wheel's `e5.c` searches it."""

from __future__ import annotations

import numpy as np

from embeddings.weights import Vocabulary


class Unigram:
    """Slow and short, to check the fast one against."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.ids = {piece: token for token, piece in enumerate(vocabulary.pieces)}
        self.longest = max(map(len, vocabulary.pieces))
        self.unknown_score = np.float32(min(vocabulary.scores)) - np.float32(10)

    def encode(self, text: str) -> list[int]:
        """Token ids, with the two at the ends."""
        text = self.normalise(text)
        best = [(np.float32(0), 0, 0)] + [(np.float32(-1e30), 0, 0)] * len(text)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self.longest, len(text)) + 1):
                token = self.ids.get(text[start:end])
                if token is not None and token != self.vocabulary.unknown:
                    score = best[start][0] + np.float32(self.vocabulary.scores[token])
                    best[end] = max(best[end], (score, start, token), key=lambda path: path[0])
            score = best[start][0] + self.unknown_score
            best[start + 1] = max(
                best[start + 1], (score, start, self.vocabulary.unknown), key=lambda path: path[0]
            )
        return [self.vocabulary.beginning, *self.path(best), self.vocabulary.end]

    def normalise(self, text: str) -> str:
        text = "".join(self.vocabulary.characters.get(character, character) for character in text)
        while "  " in text:
            text = text.replace("  ", " ")
        return (text if text.startswith(" ") else " " + text).replace(" ", "▁")

    @staticmethod
    def path(best: list[tuple[np.float32, int, int]]) -> list[int]:
        tokens, end = [], len(best) - 1
        while end:
            _, end, token = best[end]
            tokens.append(token)
        return tokens[::-1]
