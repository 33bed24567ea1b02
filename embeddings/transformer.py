"""Any sentence-transformers model, on a GPU where there is one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from embeddings.card import Card, identity
from embeddings.encoder import Vectors, encodable
from embeddings.errors import UnusableModel
from embeddings.manifest import FILE_NAME as MANIFEST

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_PASSAGE_PROMPTS = ("passage", "document", "corpus")
# The E5 models were trained with these two, and some were published before prompts could be written down.
_E5 = re.compile(r"(^|[/_-])e5-(?!mistral)(?!.*instruct)")
_E5_PROMPTS = ("query: ", "passage: ")
_SETTINGS = (".json", ".txt", ".model")
_OTHER = {"onnx", "openvino", MANIFEST}


class TransformerEncoder:
    """A model folder, run by sentence-transformers with the model's own prompts. May be used from several threads.

    `device`: cuda, mps, cpu; None chooses the best there is. `threads`: of the CPU, for the whole process; None for
    all cores. `half`: 16-bit arithmetic; None means on a GPU only. `batch_size`: None for 32 on the CPU, and 256 on a
    GPU, which small batches leave idle.

    Raises UnusableModel where the folder holds no model that can be loaded.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        name: str | None = None,
        device: str | None = None,
        threads: int | None = None,
        batch_size: int | None = None,
        half: bool | None = None,
    ) -> None:
        self._folder = Path(folder)
        self.name = name or self._folder.resolve().name
        self._model = _load(self._folder, self.name, device)
        if threads:
            _use_threads(threads)
        if self._model.device.type != "cpu" if half is None else half:
            self._model.half()
        self._batch_size = batch_size or (32 if self._model.device.type == "cpu" else 256)
        self._one_at_a_time = Lock()
        self._question_prompt, self._passage_prompt = _prompts(self._model.prompts or {}, self.name)
        self.dimension = int(self._run(["a"], "").shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Of the files and settings; computed when first asked for, at about a second a gigabyte.

        Whether arithmetic is 16 or 32 bits wide stays out: cosines between both were .9999997 at the least, and what
        a GPU embedded in the one is asked for on a CPU in the other.
        """
        limit = self._model.max_seq_length or 0
        card = Card(self.name, self.dimension, self._question_prompt, self._passage_prompt, limit)
        return identity(card, _checksum(self._folder), "float")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encode(texts, self._passage_prompt)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encode(texts, self._question_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._run(texts, prompt)
        # Half precision leaves lengths that are off by a thousandth.
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit

    def _run(self, texts: Sequence[str], prompt: str) -> Vectors:
        encodable_texts = [encodable(text) for text in texts]
        # A fast tokenizer cannot be used twice at once: it changes its own padding.
        with self._one_at_a_time:
            vectors = self._model.encode(
                encodable_texts, prompt=prompt, batch_size=self._batch_size, show_progress_bar=False
            )
        return np.asarray(vectors, np.float32)


def _load(folder: Path, name: str, device: str | None) -> SentenceTransformer:
    if not any((folder / file).is_file() for file in ("modules.json", "config.json")):
        raise UnusableModel(name, f"{folder} has neither modules.json nor config.json; give a model's own folder")
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer

    # A bar over a second's work, and one that also shows where stderr is no terminal.
    logging: Any = import_module("transformers.utils.logging")
    logging.disable_progress_bar()
    try:
        return SentenceTransformer(str(folder), device=device, local_files_only=True)
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        raise UnusableModel(name, str(error).strip() or type(error).__name__) from error


def _use_threads(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


def _prompts(prompts: Mapping[str, str | None], name: str) -> tuple[str, str]:
    """For questions and for passages: the model's own, else what its family was trained with, else none."""
    question = prompts.get("query") or ""
    passage = next(filter(None, map(prompts.get, _PASSAGE_PROMPTS)), "")
    if not question and not passage and _E5.search(name.lower()):
        return _E5_PROMPTS
    return question, passage


def _checksum(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(_model_files(folder)):
        with path.open("rb") as file:
            content = _digest(file)
        total.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return total.hexdigest()


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _model_files(folder: Path) -> list[Path]:
    """Weights and settings, without notes, other formats, and weights that are there a second time."""
    inside = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    ours = [path for path in inside if not _OTHER.intersection(path.parts) and not path.parts[0].startswith(".")]
    weights = [path for path in ours if path.suffix == ".safetensors"]
    weights = weights or [path for path in ours if path.suffix == ".bin"]
    return [folder / path for path in (*weights, *(path for path in ours if path.suffix in _SETTINGS))]
