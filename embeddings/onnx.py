"""An encoder on the CPU that needs onnxruntime and tokenizers only, and starts in half a second."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as runtime
from tokenizers import Tokenizer

from embeddings.batches import Batch, batches
from embeddings.card import Card
from embeddings.encoder import Vectors, encodable
from embeddings.errors import UnusableModel

# A batch should stay in a core's own cache, yet be large enough to be worth the call. On passages of 85 tokens two
# cores took 19,500 tokens a second at 320 tokens a batch and 20,600 at 640; from 800 on it falls.
_BATCH_TOKENS = 640
# What onnxruntime raises at a graph that it cannot load; these have no root of their own.
_REFUSALS = (
    runtime.Fail,
    runtime.InvalidGraph,
    runtime.InvalidProtobuf,
    runtime.NoSuchFile,
    runtime.NotImplemented,
    runtime.RuntimeException,
)
# Texts tokenised at once: enough to find equal lengths, few enough to hold their tokens.
_WINDOW = 2048


class OnnxEncoder:
    """A graph of token ids to unit vectors, and its tokenizer. May be used from several threads.

    Each core runs a batch of its own: on few tokens that is faster than cores that share one batch, and it needs
    no more than the cores themselves to be busy. `threads`: None for as many as there are cores.
    """

    def __init__(
        self, graph: Path, tokenizer: Path, card: Card, *, fingerprint: str, threads: int | None = None
    ) -> None:
        self.name = card.name
        self.dimension = card.dimension
        self.fingerprint = fingerprint
        self._card = card
        self._session = _session(graph)
        self._tokenizer = _tokenizer(tokenizer, card.max_tokens)
        self._cores = ThreadPoolExecutor(threads or _core_count(), "encoder")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encode(texts, self._card.passage_prompt)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encode(texts, self._card.question_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _WINDOW):
            window = [prompt + encodable(text) for text in texts[start : start + _WINDOW]]
            self._encode_window(window, vectors[start : start + _WINDOW])
        return vectors

    def _encode_window(self, texts: list[str], vectors: Vectors) -> None:
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        work = list(batches(tokens, _BATCH_TOKENS))
        results = map(self._run, work) if len(work) == 1 else self._cores.map(self._run, work)
        for batch, result in zip(work, results, strict=True):
            vectors[list(batch.positions)] = result

    def _run(self, batch: Batch) -> Vectors:
        (vectors,) = self._session.run(None, {"tokens": batch.tokens})
        result: Vectors = vectors
        return result


def _session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Batches come in many shapes; memory plans for each would only be kept.
    options.enable_mem_pattern = False
    # Beyond the basic level, Add and LayerNormalization would be fused into an operator that is slower.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except _REFUSALS as error:
        raise UnusableModel(str(graph), str(error)) from error


def _tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _core_count() -> int:
    """Of the cores that this process may use, which in a container can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
