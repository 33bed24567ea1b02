"""Recent: the tokens of passages that were compared last, since questions come back to the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from cachetools import LRUCache

from embeddings.tokens import TokenEncoder, Tokens

MOST = 16_384
"""Tokens kept, of some 600 sentences: 25 MB at 384 dimensions."""


class RecentTokens:
    """A token encoder that encodes no passage twice while it is among the last; may be used from several threads."""

    def __init__(self, encoder: TokenEncoder, most: int = MOST) -> None:
        self._encoder = encoder
        self._kept: LRUCache[str, Tokens] = LRUCache(most, getsizeof=lambda tokens: len(tokens.rarity))
        self._keeping = Lock()

    def question_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Those of each question."""
        return self._encoder.question_tokens(texts)

    def passage_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Those of each passage, or of each sentence."""
        with self._keeping:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        told = dict(zip(missing, self._encoder.passage_tokens(missing), strict=True)) if missing else {}
        with self._keeping:
            for text, tokens in told.items():
                if len(tokens.rarity) <= self._kept.maxsize:
                    self._kept[text] = tokens
        found |= told
        return [found[text] for text in texts]
