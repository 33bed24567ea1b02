"""Generations: each effect on the disk may fail, and power may go behind each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import DamagedIndex, UnusableIndex
from retrieval.indexing import disk, generations, manifest
from retrieval.indexing.build import build_index
from retrieval.searching.retriever import Retriever

EFFECTS = ("write", "flush", "rename", "remove")


@pytest.fixture
def index(articles: Path, tmp_path: Path, encoder) -> Path:
    build_index(articles, tmp_path / "index", encoder=encoder)
    return tmp_path / "index"


def _failing(monkeypatch: pytest.MonkeyPatch, at: int) -> list[str]:
    """Let the effect numbered `at` fail; gives the effects as they come."""
    seen: list[str] = []

    def wrapped(name: str, effect: Callable[..., None]) -> Callable[..., None]:
        def tried(*paths: Path) -> None:
            seen.append(name)
            if len(seen) == at + 1 and name != "remove":
                raise OSError(5, "Input/output error")
            effect(*paths)

        return tried

    for name in EFFECTS:
        monkeypatch.setattr(disk, name, wrapped(name, getattr(disk, name)))
    return seen


def _error(articles: Path, index: Path, encoder) -> str | None:
    try:
        build_index(articles, index, encoder=encoder)
    except UnusableIndex as exc:
        return str(exc)
    return None


def test_whatever_effect_fails_the_index_answers_and_the_next_rebuild_mends_it(
    index: Path, articles: Path, encoder
) -> None:
    at = 0
    while True:
        (articles / "undated.md").write_text(f"邮筒漆成了第{at}种颜色，邮差每星期来两次。", encoding="utf-8")
        before = generations.live_name(index)
        with pytest.MonkeyPatch.context() as patch:
            seen = _failing(patch, at)
            error = _error(articles, index, encoder)
        with Retriever.open(index, encoder=encoder) as retriever:
            assert retriever.search("灯塔", k=1)
        build_index(articles, index, encoder=encoder)
        names = sorted(path.name for path in (index / "generations").iterdir())
        assert len(names) <= 2
        assert not any(name.startswith(".") for name in names)
        assert not (index / "CURRENT.new").exists()
        assert error is None or "cannot be written (Input/output error)" in error
        if error is None and at > len(seen):
            assert generations.live_name(index) != before
            return
        at += 1


def test_what_the_pointer_leads_to_is_flushed_before_it(articles: Path, tmp_path: Path, encoder, monkeypatch) -> None:
    seen: list[tuple[str, Path]] = []
    flush, replace = disk.flush, os.replace
    monkeypatch.setattr(disk, "flush", lambda path: (seen.append(("flush", path)), flush(path)))
    monkeypatch.setattr(os, "replace", lambda old, new: (seen.append(("rename", new)), replace(old, new)))
    build_index(articles, tmp_path / "index", encoder=encoder)
    index = tmp_path / "index"
    pointed = seen.index(("rename", index / "CURRENT"))
    named = next(at for at, (what, _) in enumerate(seen) if what == "rename")
    written = {path.name for _, path in seen[:named]}
    folder = generations.folder_of(index, generations.live_name(index))
    assert {path.name for path in folder.rglob("*") if not path.name.endswith(".lock")} <= written
    assert seen[named + 1] == ("flush", index / "generations")
    assert seen[pointed + 1] == ("flush", index)
    assert ("flush", index / "CURRENT.new") in seen[named:pointed]


def test_a_generation_never_pointed_at_is_swept(index: Path, articles: Path, encoder) -> None:
    live = generations.live_name(index)
    orphan = generations.folder_of(index, generations.new_name())
    orphan.mkdir()
    build_index(articles, index, encoder=encoder)
    assert [path.name for path in (index / "generations").iterdir()] == [live]


def test_a_fifo_in_place_of_a_file_is_not_waited_for(index: Path, encoder) -> None:
    for file in (index / "CURRENT", generations.folder_of(index, generations.live_name(index)) / "manifest.json"):
        content = file.read_bytes()
        file.unlink()
        os.mkfifo(file)
        with pytest.raises(DamagedIndex, match="rebuild-embeddings"):
            Retriever.open(index, encoder=encoder)
        file.unlink()
        file.write_bytes(content)


def test_a_manifest_of_another_generation_is_refused(index: Path, encoder) -> None:
    file = generations.folder_of(index, generations.live_name(index)) / "manifest.json"
    fields = json.loads(file.read_text("utf-8")) | {"name": "../../elsewhere"}
    file.write_text(json.dumps(fields | {"sum": manifest.sum_of(fields)}), encoding="utf-8")
    with pytest.raises(DamagedIndex, match="not what was written"):
        Retriever.open(index, encoder=encoder)


def test_damage_beyond_what_openings_compare_is_noticed_in_use(index: Path, encoder, monkeypatch) -> None:
    monkeypatch.setattr(manifest, "CHECKED", 0)
    file = generations.folder_of(index, generations.live_name(index)) / "catalogue.sqlite"
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    retriever = Retriever.open(index, encoder=encoder)
    retriever._snapshot.generation.inspection._thread.join()
    with pytest.raises(DamagedIndex, match=r"catalogue.sqlite is not what was written.*rebuild-embeddings"):
        retriever.search("灯塔")
    retriever.close()


def test_a_reader_that_comes_amid_a_switch_opens_what_is_live_then(index: Path, articles: Path, encoder, monkeypatch):
    load, gone = generations.load_manifest, generations.live_name(index)

    def switched(folder: Path, name: str, **options: bool) -> generations.Manifest:
        if name == gone:
            for _ in range(2):
                monkeypatch.setattr(generations, "load_manifest", load)
                build_index(articles, index, encoder=encoder, full=True)
        return load(folder, name, **options)

    monkeypatch.setattr(generations, "load_manifest", switched)
    with Retriever.open(index, encoder=encoder) as retriever:
        assert retriever.about().generation == generations.live_name(index) != gone


@pytest.mark.parametrize("name", ["CURRENT", "journal", "generations/1900-smith"])
def test_what_is_not_an_index_is_neither_written_over_nor_swept_away(
    name: str, articles: Path, tmp_path: Path, encoder
) -> None:
    """LevelDB has a CURRENT, and a family its generations."""
    theirs = tmp_path / "theirs" / name
    theirs.parent.mkdir(parents=True)
    theirs.write_text("MANIFEST-000004\n")
    with pytest.raises(UnusableIndex, match="something else by the name of"):
        build_index(articles, tmp_path / "theirs", encoder=encoder)
    assert [path for path in (tmp_path / "theirs").rglob("*") if path.is_file()] == [theirs]
    assert theirs.read_text() == "MANIFEST-000004\n"


def test_what_somebody_put_beside_the_generations_stays(index: Path, articles: Path, encoder) -> None:
    (index / "generations" / "zz-mine").mkdir()
    (index / "generations" / "0-mine").write_text("x")
    build_index(articles, index, encoder=encoder, full=True)
    assert {"zz-mine", "0-mine"} < {path.name for path in (index / "generations").iterdir()}


def test_an_index_that_was_copied_without_its_lock_is_one(index: Path, articles: Path, encoder) -> None:
    (index / "lock").unlink()
    (index / "CURRENT").write_text("damaged")
    build_index(articles, index, encoder=encoder)
    Retriever.open(index, encoder=encoder).close()
