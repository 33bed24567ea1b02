"""Articles read by several processes."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.errors import UnusableArticles
from retrieval.indexing import generations, processes
from retrieval.indexing.build import build_index
from retrieval.indexing.processes import Processes
from retrieval.indexing.reads import Read, Reader, one_by_one
from retrieval.reading import files

SAMPLES = Path(__file__).resolve().parents[3] / "tests" / "articles"


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are worth it from the first article on, and shares are small."""
    monkeypatch.setattr(processes, "WORTH", 0)
    monkeypatch.setattr(processes, "SHARE", 3)


def _rows(index: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables of the live catalogue."""
    file = generations.folder_of(index, generations.live_name(index)) / "catalogue.sqlite"
    with closing(sqlite3.connect(file)) as catalogue:
        names = [name for (name,) in catalogue.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: catalogue.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def test_two_processes_read_what_one_does(eager: None, tmp_path: Path, encoder) -> None:
    """The catalogue is the same, row by row, and so is what is reported."""
    (articles := tmp_path / "articles").symlink_to(SAMPLES)
    one = build_index(articles, tmp_path / "one", encoder=encoder)
    two = build_index(articles, tmp_path / "two", encoder=encoder, reading=processes.reading(2))
    assert _rows(tmp_path / "two") == _rows(tmp_path / "one")
    assert (two.passages, two.embedded, two.skipped) == (one.passages, one.embedded, one.skipped)


def test_what_cannot_be_read_is_reported(eager: None, tmp_path: Path) -> None:
    """Files that are gone or hold no text have their reason, in their place."""
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("潮水", encoding="utf-8")
    (tmp_path / "b.md").write_bytes(b"\x89PNG\0\0\0" * 50)
    sources = files.find(tmp_path)
    (tmp_path / "c.md").unlink()
    read = list(Processes(2)(sources, Reader()))
    assert read == list(one_by_one(sources, Reader()))
    assert [bool(each.reason) for each in read] == [False, True, True]


def test_few_articles_are_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting processes takes longer than reading some articles."""
    monkeypatch.setattr(Processes, "_pool", lambda _: pytest.fail("a process was started"))
    (tmp_path / "a.md").write_text("潮水", encoding="utf-8")
    assert len(list(Processes(2)(files.find(tmp_path), Reader()))) == 1


def test_the_shares_of_a_killed_process_are_read_again(eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is missing, nothing comes twice."""
    pools: list[object] = []
    pool = Processes._pool
    monkeypatch.setattr(Processes, "_pool", lambda own: pools.append(found := pool(own)) or found)
    sources = files.find(SAMPLES)
    found: list[Read] = []
    for read in Processes(2)(sources, Reader()):
        found.append(read)
        if len(found) == 4:
            os.kill(next(iter(pools[0]._processes)), signal.SIGKILL)
    assert [read.source for read in found] == sources
    assert len(pools) == 2


def test_a_share_that_kills_its_process_each_time_is_named(eager: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given up with one line that says where it is."""
    monkeypatch.setattr(processes, "_drain", _broken)
    with pytest.raises(UnusableArticles, match=r"was killed 3 times, perhaps for want of memory; try --jobs 1"):
        list(Processes(2)(files.find(SAMPLES), Reader()))


def _broken(pool: object, reader: object, waiting, rest, ahead: int) -> Iterator[list[Read]]:
    waiting.append(next(rest))
    raise processes.BrokenProcessPool
    yield []
