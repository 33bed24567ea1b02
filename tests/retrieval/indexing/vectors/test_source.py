"""Where vectors come from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import Vectors
from embeddings.stream import Encoded, Part, encode
from embeddings.together import Spans, Together
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.vectors.index import VectorWriter
from retrieval.indexing.vectors.source import VectorSource


class Sharing:
    """Writes down what it is given by itself, and what together."""

    name, dimension = "sharing", 8

    def __init__(self) -> None:
        self.single: list[str] = []
        self.together: list[tuple[str, list[str]]] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.single += texts
        return self.vectors(texts)

    encode_questions = encode_passages

    def encode_together(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Together:
        split = [[text[start:end] for start, end in spans] for text, spans in zip(texts, sentences, strict=True)]
        self.together += zip(texts, split, strict=True)
        return Together(self.vectors(texts), self.vectors([text for of_one in split for text in of_one]))

    def vectors(self, texts: Sequence[str]) -> Vectors:
        digests = [np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint8)[:8] for text in texts]
        rows = np.array(digests, np.float32).reshape(-1, 8)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def passage(number: int, *sentences: str) -> StoredPassage:
    text, spans = " ".join(sentences), []
    for sentence in sentences:
        start = text.index(sentence)
        spans.append((start, start + len(sentence)))
    return StoredPassage(number, 0, text, (), tuple(spans))


@pytest.fixture
def encoder() -> Sharing:
    return Sharing()


@pytest.fixture
def source(encoder: Sharing, tmp_path: Path) -> VectorSource:
    return VectorSource(encoder, VectorWriter(tmp_path, encoder.dimension))


def test_a_new_passage_is_encoded_together_with_its_sentences(source: VectorSource, encoder: Sharing) -> None:
    source.add([passage(0, "One.", "Two.")])
    assert (encoder.together, encoder.single) == ([("One. Two.", ["One.", "Two."])], [])
    assert (source.embedded, source.reused) == (3, 0)


def test_a_sentence_is_encoded_with_the_first_passage_that_has_it(source: VectorSource, encoder: Sharing) -> None:
    source.add([passage(0, "One.", "Two."), passage(1, "Two.", "Three.")])
    assert encoder.together == [("One. Two.", ["One.", "Two."]), ("Two. Three.", ["Three."])]


def test_a_passage_of_one_sentence_is_encoded_once(source: VectorSource, encoder: Sharing) -> None:
    source.add([passage(0, "One.")])
    assert encoder.together == [("One.", [])]
    assert source.embedded == 1


def test_what_was_written_before_is_not_encoded_again(source: VectorSource, encoder: Sharing) -> None:
    source.add([passage(0, "One.", "Two.")])
    encoder.together.clear()
    source.add([passage(1, "One.", "Two."), passage(2, "Two.", "Three.")])
    assert (encoder.together, encoder.single) == ([("Two. Three.", ["Three."])], [])
    assert source.reused == 4


def test_a_known_passage_with_a_new_division_has_its_sentences_encoded_by_themselves(
    source: VectorSource, encoder: Sharing
) -> None:
    source.add([passage(0, "One. Two.")])
    source.add([passage(1, "One.", "Two.")])
    assert encoder.single == ["One.", "Two."]


class Ahead(Sharing):
    """Takes all parts before it gives the first one's vectors."""

    def encode_stream(self, parts: Iterable[Part]) -> Iterator[Encoded]:
        return iter([encode(self, part) for part in list(parts)])


def test_a_text_that_is_under_way_is_not_encoded_again(tmp_path: Path) -> None:
    """An encoder that takes chunks ahead embeds what one that does not embeds, and as often."""
    chunks = [
        [passage(0, "One.", "Two."), passage(1, "Three.")],
        [passage(2, "Two.", "Four."), passage(3, "One.", "Two.")],
        [passage(4, "Three."), passage(5, "Four.", "One.")],
    ]
    outcomes = []
    for encoder in (Sharing(), Ahead()):
        writer = VectorWriter(tmp_path / type(encoder).__name__, encoder.dimension)
        source = VectorSource(encoder, writer)
        assert list(source.add_all(chunks)) == [2, 2, 2]
        rows = np.arange(writer.sentences.rows)
        vectors = writer.sentences.vectors(rows), writer.passages.vectors(np.arange(writer.passages.rows))
        outcomes.append((encoder.together, encoder.single, source.embedded, source.reused, vectors))
    assert outcomes[0][:4] == outcomes[1][:4]
    for one, other in zip(outcomes[0][4], outcomes[1][4], strict=True):
        np.testing.assert_array_equal(one, other)
