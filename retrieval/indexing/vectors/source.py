"""Vectors for a new generation: taken over where the text was embedded before, else made by the encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, Vectors
from embeddings.together import encode_together
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.scripts import script_of
from retrieval.indexing.vectors.codes import Rows
from retrieval.indexing.vectors.index import VectorIndex, VectorWriter
from retrieval.indexing.vectors.textrows import TextRows, keys_of

_PASSAGES, _SENTENCES = "passages.keys.npy", "sentences.keys.npy"


def sentence_texts(passage: StoredPassage) -> list[str]:
    """What is embedded for the sentences of a passage."""
    return [passage.text[start:end] for start, end in passage.sentences]


class Store(Protocol):
    """Vectors that are being written, row by row."""

    @property
    def rows(self) -> int:
        """How many there are so far."""
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """(n, d) vectors that were added."""
        ...


class Writer(Protocol):
    """Writes the vectors of a collection, passage by passage."""

    @property
    def passages(self) -> Store:
        """Those of passages."""
        ...

    @property
    def sentences(self) -> Store:
        """Those of sentences."""
        ...

    def add(self, passages: Vectors, sentences: Vectors, counts: NDArray[np.int64], scripts: NDArray[np.uint8]) -> None:
        """Add n passages: (n, d) vectors, those of their sentences in order, (n,) sentences and script of each."""
        ...


class VectorSource:
    """Gives the vectors of texts to a writer, and embeds no text a second time."""

    def __init__(self, encoder: Encoder, writer: Writer, previous: VectorIndex | None = None) -> None:
        """`previous`: another generation whose vectors are taken over."""
        self.embedded = 0
        """Texts that the encoder was given."""
        self.reused = 0
        """Texts whose vectors were at hand."""
        self._encoder = encoder
        self._writer = writer
        self._passages = [_Known(TextRows(), writer.passages.vectors)]
        self._sentences = [_Known(TextRows(), writer.sentences.vectors)]
        if previous is not None:
            self._passages.append(_Known(TextRows.open(previous.folder / _PASSAGES), previous.passage_vectors))
            self._sentences.append(_Known(TextRows.open(previous.folder / _SENTENCES), previous.sentence_vectors))

    @classmethod
    def continuing(cls, encoder: Encoder, writer: VectorWriter, previous: VectorIndex) -> VectorSource:
        """A source for a writer that goes on from `previous`."""
        source = cls(encoder, writer)
        source._passages[0].rows = TextRows.open(previous.folder / _PASSAGES)
        source._sentences[0].rows = TextRows.open(previous.folder / _SENTENCES)
        return source

    def add(self, passages: Sequence[StoredPassage]) -> None:
        """Write the vectors of `passages` and of their sentences."""
        texts = [passage.text for passage in passages]
        split = [sentence_texts(passage) for passage in passages]
        flat = [text for texts_of_one in split for text in texts_of_one]
        kept, kept_sentences = _find(texts, self._passages), _find(flat, self._sentences)
        fresh = self._encode(passages, kept, kept_sentences)
        self.reused += sum(text in kept for text in texts) + sum(text in kept_sentences for text in flat)
        self._passages[0].rows.add(keys_of(texts), self._writer.passages.rows)
        self._sentences[0].rows.add(keys_of(flat), self._writer.sentences.rows)
        counts = np.array([len(one) for one in split], dtype=np.int64)
        scripts = np.array([script_of(text) for text in texts], dtype=np.uint8)
        self._writer.add(_stack(fresh | kept, texts), _stack(fresh | kept_sentences, flat), counts, scripts)

    def save(self, folder: Path) -> None:
        """Write down which texts are in the writer's rows."""
        self._passages[0].rows.save(folder / _PASSAGES)
        self._sentences[0].rows.save(folder / _SENTENCES)

    def _encode(
        self, passages: Sequence[StoredPassage], kept: Mapping[str, Vectors], kept_sentences: Mapping[str, Vectors]
    ) -> dict[str, Vectors]:
        """Vectors of what is in neither; a new passage is encoded together with those of its sentences that are new."""
        new = {passage.text: passage for passage in passages if passage.text not in kept}
        seen = {*new, *kept_sentences}
        spans = [_first_seen(passage, seen) for passage in new.values()]
        of_new = [text[start:end] for text, of_one in zip(new, spans, strict=True) for start, end in of_one]
        rest = [text for passage in passages for text in sentence_texts(passage)]
        rest = [text for text in dict.fromkeys(rest) if text not in seen]
        self.embedded += len(new) + len(of_new) + len(rest)
        fresh = dict(zip(rest, self._encoder.encode_passages(rest), strict=True)) if rest else {}
        if new:
            together = encode_together(self._encoder, list(new), spans)
            fresh.update(zip(of_new, together.sentences, strict=True))
            fresh.update(zip(new, together.passages, strict=True))
        return fresh


def _first_seen(passage: StoredPassage, seen: set[str]) -> list[tuple[int, int]]:
    """The spans of its sentences that are not in `seen`, to which they are added."""
    spans = []
    for span, text in zip(passage.sentences, sentence_texts(passage), strict=True):
        if text not in seen:
            seen.add(text)
            spans.append(span)
    return spans


@dataclass(slots=True)
class _Known:
    """Texts whose vectors are at hand: those being written, or those of an earlier generation."""

    rows: TextRows
    vectors: Callable[[Rows], Vectors]


def _find(texts: Sequence[str], known: Sequence[_Known]) -> dict[str, Vectors]:
    """Vectors of those `texts` that are known."""
    wanted = list(dict.fromkeys(texts))
    found: dict[str, Vectors] = {}
    for each in known:
        rest = [text for text in wanted if text not in found]
        places = each.rows.find(keys_of(rest))
        there = np.flatnonzero(places >= 0)
        found.update(zip((rest[at] for at in there.tolist()), each.vectors(places[there]), strict=True))
    return found


def _stack(known: Mapping[str, Vectors], texts: Sequence[str]) -> Vectors:
    return np.stack([known[text] for text in texts])
