"""Texts encoded as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pytest

from embeddings.encoder import Vectors
from embeddings.errors import EncoderFailed, UnusableVectors
from embeddings.stream import Encoded, Part, encode, encode_stream
from embeddings.together import Spans, Together

PARTS = [Part(["One. Two."], [[(0, 4), (5, 9)]], ["Three."]), Part([], [], []), Part(["Four."], [[]], [])]


class Lengths:
    """The vector of a text says how long it is, by its angle in tenths."""

    name, dimension = "lengths", 2

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        angles = np.array([len(text) for text in texts], np.float32) / 10
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    encode_questions = encode_passages


class Ahead(Lengths):
    """Takes all parts before it gives the first one's vectors."""

    def encode_stream(self, parts: Iterable[Part]) -> Iterator[Encoded]:
        return iter([encode(self, part) for part in list(parts)])


def _lengths(found: Iterable[Encoded]) -> list[list[list[int]]]:
    def told(vectors: Vectors) -> list[int]:
        return np.rint(10 * np.arctan2(vectors[:, 1], vectors[:, 0])).astype(int).tolist()

    return [[told(part) for part in (each.texts, each.sentences, each.singles)] for each in found]


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
        (np.zeros((1, 3), np.float32), "(1, 3) instead of (1, 2)"),
        (np.zeros((2, 2), np.float32), "(2, 2) instead of (1, 2)"),
        (None, "() instead of (1, 2)"),
        ([["a", "b"]], "they are no array of numbers"),
        ([[1.0], [0.0, 1.0]], "they are no array of numbers"),
    ],
)
@pytest.mark.parametrize("part", [Part([], [], ["One."]), Part(["One."], [[]], [])])
def test_what_are_no_vectors_is_refused(part: Part, vectors: object, reason: str) -> None:
    """Of single texts and of passages alike."""

    class Broken(Lengths):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            return vectors  # type: ignore[return-value]

    with pytest.raises(UnusableVectors) as caught:
        list(encode_stream(Broken(), [part]))
    assert str(caught.value).startswith(f"lengths: its vectors cannot be used: {reason}")


@pytest.mark.parametrize("kind", [list, np.ndarray.tolist, lambda rows: rows.astype(np.float16), np.asfortranarray])
def test_vectors_may_come_in_whatever_holds_numbers(kind: Callable[[Vectors], Vectors]) -> None:
    """Lists too, as a server's answer has them."""

    class Kind(Lengths):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            return kind(super().encode_passages(texts))

    found = list(encode_stream(Kind(), PARTS))
    assert _lengths(found) == _lengths(encode_stream(Lengths(), PARTS))
    assert {part.dtype for each in found for part in (each.texts, each.sentences, each.singles)} == {np.dtype("f4")}


def test_vectors_of_any_length_are_brought_to_one() -> None:
    """Else every answer would be a certain one."""

    class Long(Lengths):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            return 7.5 * super().encode_passages(texts)

    found = list(encode_stream(Long(), PARTS))
    assert _lengths(found) == _lengths(encode_stream(Lengths(), PARTS))
    assert np.allclose(np.linalg.norm(found[0].sentences, axis=1), 1)


def test_a_text_of_which_nothing_is_known_may_have_zeros() -> None:
    """As an encoder that adds up the vectors of known words gives them."""

    class Nothing(Lengths):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            return np.zeros((len(texts), 2), np.float32)

    assert not encode(Nothing(), PARTS[0]).texts.any()


def test_what_an_encoder_shares_is_checked_too() -> None:
    """Passages and sentences that come together."""

    class Sharing(Lengths):
        def encode_together(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Together:
            return Together(self.encode_passages(texts), np.full((sum(map(len, sentences)), 2), np.inf, np.float32))

    with pytest.raises(UnusableVectors, match="some are not finite"):
        encode(Sharing(), PARTS[0])


def test_a_fault_of_a_server_that_is_asked_is_the_encoder_s() -> None:
    """Not an error of input and output, which whoever writes an index would take for the disk's."""

    class Away(Lengths):
        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            raise ConnectionRefusedError(111, "Connection refused")

    with pytest.raises(EncoderFailed, match="lengths: the model gives no vectors: Connection refused; try again"):
        encode(Away(), PARTS[0])
