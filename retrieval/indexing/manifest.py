"""Manifest: what a generation is, and what its files must be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from retrieval.errors import DamagedIndex, WrongFormat
from retrieval.indexing import disk

FORMAT = 9
"""Goes up whenever an index written by an earlier program can no longer be read."""
CHECKED = 256 << 20
"""Bytes of an index's files, the smallest first, whose sums are compared whenever it is opened: a sixth of a second.
Those of the others are compared while it is used; a rebuild and `rebuild-embeddings --verify` compare all first."""
NAME = "manifest.json"
Files: TypeAlias = dict[str, tuple[int, str]]
"""Size in bytes and SHA-256 by path inside the generation."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is, and what its files must be."""

    format: int
    name: str
    created: str
    """ISO 8601, UTC."""
    model: str
    fingerprint: str
    dimension: int
    articles: int
    passages: int
    sentences: int
    rows: int
    """Passages with those that were removed, whose numbers are not given again."""
    total_length: float
    """Sum of the passages' lengths, for BM25's average."""
    settings: str
    """What decided how articles were read, see changes.settings."""
    skipped: list[tuple[str, str]]
    """Paths of the files that were left out, with the reason."""
    files: Files
    """All of them but the manifest."""


def read_manifest(index: Path, folder: Path, *, whole: bool) -> Manifest:
    """The manifest of the generation in `folder`; see generations.load_manifest."""
    try:
        fields = json.loads(disk.read(folder / NAME))
        if fields["format"] != FORMAT:
            raise WrongFormat(index, FORMAT, fields["format"])
        if fields.pop("sum") != sum_of(fields) or fields["name"] != folder.name:
            raise DamagedIndex(index, f"{folder.name}/{NAME} is not what was written")
        fields["files"] = {file: (size, digest) for file, (size, digest) in fields["files"].items()}
        manifest = Manifest(**fields)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise DamagedIndex(index, f"{folder.name}/{NAME} cannot be read") from exc
    _check_sizes(index, folder, manifest)
    checked, rest = _split(manifest)
    check_sums(index, folder, {**checked, **rest} if whole else checked)
    return manifest


def unchecked(manifest: Manifest) -> Files:
    """The files whose sums are not compared when the generation is opened."""
    return _split(manifest)[1]


def _split(manifest: Manifest) -> tuple[Files, Files]:
    """The files whose sums an opening compares, and the others."""
    checked: Files = {}
    total = 0
    for file, (size, digest) in sorted(manifest.files.items(), key=lambda item: item[1][0]):
        total += size
        if total > CHECKED:
            break
        checked[file] = (size, digest)
    return checked, {file: each for file, each in manifest.files.items() if file not in checked}


def _check_sizes(index: Path, folder: Path, manifest: Manifest) -> None:
    for file, (size, _) in manifest.files.items():
        found = disk.size(folder / file)
        if found != size:
            raise DamagedIndex(index, f"{file} has {found} bytes, not {size}" if found >= 0 else f"{file} is gone")


def check_sums(index: Path, folder: Path, files: Files) -> None:
    """Compare the sums of `files`, which are some of those of the generation in `folder`. Raises DamagedIndex."""
    for file, (_, digest) in files.items():
        try:
            found = _digest(folder / file)
        except OSError as exc:
            raise DamagedIndex(index, f"{file} cannot be read ({exc.strerror})") from exc
        if found != digest:
            raise DamagedIndex(index, f"{file} is not what was written")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Describe the files in `folder`, in a file of their own."""
    files = {file.relative_to(folder).as_posix(): _describe(file) for file in files_in(folder)}
    fields = asdict(manifest) | {"files": files}
    fields["sum"] = sum_of(fields)
    disk.write(folder / NAME, json.dumps(fields, indent=1))


def files_in(folder: Path) -> list[Path]:
    """All files of a generation, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))


def _describe(file: Path) -> tuple[int, str]:
    return file.stat().st_size, _digest(file)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def sum_of(fields: Mapping[str, object]) -> str:
    """SHA-256 of a manifest's fields but `sum`, in an order and a form of their own."""
    fields = {name: value for name, value in fields.items() if name != "sum"}
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode("ascii")).hexdigest()
