"""Vectors for a new generation: taken over where the text was embedded before, else made by the encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeAlias

import numpy as np

from embeddings.encoder import Encoder, Vectors
from retrieval.indexing.catalogue import Catalogue, StoredPassage
from retrieval.indexing.scripts import script_of
from retrieval.indexing.vectors import Rows, VectorIndex, VectorWriter

Fetch: TypeAlias = Callable[[VectorIndex, Rows], Vectors]


def sentence_texts(passage: StoredPassage) -> list[str]:
    """What is embedded for the sentences of a passage."""
    return [passage.text[start:end] for start, end in passage.sentences]


@dataclass(slots=True)
class VectorSource:
    """Gives vectors of texts, from the previous generation where it has them."""

    encoder: Encoder
    previous: VectorIndex | None = None
    embedded: int = 0
    reused: int = 0
    _passages: dict[bytes, int] = field(default_factory=dict)
    _sentences: dict[bytes, int] = field(default_factory=dict)

    @classmethod
    def open(cls, encoder: Encoder, previous: tuple[Catalogue, VectorIndex] | None) -> VectorSource:
        """A source that knows the texts of the previous generation."""
        if previous is None:
            return cls(encoder)
        catalogue, vectors = previous
        source = cls(encoder, vectors)
        for passage in catalogue.all_passages():
            source._passages[_key(passage.text)] = passage.number
            first = int(vectors.offsets[passage.number])
            keys = map(_key, sentence_texts(passage))
            source._sentences.update((key, first + at) for at, key in enumerate(keys))
        return source

    def add(self, passages: Sequence[StoredPassage], writer: VectorWriter) -> None:
        """Write the vectors of `passages` and of their sentences."""
        texts = [passage.text for passage in passages]
        split = [sentence_texts(passage) for passage in passages]
        flat = [text for texts_of_one in split for text in texts_of_one]
        kept = self._take(texts, self._passages, VectorIndex.passage_vectors)
        kept_sentences = self._take(flat, self._sentences, VectorIndex.sentence_vectors)
        fresh = self._encode(
            [*(text for text in texts if text not in kept), *(text for text in flat if text not in kept_sentences)]
        )
        self.reused += sum(text in kept for text in texts) + sum(text in kept_sentences for text in flat)
        counts = np.array([len(one) for one in split], dtype=np.int64)
        scripts = np.array([script_of(text) for text in texts], dtype=np.uint8)
        writer.add(_stack(fresh | kept, texts), _stack(fresh | kept_sentences, flat), counts, scripts)

    def _take(self, texts: Iterable[str], rows: Mapping[bytes, int], fetch: Fetch) -> dict[str, Vectors]:
        """Vectors of the texts that the previous generation holds."""
        if self.previous is None:
            return {}
        found = {text: rows[key] for text in texts if (key := _key(text)) in rows}
        vectors = fetch(self.previous, np.array(list(found.values()), dtype=np.int64))
        return dict(zip(found, vectors, strict=True))

    def _encode(self, texts: Iterable[str]) -> dict[str, Vectors]:
        missing = list(dict.fromkeys(texts))
        self.embedded += len(missing)
        return dict(zip(missing, self.encoder.encode_passages(missing), strict=True)) if missing else {}


def _stack(known: Mapping[str, Vectors], texts: Sequence[str]) -> Vectors:
    return np.stack([known[text] for text in texts])


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
