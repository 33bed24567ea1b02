"""Remembered: an encoder that takes over what the live generation on Milvus has, and encodes the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from embeddings.encoder import Encoder, Vectors
from retrieval.indexing.milvus.client import IDS, Client
from retrieval.indexing.milvus.layout import PASSAGES, SENTENCES, collection_of
from retrieval.indexing.milvus.packing import codes_in, decode, key_of
from retrieval.indexing.recall import Recalled, RecallingEncoder

ROWS = 2 * IDS
"""Rows asked for at a time."""


class Remembered(RecallingEncoder):
    """An encoder that remembers the texts of a generation; of none, where that is None."""

    def __init__(self, encoder: Encoder, client: Client, generation: str | None) -> None:
        super().__init__(encoder)
        self._client = client
        self._generation = generation

    def _remember(self, texts: Sequence[str]) -> Recalled:
        keys = [key_of(text) for text in texts]
        found = self._known(list(dict.fromkeys(keys)))
        known = np.array([key in found for key in keys], dtype=np.bool_)
        vectors = np.array([found[key] for key in keys if key in found], np.float32)
        return Recalled(known, vectors.reshape(-1, self.dimension))

    def _note(self, texts: Sequence[str], vectors: Vectors) -> None:
        """It is written to the next generation, not to this one."""

    def _known(self, keys: Sequence[int]) -> dict[int, Vectors]:
        if self._generation is None:
            return {}
        found: dict[int, Vectors] = {}
        index = self._client.address.collection
        for at in range(0, len(keys), IDS):
            wanted = list(keys[at : at + IDS])
            passages = collection_of(index, self._generation, PASSAGES)
            for row in self._of_each(passages, wanted, "codes"):
                found[int(row["text_key"])] = decode(codes_in(row["codes"][:1], self.dimension), self.dimension)[0]
            sentences = collection_of(index, self._generation, SENTENCES)
            for row in self._of_each(sentences, wanted, "vector"):
                found[int(row["text_key"])] = np.array(row["vector"], dtype=np.float32)
        return found

    def _of_each(self, collection: str, keys: Sequence[int], field: str) -> Iterator[dict[str, Any]]:
        """Rows of all `keys` that are there: one or more of each, but not all of a text that stands in thousands."""
        while keys:
            rows = self._client.where(collection, f"text_key in {list(keys)}", ["text_key", field], ROWS)
            yield from rows
            seen = {int(row["text_key"]) for row in rows}
            keys = [key for key in keys if key not in seen] if len(rows) == ROWS else []
