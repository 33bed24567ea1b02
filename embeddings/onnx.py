"""An encoder on the CPU that needs onnxruntime and sentencepiece only, and starts in half a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as runtime

from embeddings.batches import Batch, batches
from embeddings.card import Card
from embeddings.cores import core_count
from embeddings.encoder import Vectors
from embeddings.errors import UnusableModel
from embeddings.pieces import Pieces
from embeddings.shares import Share, shares
from embeddings.together import Spans, Together
from embeddings.tokens import Tokens

# A batch should stay in a core's own cache, yet be large enough to be worth the call. At 320 and 640 tokens passages
# and their sentences take the same time, at 160 2% more, and from 800 on more, too. The fewer texts share the scale of
# a layer's inputs, the nearer their vectors are to what each has alone.
_BATCH_TOKENS = 320
# The texts of a batch share the scale of a layer's inputs. A text's tokens must not depend on what else is compared
# with a question, so that its answer is the same each time; one by one, 24 sentences take 2% longer.
_ALONE = 1
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
# Passages whose states are kept until their sentences are done: 50 MB at the most. No faster with more.
_SHARED_WINDOW = 64

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Graphs, the tokenizer, and how rare each of its tokens is."""

    lower: Path
    """Token ids -> states."""
    middle: Path
    """These states -> states at which tokens are compared."""
    upper: Path
    """The lower graph's states -> unit vectors."""
    pieces: Path
    """The tokenizer's."""
    rarity: Path
    """(vocabulary,) float32."""


class OnnxEncoder:
    """Two graphs, of token ids to states and on to unit vectors, and a tokenizer. May be used from several threads.

    A sentence goes through the upper graph only: its states behind the lower one are its passage's. A third graph, for
    single tokens, is loaded when they are first asked for.

    Each core runs a batch of its own: on few tokens that is faster than cores that share one batch, and it needs
    no more than the cores themselves to be busy. `threads`: None for as many as there are cores.
    """

    def __init__(self, files: ModelFiles, card: Card, *, fingerprint: str, threads: int | None = None) -> None:
        self.name = card.name
        self.dimension = card.dimension
        self.fingerprint = fingerprint
        self._card = card
        self._files = files
        self._lower, self._upper = _session(files.lower), _session(files.upper)
        self._pieces = Pieces(files.pieces, card.max_tokens)
        self._cores = ThreadPoolExecutor(threads or core_count(), "encoder")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encode(texts, self._card.passage_prompt)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encode(texts, self._card.question_prompt)

    def encode_together(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Together:
        """Vectors of `texts` as `encode_passages` gives them, and of their sentences."""
        passages = np.empty((len(texts), self.dimension), np.float32)
        firsts = np.cumsum([0, *map(len, sentences)])
        singles = np.empty((firsts[-1], self.dimension), np.float32)
        for start in range(0, len(texts), _SHARED_WINDOW):
            window = slice(start, start + _SHARED_WINDOW)
            rows = slice(firsts[start], firsts[min(start + _SHARED_WINDOW, len(texts))])
            self._encode_shared(texts[window], sentences[window], passages[window], singles[rows])
        return Together(passages, singles)

    def question_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """The tokens of each question."""
        return self._tokens(texts, self._card.question_prompt)

    def passage_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """The tokens of each passage."""
        return self._tokens(texts, self._card.passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _WINDOW):
            tokens = self._pieces.ids(prompt, texts[start : start + _WINDOW])
            for batch, (_, result) in self._each(self._run, batches(tokens, _BATCH_TOKENS)):
                vectors[start : start + _WINDOW][list(batch.positions)] = result
        return vectors

    def _encode_shared(
        self, texts: Sequence[str], sentences: Sequence[Spans], passages: Vectors, singles: Vectors
    ) -> None:
        prompt = self._card.passage_prompt
        placed = self._pieces.placed(prompt, texts, sentences)
        states = self._encode_whole([each.ids for each in placed], passages)
        parts = list(shares(placed))
        self._encode_parts(parts, states, singles)
        flat = [text[start:end] for text, spans in zip(texts, sentences, strict=True) for start, end in spans]
        apart = [row for row, part in enumerate(parts) if not part.places]
        singles[apart] = self.encode_passages([flat[row] for row in apart])

    def _encode_whole(self, tokens: Sequence[Sequence[int]], passages: Vectors) -> dict[int, Vectors]:
        """Fills in `passages`, and gives each text's (tokens, hidden) states behind the lower graph."""
        states: dict[int, Vectors] = {}
        for batch, (lower, vectors) in self._each(self._run, batches(tokens, _BATCH_TOKENS)):
            passages[list(batch.positions)] = vectors
            states.update(zip(batch.positions, lower, strict=True))
        return states

    def _encode_parts(self, parts: Sequence[Share], states: Mapping[int, Vectors], singles: Vectors) -> None:
        rows = [row for row, part in enumerate(parts) if part.places]

        def run(batch: Batch) -> Vectors:
            texts = (parts[rows[position]].text for position in batch.positions)
            chosen = np.stack([states[text][places] for text, places in zip(texts, batch.tokens, strict=True)])
            (vectors,) = self._upper.run(None, {"states": chosen})
            result: Vectors = vectors
            return result

        for batch, vectors in self._each(run, batches([parts[row].places for row in rows], _BATCH_TOKENS)):
            singles[[rows[position] for position in batch.positions]] = vectors

    def _tokens(self, texts: Sequence[str], prompt: str) -> list[Tokens]:
        tokens = self._pieces.ids(prompt, texts)
        states: dict[int, Vectors] = {}
        for batch, behind in self._each(self._run_middle, batches(tokens, _ALONE)):
            states.update(zip(batch.positions, behind, strict=True))
        own = self._pieces.own(prompt, tokens)
        return [
            Tokens(states[at][place], self._rarity[np.array(ids[place], np.int64)])
            for at, (ids, place) in enumerate(zip(tokens, own, strict=True))
        ]

    @cached_property
    def _middle(self) -> onnxruntime.InferenceSession:
        return _session(self._files.middle)

    @cached_property
    def _rarity(self) -> Vectors:
        rarity: Vectors = np.load(self._files.rarity, mmap_mode="r")
        return rarity

    def _run_middle(self, batch: Batch) -> Vectors:
        (states,) = self._lower.run(None, {"tokens": batch.tokens})
        (behind,) = self._middle.run(None, {"states": states})
        result: Vectors = behind
        return result

    def _run(self, batch: Batch) -> tuple[Vectors, Vectors]:
        """States (texts, tokens, hidden) behind the lower graph, and vectors."""
        (states,) = self._lower.run(None, {"tokens": batch.tokens})
        (vectors,) = self._upper.run(None, {"states": states})
        return states, vectors

    def _each(self, run: Callable[[Batch], _Result], work: Iterable[Batch]) -> Iterator[tuple[Batch, _Result]]:
        """What `run` makes of each batch, in order."""
        work = list(work)
        results = map(run, work) if len(work) == 1 else self._cores.map(run, work)
        return zip(work, results, strict=True)


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
