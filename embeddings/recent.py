"""Recent: the tokens of texts that were compared last, since questions come back to the same passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from cachetools import LRUCache

from embeddings.tokens import TokenEncoder, Tokens

MOST = 16_384
"""Tokens kept, of some 600 sentences: 25 MB at 384 dimensions."""


class RecentTokens:
    """A token encoder that encodes no text twice while it is among the last; may be used from several threads."""

    def __init__(self, encoder: TokenEncoder, most: int = MOST) -> None:
        self._encoder = encoder
        self._kept: LRUCache[tuple[str, str], Tokens] = LRUCache(most, getsizeof=lambda tokens: len(tokens.rarity))
        self._keeping = Lock()

    def question_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Those of each question."""
        return self._told("question", texts, self._encoder.question_tokens)

    def passage_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Those of each passage, or of each sentence."""
        return self._told("passage", texts, self._encoder.passage_tokens)

    def _told(
        self, kind: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Sequence[Tokens]]
    ) -> list[Tokens]:
        with self._keeping:
            found = {text: self._kept[kind, text] for text in texts if (kind, text) in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        told = dict(zip(missing, encode(missing), strict=True)) if missing else {}
        with self._keeping:
            for text, tokens in told.items():
                if len(tokens.rarity) <= self._kept.maxsize:
                    self._kept[kind, text] = tokens
        found |= told
        return [found[text] for text in texts]
