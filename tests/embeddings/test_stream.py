"""Texts encoded as a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pytest

from embeddings.encoder import Vectors
from embeddings.errors import UnusableVectors
from embeddings.stream import Encoded, Part, encode, encode_stream

PARTS = [Part(["One. Two."], [[(0, 4), (5, 9)]], ["Three."]), Part([], [], []), Part(["Four."], [[]], [])]


class Lengths:
    """The vector of a text says how long it is."""

    name, dimension = "lengths", 2

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([[len(text), 0] for text in texts], np.float32).reshape(-1, 2)

    encode_questions = encode_passages


class Ahead(Lengths):
    """Takes all parts before it gives the first one's vectors."""

    def encode_stream(self, parts: Iterable[Part]) -> Iterator[Encoded]:
        return iter([encode(self, part) for part in list(parts)])


def _lengths(found: Iterable[Encoded]) -> list[list[list[float]]]:
    return [[part[:, 0].tolist() for part in (each.texts, each.sentences, each.singles)] for each in found]


def test_each_part_has_its_vectors() -> None:
    """Passages, their sentences and single texts come back in their order, and nothing where nothing was asked."""
    assert _lengths(encode_stream(Lengths(), PARTS)) == [[[9], [4, 4], [6]], [[], [], []], [[5], [], []]]


def test_an_encoder_that_streams_gives_the_same() -> None:
    """Whether an encoder takes parts ahead makes no difference to what they get."""
    assert _lengths(encode_stream(Ahead(), PARTS)) == _lengths(encode_stream(Lengths(), PARTS))


def test_other_encoders_take_one_part_after_the_other() -> None:
    """A part is taken when the vectors of the one before are out: what is remembered of it is never ahead."""
    taken: list[int] = []

    def parts() -> Iterator[Part]:
        for number, part in enumerate(PARTS):
            taken.append(number)
            yield part

    found = encode_stream(Lengths(), parts())
    next(found)
    assert taken == [0]


@pytest.mark.parametrize(
    ("vectors", "reason"),
    [
        (np.full((1, 2), np.nan, np.float32), "some are not finite"),
        (np.zeros((1, 3), np.float32), "(1, 3) instead of (texts, 2)"),
        (np.zeros((2, 2), np.float32), "2 for 1 texts"),
    ],
)
def test_what_are_no_vectors_is_refused(vectors: Vectors, reason: str) -> None:
    class Broken(Lengths):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            return vectors

    with pytest.raises(UnusableVectors) as caught:
        list(encode_stream(Broken(), [Part([], [], ["One."])]))
    assert str(caught.value).startswith(f"lengths: its vectors cannot be used: {reason}")
