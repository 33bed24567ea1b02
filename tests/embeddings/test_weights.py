"""The data file's format, on a file of one tiny matrix."""

from __future__ import annotations

import struct

import numpy as np

from embeddings.weights import Weights

NIBBLES = bytes(low | (15 - low) << 4 for low in range(16))


def tiny_file() -> bytes:
    """Two pieces, one rule, a vector of two numbers and a matrix of one row of 32."""
    shape = struct.pack("<7ifi", 32, 1, 1, 32, 2, 8, 2, 1e-12, 32)
    pieces = struct.pack("<5iQ3I2f", 2, 0, 1, 1, 0, 4, 0, 1, 4, -1.5, -2.5) + "a好".encode()
    rule = struct.pack("<IB2I", ord("Ⅱ"), 2, ord("I"), ord("I"))
    head = b"E5S1" + struct.pack("<I", 1) + shape + pieces + struct.pack("<iI", 1, len(rule)) + rule
    vector, matrix = struct.pack("<2f", 0.5, -0.25), struct.pack("<e", 2.0) + NIBBLES
    start = len(head) + 4 + 2 * (2 + 1 + struct.calcsize("<BIQQ"))
    entries = (("v", 0, 2, start, len(vector)), ("m", 1, 32, start + len(vector), len(matrix)))
    directory = b"".join(struct.pack("<H1sBIQQ", 1, name.encode(), *rest) for name, *rest in entries)
    return head + struct.pack("<i", 2) + directory + vector + matrix


def test_the_head_is_read_in_order() -> None:
    shape = Weights(tiny_file()).shape
    assert (shape.hidden, shape.layers, shape.positions, shape.types, shape.block) == (32, 1, 8, 2, 32)


def test_pieces_and_rules_are_text() -> None:
    vocabulary = Weights(tiny_file()).vocabulary
    assert vocabulary.pieces == ("a", "好")
    assert vocabulary.scores == (-1.5, -2.5)
    assert vocabulary.characters == {"Ⅱ": "II"}


def test_a_vector_is_as_it_stands() -> None:
    assert Weights(tiny_file()).vector("v").tolist() == [0.5, -0.25]


def test_low_nibbles_are_the_first_half_of_a_block() -> None:
    expected = [2.0 * (low - 8) for low in range(16)] + [2.0 * (7 - low) for low in range(16)]
    assert Weights(tiny_file()).matrix("m", 32).tolist() == [expected]


def test_chunks_make_up_the_matrix() -> None:
    weights = Weights(tiny_file())
    assert np.array_equal(np.concatenate(list(weights.chunks("m", 32))), weights.matrix("m", 32))
