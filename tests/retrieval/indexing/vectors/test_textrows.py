"""Text rows: a text is found in the row it was added to, however many there are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import DamagedIndex
from retrieval.indexing.vectors import textrows
from retrieval.indexing.vectors.textrows import TextRows, keys_of


def _texts(count: int) -> list[str]:
    return [f"第{number}盏灯" for number in range(count)]


@pytest.mark.parametrize("recent", [5, 10_000])
@pytest.mark.parametrize("piece", [7, 10_000])
def test_texts_are_found_before_and_after_they_are_saved(tmp_path: Path, monkeypatch, recent: int, piece: int) -> None:
    monkeypatch.setattr(textrows, "_RECENT", recent)
    monkeypatch.setattr(textrows, "_PIECE", piece)
    rows = TextRows(tmp_path)
    for start in range(0, 40, 4):
        rows.add(keys_of(_texts(40)[start : start + 4]), start)
    assert rows.find(keys_of([*_texts(40), "没有的"])).tolist() == [*range(40), -1]
    rows.save(tmp_path / "keys.npy")
    again = TextRows.open(tmp_path / "keys.npy")
    assert again.find(keys_of([*_texts(40), "没有的"])).tolist() == [*range(40), -1]
    again.add(keys_of(["新的"]), 40)
    again.save(tmp_path / "more.npy")
    assert TextRows.open(tmp_path / "more.npy").find(keys_of(["新的", "第3盏灯"])).tolist() == [40, 3]


def test_the_same_text_twice_is_one_row(tmp_path: Path) -> None:
    rows = TextRows()
    rows.add(keys_of(["灯", "塔", "灯"]), 0)
    rows.save(tmp_path / "keys.npy")
    assert np.load(tmp_path / "keys.npy").shape == (2, 2)


def test_the_files_kept_meanwhile_have_no_names(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(textrows, "_RECENT", 5)
    rows = TextRows(tmp_path)
    for start in range(0, 4_000, 4):
        rows.add(keys_of(_texts(4_000)[start : start + 4]), start)
    assert rows.find(keys_of(_texts(4_000))).tolist() == [*range(4_000)]
    assert not [*tmp_path.iterdir()]


def test_no_text_at_all(tmp_path: Path) -> None:
    TextRows().save(tmp_path / "keys.npy")
    assert TextRows.open(tmp_path / "keys.npy").find(keys_of(["灯"])).tolist() == [-1]


def test_what_is_no_array_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "keys.npy").write_bytes(b"nothing")
    with pytest.raises(DamagedIndex, match=r"keys\.npy"):
        TextRows.open(tmp_path / "keys.npy")
