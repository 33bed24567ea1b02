"""An encoder that remembers: benchmarks ask several indexes of the same texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from embeddings.encoder import Encoder, Vectors, fingerprint
from embeddings.together import Spans, Together, encode_together
from embeddings.tokens import TokenEncoder, Tokens


@dataclass(slots=True)
class Remembering:
    """An encoder that encodes each text once: the collections overlap."""

    encoder: Encoder
    known: dict[str, Vectors] = field(default_factory=dict)
    split: dict[tuple[str, tuple[tuple[int, int], ...]], Vectors] = field(default_factory=dict)
    """Vectors of those of a text's sentences that were asked for."""
    pieces: dict[str, Tokens] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The encoder's own."""
        return self.encoder.name

    @property
    def dimension(self) -> int:
        """The encoder's own."""
        return self.encoder.dimension

    @property
    def fingerprint(self) -> str:
        """The encoder's own."""
        return fingerprint(self.encoder)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        if missing := [text for text in dict.fromkeys(texts) if text not in self.known]:
            self.known.update(zip(missing, self.encoder.encode_passages(missing), strict=True))
        return np.stack([self.known[text] for text in texts])

    def encode_together(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Together:
        """Vectors of `texts` and of their sentences."""
        keys = [(text, tuple(spans)) for text, spans in zip(texts, sentences, strict=True)]
        if missing := [key for key in dict.fromkeys(keys) if key not in self.split]:
            both = encode_together(self.encoder, *zip(*missing, strict=True))
            parts = np.split(both.sentences, np.cumsum([len(spans) for _, spans in missing])[:-1])
            self.split.update(zip(missing, parts, strict=True))
            self.known.update(zip((text for text, _ in missing), both.passages, strict=True))
        passages = np.stack([self.known[text] for text in texts])
        return Together(passages, np.concatenate([self.split[key] for key in keys]))

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self.encoder.encode_questions(texts)

    def question_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """The encoder's own."""
        return self._tokens().question_tokens(texts)

    def passage_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """The encoder's own, of each text once."""
        if missing := [text for text in dict.fromkeys(texts) if text not in self.pieces]:
            self.pieces.update(zip(missing, self._tokens().passage_tokens(missing), strict=True))
        return [self.pieces[text] for text in texts]

    def _tokens(self) -> TokenEncoder:
        if not isinstance(self.encoder, TokenEncoder):
            raise TypeError(f"{self.name} gives no tokens")
        return self.encoder
