"""Codes: a file written row by row is the one FAISS would write, and goes on from a copy."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from retrieval.errors import DamagedIndex
from retrieval.indexing.vectors import codes
from retrieval.indexing.vectors.codes import Codes, CodeWriter


def _unit(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _written(file: Path, vectors: np.ndarray, step: int = 7, **options: object) -> Codes:
    writer = CodeWriter(file, 32, **options)
    for start in range(0, len(vectors), step):
        writer.add(vectors[start : start + step])
    writer.close()
    return Codes(file)


@pytest.mark.parametrize("training", [10, 1_000])
def test_the_file_is_the_one_faiss_writes(tmp_path: Path, monkeypatch, training: int) -> None:
    monkeypatch.setattr(codes, "TRAINING", training)
    monkeypatch.setattr(codes, "ENOUGH", 0)
    vectors = _unit(100)
    index = _written(tmp_path / "own.faiss", vectors, step=10)
    theirs = faiss.IndexScalarQuantizer(32, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    theirs.sq.rangestat_arg = codes.MARGIN
    theirs.train(vectors[:training])
    theirs.add(vectors)
    assert (tmp_path / "own.faiss").read_bytes() == faiss.serialize_index(theirs).tobytes()
    cosines = np.einsum("nd,nd->n", index.vectors(np.arange(100)), vectors)
    assert cosines[:training].min() > 0.99


@pytest.mark.parametrize("first", [0, 1, 3, 100])
def test_a_file_that_began_with_few_vectors_holds_others_as_well(tmp_path: Path, first: int) -> None:
    _written(tmp_path / "first.faiss", _unit(first))
    writer = CodeWriter.continuing(tmp_path / "first.faiss", tmp_path / "second.faiss")
    vectors = _unit(200, seed=1)
    writer.add(vectors)
    writer.close()
    found = Codes(tmp_path / "second.faiss").vectors(np.arange(first, first + 200))
    errors = np.abs(found @ vectors.T - vectors @ vectors.T)
    assert errors.max() < (0.01 if first else 0.04)
    assert errors.mean() < 0.002


@pytest.mark.parametrize("expected", [0, codes.MANY])
def test_it_goes_on_from_a_copy_and_leaves_the_original(tmp_path: Path, expected: int) -> None:
    first = _written(tmp_path / "first.faiss", _unit(50), expected=expected)
    before = (tmp_path / "first.faiss").read_bytes()
    writer = CodeWriter.continuing(tmp_path / "first.faiss", tmp_path / "second.faiss")
    writer.add(_unit(3, seed=1))
    assert np.array_equal(writer.vectors(np.array([0, 49])), first.vectors(np.array([0, 49])))
    writer.close()
    second = Codes(tmp_path / "second.faiss")
    assert len(second) == 53
    assert np.array_equal(second.vectors(np.arange(50)), first.vectors(np.arange(50)))
    assert (tmp_path / "first.faiss").read_bytes() == before


@pytest.mark.parametrize("expected", [0, codes.MANY])
def test_products_are_those_of_the_vectors(tmp_path: Path, expected: int) -> None:
    """A product read from the codes, of eight bits or of six, is that of the vector they stand for."""
    found = _written(tmp_path / "rows.faiss", _unit(60), expected=expected)
    rows, question = np.array([59, 0, 7, 7]), _unit(1, seed=2)[0]
    assert found.products(rows, question) == pytest.approx(found.vectors(rows) @ question, abs=1e-6)
    assert found.products(rows[:0], question).shape == (0,)


def test_vectors_taken_over_stay_what_they_are(tmp_path: Path) -> None:
    first = _written(tmp_path / "first.faiss", _unit(50))
    kept = first.vectors(np.arange(50))
    second = _written(tmp_path / "second.faiss", kept, like=first)
    assert np.array_equal(second.vectors(np.arange(50)), kept)


def test_no_row_is_no_vector(tmp_path: Path) -> None:
    index = _written(tmp_path / "none.faiss", _unit(0))
    assert len(index) == 0
    assert index.vectors(np.empty(0, np.int64)).shape == (0, 32)


def test_what_is_no_index_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "passages.faiss").write_bytes(b"IxSQ nothing")
    with pytest.raises(DamagedIndex, match=r"passages\.faiss"):
        Codes(tmp_path / "passages.faiss")
