"""Whether damage to a folder is noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.manifest import FILE_NAME, Manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "large.bin").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "inner" / "small.json").write_text("{}")
    (tmp_path / "empty").touch()
    Manifest.of(tmp_path).save(tmp_path)
    return tmp_path


def reload(folder: Path) -> Manifest:
    manifest = Manifest.load(folder)
    assert manifest is not None
    return manifest


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def test_a_folder_as_it_was_written_holds(folder: Path) -> None:
    assert reload(folder).holds(folder)


@pytest.mark.parametrize("damage", [flip, truncate, Path.unlink])
def test_damage_is_noticed(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder / "large.bin")
    assert not reload(folder).holds(folder, ["large.bin"])
    assert not reload(folder).holds(folder)


@pytest.mark.parametrize("damage", [truncate, Path.unlink])
def test_size_and_presence_of_files_that_are_not_read_count_too(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder / "large.bin")
    assert not reload(folder).holds(folder, ["inner/small.json"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b'{"a": {"size": 1}}', b"\xff"])
def test_a_manifest_that_cannot_be_read_is_none(folder: Path, content: bytes) -> None:
    (folder / FILE_NAME).write_bytes(content)
    assert Manifest.load(folder) is None


def test_no_folder_has_no_manifest(tmp_path: Path) -> None:
    assert Manifest.load(tmp_path / "absent") is None
