"""From a model's name to an encoder."""

from __future__ import annotations

import re
from pathlib import Path

from embeddings.card import identity
from embeddings.encoder import Encoder
from embeddings.errors import UnknownModel
from embeddings.hub import fetch
from embeddings.packaged import ARITHMETIC, CARD, NAMED, READ, SOURCE_SHA256, unpacked

DEFAULT = "default"
_HUB_ID = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", re.ASCII)


def load_encoder(name: str | None = None, *, threads: int | None = None) -> Encoder:
    """The packaged model for no name, `default` or its own name; else a model folder or a hub id.

    `threads`: how many cores it may use, None for all. Raises EncoderError where there is no such model, or it
    cannot be loaded.
    """
    if not name or is_packaged(name):
        return _packaged(threads)
    # Imported here, because the encoder of other models brings torch along.
    from embeddings.transformer import TransformerEncoder

    folder = _folder(name)
    if folder.is_dir():
        return TransformerEncoder(folder, threads=threads)
    if not _HUB_ID.fullmatch(name):
        raise UnknownModel(name, "no such model folder")
    return TransformerEncoder(fetch(name), name=name, threads=threads)


def _folder(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError as exc:
        # There is no such user as in `~user/model`, or nobody knows where this one is at home.
        raise UnknownModel(name, "no such model folder") from exc


def is_packaged(name: str | None) -> bool:
    """Whether that is the packaged model, which runs on the CPU."""
    return not name or name in (DEFAULT, CARD.name)


def _packaged(threads: int | None) -> Encoder:
    from embeddings.onnx import ModelFiles, OnnxEncoder

    folder = unpacked(read=READ)
    fingerprint = identity(CARD, SOURCE_SHA256, ARITHMETIC)
    return OnnxEncoder(ModelFiles(*(folder / name for name in NAMED)), CARD, fingerprint=fingerprint, threads=threads)
