"""The forward index: what is written comes back, an update goes on from a copy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import DamagedIndex
from retrieval.indexing.forward import RUNS, ForwardIndex, ForwardWriter

_PACKED = [" 潮汐表 tide \n", "\n", " \U0002000b\ud800 \n 灯塔 "]


def _written(folder: Path) -> ForwardIndex:
    writer = ForwardWriter(folder)
    for packed in _PACKED:
        writer.add(packed, len(packed))
    writer.close()
    return ForwardIndex(folder)


def test_passages_come_back_in_any_order(tmp_path: Path) -> None:
    """Rows are asked for in any order, the same one twice too, whatever their characters."""
    rows = np.array([2, 0, 1, 2])
    terms = _written(tmp_path).terms(rows)
    assert [terms.runs(at) for at in range(4)] == [_PACKED[row] for row in rows]
    assert terms.lengths.tolist() == [len(_PACKED[row]) for row in rows]


def test_an_update_goes_on_from_a_copy(tmp_path: Path) -> None:
    """The original stays as it was; what is removed counts no more; new passages come behind."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    _written(tmp_path / "first")
    before = (tmp_path / "first" / RUNS).read_bytes()
    writer = ForwardWriter(tmp_path / "second", tmp_path / "first")
    writer.remove([0])
    writer.add(" 新 \n", 1)
    assert writer.total_length == len(_PACKED[1]) + len(_PACKED[2]) + 1
    writer.close()
    terms = ForwardIndex(tmp_path / "second").terms(np.array([3, 2]))
    assert [terms.runs(0), terms.runs(1)] == [" 新 \n", _PACKED[2]]
    assert (tmp_path / "first" / RUNS).read_bytes() == before


def test_an_index_without_passages_can_be_read(tmp_path: Path) -> None:
    """No passage, no terms."""
    ForwardWriter(tmp_path).close()
    assert len(ForwardIndex(tmp_path).terms(np.empty(0, np.int64)).ends) == 0


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    """The file is named."""
    _written(tmp_path)
    (tmp_path / RUNS).unlink()
    with pytest.raises(DamagedIndex, match=r"runs\.u16"):
        ForwardIndex(tmp_path)
