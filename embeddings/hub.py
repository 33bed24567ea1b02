"""Models of the Hugging Face hub: from an id to a folder."""

from __future__ import annotations

from pathlib import Path

from embeddings.errors import UnknownModel

_PATIENCE = 5
"""Seconds to wait for the hub's first answer."""
_OTHER_FORMATS = ["*.onnx", "onnx/*", "openvino/*", "coreml/*", "*.h5", "*.msgpack", "*.ot", "*.gguf", "*.tflite"]


def fetch(name: str) -> Path:
    """The folder of a hub model, downloaded where it is not there yet.

    Without a network, one that was fetched before is used; where there is none, raises UnknownModel.
    """
    from huggingface_hub.errors import HfHubHTTPError

    # The HTTP library under the hub's client has changed more than once; its own root error comes next here.
    failures: tuple[type[BaseException], ...] = (OSError, ValueError, HfHubHTTPError.__mro__[1])
    try:
        return _snapshot(name)
    except failures as error:
        raise UnknownModel(name, _reason(error)) from error


def _snapshot(name: str) -> Path:
    from huggingface_hub import snapshot_download

    # Many models have their weights twice; the second, older format is fetched only where it is the only one.
    old = "*.bin"
    folder = Path(snapshot_download(name, etag_timeout=_PATIENCE, ignore_patterns=[*_OTHER_FORMATS, old]))
    if not any(folder.rglob("*.safetensors")):
        snapshot_download(name, etag_timeout=_PATIENCE, ignore_patterns=_OTHER_FORMATS)
    return folder


def _reason(error: BaseException) -> str:
    from huggingface_hub.errors import RepositoryNotFoundError

    if isinstance(error, RepositoryNotFoundError):
        return "neither a model folder here nor a model of the hub (or one that asks for a login)"
    return (
        "no such model folder here, and no model of that id could be fetched from the hub; give the path of a "
        f"local model folder, or try again where there is a network ({_first_line(error)})"
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
