"""Watching a folder: what is noticed, and what is not."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread, Timer

import pytest
from watchfiles import watch

from retrieval.commands import rebuild, watching
from retrieval.indexing.address import located
from retrieval.indexing.build import build_index

SOON = 10
"""Seconds in which something must have been noticed."""
QUIET = 0.2
"""Seconds that a folder must be quiet in these tests."""


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Ends what watches, as Ctrl-C does."""
    stopped = Event()
    monkeypatch.setattr(watching, "QUIET_MS", int(QUIET * 1_000))
    monkeypatch.setattr(watching, "watch", partial(watch, stop_event=stopped))
    yield stopped
    stopped.set()


@pytest.fixture
def watched(stop: Event, tmp_path: Path) -> Iterator[Callable[[Path], Queue[bool]]]:
    """Watches a folder, and gives what comes of it."""
    threads: list[Thread] = []

    def begin(folder: Path) -> Queue[bool]:
        found: Queue[bool] = Queue()

        def work() -> None:
            for begins in watching.watched(folder, tmp_path / "index"):
                found.put(begins)

        threads.append(Thread(target=work, daemon=True))
        threads[0].start()
        return found

    yield begin
    stop.set()
    for thread in threads:
        thread.join(SOON)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("tide")
    return folder


def _nothing_more(found: Queue[bool]) -> None:
    with pytest.raises(Empty):
        found.get(timeout=5 * QUIET)


def _move_away(folder: Path) -> None:
    folder.rename(folder.with_name("old"))
    folder.mkdir()


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _swap(folder: Path) -> None:
    other = folder.with_name("other")
    other.mkdir()
    link = folder.with_name("link")
    link.symlink_to(other)
    link.replace(folder)


def test_a_change_is_noticed_once(watched: Callable[[Path], Queue[bool]], folder: Path) -> None:
    (folder / "gone.md").symlink_to(folder / "nowhere")
    found = watched(folder)
    assert found.get(timeout=SOON)
    _nothing_more(found)
    for name in ("b.md", "c.md"):
        (folder / name).write_text("flood")
    assert not found.get(timeout=SOON)
    _nothing_more(found)


@pytest.mark.parametrize("replace", [_move_away, _remove, _swap])
def test_a_folder_in_the_place_of_another_is_watched(
    watched: Callable[[Path], Queue[bool]], folder: Path, replace: Callable[[Path], None]
) -> None:
    if replace is _swap:
        folder = folder.with_name("current")
        folder.symlink_to("articles")
    found = watched(folder)
    assert found.get(timeout=SOON)
    replace(folder)
    assert found.get(timeout=SOON)
    _nothing_more(found)
    (folder / "b.md").write_text("flood")
    assert not found.get(timeout=SOON)


def test_a_folder_that_is_away_for_a_while_is_waited_for(watched: Callable[[Path], Queue[bool]], folder: Path) -> None:
    found = watched(folder)
    assert found.get(timeout=SOON)
    shutil.rmtree(folder)
    assert not found.get(timeout=SOON)
    _nothing_more(found)
    folder.mkdir()
    assert found.get(timeout=SOON)
    (folder / "b.md").write_text("flood")
    assert not found.get(timeout=SOON)


@pytest.mark.parametrize("index", ["index", "", "milvus+file://{}/index.db"])
def test_what_a_rebuild_writes_is_left_out(folder: Path, index: str, encoder, stop: Event) -> None:
    address = located(index.format(folder) if "{" in index else folder / index)
    own = watching._written(address)
    changes = watch(folder, watch_filter=None, debounce=200, step=50, rust_timeout=500, yield_on_timeout=True)
    assert next(changes) == set()
    build_index(folder, address, encoder=encoder)
    (folder / "b.md").write_text("The bakery opens at three.")
    build_index(folder, address, encoder=encoder)
    found = [each for batch in iter(partial(next, changes), set()) for each in batch]
    changes.close()
    counting = {Path(path) for change, path in found if watching._counts(change, path, own)}
    assert len(found) > len(counting)
    assert counting - {folder / "index"} == {folder / "b.md"}


def _out(capsys: pytest.CaptureFixture[str], seen: list[str]) -> str:
    seen.append(capsys.readouterr().out)
    return "".join(seen)


@pytest.mark.parametrize("full", [[], ["--full"]])
def test_what_is_saved_during_the_first_build_is_taken_in(
    folder: Path, encoder, stop: Event, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], full
) -> None:
    encode = encoder.encode_passages

    def meanwhile(texts):
        if not (folder / "b.md").exists():
            (folder / "b.md").write_text("The bakery opens at three.")
        return encode(texts)

    monkeypatch.setattr(encoder, "encode_passages", meanwhile)
    monkeypatch.setattr(rebuild, "load_encoder", lambda *_, **__: encoder)
    arguments = [str(folder), "--index", str(folder / "index"), "--watch", "--jobs", "1", *full]
    codes: list[int] = []
    running = Thread(target=lambda: codes.append(rebuild.main(arguments)), daemon=True)
    running.start()
    shown: list[str] = []
    until = time.monotonic() + SOON
    while "2 articles" not in _out(capsys, shown) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(8 * QUIET)
    assert [line for line in _out(capsys, shown).splitlines() if "articles," in line and "passages" in line] == [
        "1 articles, 1 passages, 1 sentences",
        "2 articles, 2 passages, 2 sentences",
    ]
    assert len(encoder.passages) == 2
    stop.set()
    running.join(SOON)
    assert codes == [0]


def test_where_nothing_was_saved_meanwhile_nothing_is_said(
    folder: Path, encoder, stop: Event, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rebuild, "load_encoder", lambda *_, **__: encoder)
    stopping = Timer(10 * QUIET, stop.set)
    stopping.start()
    assert rebuild.main([str(folder), "--index", str(folder / "index"), "--watch", "--jobs", "1"]) == 0
    stopping.join()
    said = capsys.readouterr()
    assert said.out.count("articles, ") == 1
    assert said.err == f"watching {folder}; Ctrl-C ends\n"
