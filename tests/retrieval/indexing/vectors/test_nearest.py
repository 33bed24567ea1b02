"""Nearest: searching partitions finds what comparing all rows finds."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest

from retrieval.errors import DamagedIndex
from retrieval.indexing.vectors import nearest, partitions
from retrieval.indexing.vectors.codes import Codes, CodeWriter
from retrieval.indexing.vectors.nearest import Nearest
from retrieval.indexing.vectors.partitions import Partitioning, partitioning, read_partitions, write_partitions

ROWS = 4_000


def _around_subjects(count: int) -> np.ndarray:
    dice = np.random.default_rng(3)
    subjects = dice.normal(size=(40, 64))
    vectors = subjects[dice.integers(0, 40, count)] + 0.5 * dice.normal(size=(count, 64))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def file(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(partitions, "PARTITIONS", (Partitioning(rows=ROWS, lists=16, probes=6),))
    _write(tmp_path / "rows.faiss", ROWS)
    write_partitions(tmp_path / "rows.faiss")
    return tmp_path / "rows.faiss"


def _write(file: Path, rows: int) -> None:
    writer = CodeWriter(file, 64)
    writer.add(_around_subjects(rows))
    writer.close()


def _exact(file: Path, vector: np.ndarray, limit: int, allowed: np.ndarray | None = None) -> list[int]:
    cosines = Codes(file).vectors(np.arange(ROWS)) @ vector
    if allowed is not None:
        cosines[~allowed] = -2
    return np.argsort(-cosines)[:limit].tolist()


def test_partitions_lose_next_to_nothing(file: Path) -> None:
    search = Nearest(Codes(file))
    found = [(search.search(vector, 100)[:10], _exact(file, vector, 10)) for vector in _around_subjects(60)]
    shares = [len({*rows.tolist()} & {*exact}) / 10 for rows, exact in found]
    assert np.mean(shares) >= 0.99


def test_partitions_are_drawn_on_the_cores_that_this_process_may_use(file: Path, monkeypatch) -> None:
    """More threads than cores wait for each other."""
    taken, cores = [], partitions.cores
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
    monkeypatch.setattr(partitions, "cores", lambda count: (taken.append(count), cores(count))[1])
    write_partitions(file)
    assert taken == [1]


def test_a_search_takes_one_core_in_whatever_thread(file: Path, monkeypatch) -> None:
    codes, taken = Codes(file), []
    search = codes.index.search
    monkeypatch.setattr(
        codes.index,
        "search",
        lambda *given, **more: (taken.append(faiss.omp_get_max_threads()), search(*given, **more))[1],
    )

    def ask() -> int:
        faiss.omp_set_num_threads(3)
        Nearest(codes).search(_around_subjects(1)[0], 1, np.arange(ROWS) == 7)
        return faiss.omp_get_max_threads()

    with ThreadPoolExecutor(1) as another:
        assert another.submit(ask).result() == 3
    assert taken == [1]


def test_only_allowed_rows_are_found(file: Path, monkeypatch) -> None:
    monkeypatch.setattr(nearest, "_few", lambda allowed: allowed.sum() < 100)
    search, vector = Nearest(Codes(file)), _around_subjects(1)[0]
    some, few = np.arange(ROWS) % 2 == 1, np.arange(ROWS) % 100 == 1
    assert all(some[search.search(vector, 50, some)])
    assert search.search(vector, 50, few).tolist() == _exact(file, vector, 40, few)


def test_rows_that_come_later_are_put_into_the_partitions_there_are(file: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.faiss"
    writer = CodeWriter.continuing(file, later)
    new = np.roll(_around_subjects(1), 1, axis=1)
    writer.add(new)
    writer.close()
    write_partitions(later, file)
    assert Nearest(Codes(later)).search(new[0], 1).tolist() == [ROWS]
    before, after = (_lists(read_partitions(Codes(each))) for each in (file, later))
    kept = [(codes[: len(old)], len(codes) - len(old), old) for (old, _), (codes, _) in zip(before, after, strict=True)]
    assert all(codes.tolist() == old.tolist() for codes, _, old in kept)
    assert sorted(more for _, more, _ in kept) == [0] * 15 + [1]


def test_the_lists_are_those_that_faiss_makes(file: Path, monkeypatch) -> None:
    """Written a block at a time, they hold what FAISS holds of an index in memory, whose products round otherwise."""
    monkeypatch.setattr(partitions, "_BLOCK", ROWS // 3)
    write_partitions(file)
    mapped, whole = read_partitions(Codes(file)), faiss.read_index(str(file.with_suffix(".ivf")))
    whole.add_with_ids(Codes(file).vectors(np.arange(ROWS)), np.arange(ROWS))
    assert mapped is not None
    assert mapped.ntotal == whole.ntotal == ROWS
    for (codes, rows), (others, numbers) in zip(_lists(mapped), _lists(whole), strict=True):
        assert rows.tolist() == numbers.tolist()
        assert codes[:, :8].tolist() == others[:, :8].tolist()
        assert np.allclose(codes[:, 8:].copy().view("<f4"), others[:, 8:].copy().view("<f4"), atol=1e-5)
    vector = _around_subjects(1)
    assert mapped.search(vector, 50)[1].tolist() == whole.search(vector, 50)[1].tolist()
    assert sorted(each.name for each in file.parent.iterdir()) == ["rows.faiss", "rows.ivf"]


def _lists(index: faiss.Index) -> list[tuple[np.ndarray, np.ndarray]]:
    """Codes and rows of each list."""
    return [partitions._Mapped(index).of(at) for at in range(faiss.extract_index_ivf(index).nlist)]


def test_few_rows_are_all_compared(tmp_path: Path) -> None:
    assert partitioning(partitions.PARTITIONS[0].rows - 1) is None
    _write(tmp_path / "rows.faiss", 100)
    write_partitions(tmp_path / "rows.faiss")
    assert [each.name for each in tmp_path.iterdir()] == ["rows.faiss"]


def test_a_search_starts_no_threads(file: Path) -> None:
    partitions = read_partitions(Codes(file))
    assert partitions is not None
    assert faiss.downcast_InvertedLists(faiss.extract_index_ivf(partitions).invlists).prefetch_nthread == 0


def test_damaged_partitions_are_noticed(file: Path) -> None:
    partitions = file.with_suffix(".ivf")
    whole = partitions.read_bytes()
    for damaged in (b"", whole[:200], whole[:-1], whole[:-1000], whole[:-8] + b"\xff" * 8, b"x" + whole):
        partitions.write_bytes(damaged)
        with pytest.raises(DamagedIndex, match=r"rows\.ivf"):
            Nearest(Codes(file))
