"""Vectors for a new generation: taken over where the text was embedded before, else made by the encoder."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, Vectors
from embeddings.stream import Encoded, Part, encode_stream
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
    def folder(self) -> Path:
        """Where it writes, and what is needed only meanwhile may be, too."""
        ...

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
        self._coming_passages: set[str] = set()
        self._coming_sentences: set[str] = set()
        self._passages = [_Known(TextRows(writer.folder), writer.passages.vectors)]
        self._sentences = [_Known(TextRows(writer.folder), writer.sentences.vectors)]
        if previous is not None:
            self._passages.append(_Known(TextRows.open(previous.folder / _PASSAGES), previous.passage_vectors))
            self._sentences.append(_Known(TextRows.open(previous.folder / _SENTENCES), previous.sentence_vectors))

    @classmethod
    def continuing(cls, encoder: Encoder, writer: VectorWriter, previous: VectorIndex) -> VectorSource:
        """A source for a writer that goes on from `previous`."""
        source = cls(encoder, writer)
        source._passages[0].rows = TextRows.open(previous.folder / _PASSAGES, writer.folder)
        source._sentences[0].rows = TextRows.open(previous.folder / _SENTENCES, writer.folder)
        return source

    def add(self, passages: Sequence[StoredPassage]) -> None:
        """Write the vectors of `passages` and of their sentences."""
        for _ in self.add_all([passages]):
            pass

    def add_all(self, chunks: Iterable[Sequence[StoredPassage]]) -> Iterator[int]:
        """Write the vectors of each chunk, and give how many passages it has.

        The encoder may take chunks ahead: what is new in a chunk is found without the vectors of those before it,
        for a text is not new either while it is under way.
        """
        waiting: deque[_Chunk] = deque()
        parts = self._parts(chunks, waiting)
        for encoded in encode_stream(self._encoder, parts):
            chunk = waiting.popleft()
            self._write(chunk, encoded)
            yield len(chunk.passages)

    def save(self, folder: Path) -> None:
        """Write down which texts are in the writer's rows."""
        self._passages[0].rows.save(folder / _PASSAGES)
        self._sentences[0].rows.save(folder / _SENTENCES)

    def _parts(self, chunks: Iterable[Sequence[StoredPassage]], waiting: deque[_Chunk]) -> Iterator[Part]:
        """What is new in each chunk, which is `waiting` from then on."""
        for passages in chunks:
            chunk = self._new(passages)
            waiting.append(chunk)
            yield chunk.part

    def _new(self, passages: Sequence[StoredPassage]) -> _Chunk:
        """A new passage is encoded together with those of its sentences that are new."""
        texts = [passage.text for passage in passages]
        flat = [text for passage in passages for text in sentence_texts(passage)]
        kept = _known(texts, self._passages) | self._coming_passages.intersection(texts)
        kept_sentences = _known(flat, self._sentences) | self._coming_sentences.intersection(flat)
        new = {passage.text: passage for passage in passages if passage.text not in kept}
        seen = {*new, *kept_sentences}
        spans = [_first_seen(passage, seen) for passage in new.values()]
        singles = [text for text in dict.fromkeys(flat) if text not in seen]
        self.embedded += len(new) + sum(map(len, spans)) + len(singles)
        self.reused += sum(text in kept for text in texts) + sum(text in kept_sentences for text in flat)
        chunk = _Chunk(passages, Part(list(new), spans, singles), set(texts) - kept, set(flat) - kept_sentences)
        self._coming_passages |= chunk.new_passages
        self._coming_sentences |= chunk.new_sentences
        return chunk

    def _write(self, chunk: _Chunk, encoded: Encoded) -> None:
        """All vectors are at hand now: those under way before this chunk have been written."""
        texts = [passage.text for passage in chunk.passages]
        split = [sentence_texts(passage) for passage in chunk.passages]
        flat = [text for texts_of_one in split for text in texts_of_one]
        vectors = _by_text(chunk.part, encoded)
        kept = _find([text for text in texts if text not in chunk.new_passages], self._passages)
        kept_sentences = _find([text for text in flat if text not in chunk.new_sentences], self._sentences)
        self._coming_passages -= chunk.new_passages
        self._coming_sentences -= chunk.new_sentences
        self._passages[0].rows.add(keys_of(texts), self._writer.passages.rows)
        self._sentences[0].rows.add(keys_of(flat), self._writer.sentences.rows)
        counts = np.array([len(one) for one in split], dtype=np.int64)
        scripts = np.array([script_of(text) for text in texts], dtype=np.uint8)
        self._writer.add(_stack(vectors | kept, texts), _stack(vectors | kept_sentences, flat), counts, scripts)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Passages on their way."""

    passages: Sequence[StoredPassage]
    part: Part
    """What is encoded for them."""
    new_passages: set[str]
    """Texts whose vectors as passages come with this chunk,"""
    new_sentences: set[str]
    """and as sentences."""


def _by_text(part: Part, encoded: Encoded) -> dict[str, Vectors]:
    sentences = [
        text[start:end] for text, spans in zip(part.texts, part.sentences, strict=True) for start, end in spans
    ]
    vectors = dict(zip(part.singles, encoded.singles, strict=True))
    vectors.update(zip(sentences, encoded.sentences, strict=True))
    vectors.update(zip(part.texts, encoded.texts, strict=True))
    return vectors


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


def _known(texts: Sequence[str], known: Sequence[_Known]) -> set[str]:
    """Those of `texts` whose vectors are at hand."""
    wanted = list(dict.fromkeys(texts))
    keys = keys_of(wanted)
    there = np.any([each.rows.find(keys) >= 0 for each in known], axis=0)
    return {wanted[at] for at in np.flatnonzero(there).tolist()}


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
