"""Pieces: texts as token ids, and where in a text each of its tokens stands.

The same ids as of the `tokenizers` that the model's folder holds, but for ties, in a fifth of the memory (55 MB for
280), read in half the time and found in a third of it: sentencepiece keeps the vocabulary in a double array
(Kudo, Richardson 2018, "SentencePiece: A simple and language independent subword tokenizer").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any

from sentencepiece import SentencePieceProcessor
from tokenizers.normalizers import Normalizer

from embeddings.encoder import encodable
from embeddings.together import Spans
from embeddings.tokenizer import normalizer
from embeddings.weights import Vocabulary

BLANK = "▁"
"""Stands for a space, and before the first word of a text."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A text's tokens and sentences: places are those of characters, normalised, behind the prompt."""

    ids: list[int]
    """`<s>` before and `</s>` behind."""
    lasts: list[int]
    """Of the last character of each token but `</s>`, in order; below 0 in the prompt."""
    sentences: Spans
    """Of each sentence that the model's reach holds whole; where it does not, nothing: [0, 0)."""


class Pieces:
    """Token ids of texts, `<s>` before and `</s>` behind; may be used from several threads."""

    def __init__(self, file: Path, max_tokens: int) -> None:
        self._processor = SentencePieceProcessor(model_file=str(file), num_threads=1)
        self._normalizer: Normalizer = normalizer()
        self._max_tokens = max_tokens

    def ids(self, prompt: str, texts: Sequence[str]) -> list[list[int]]:
        """Those of each text behind the prompt, cut at the most that the model takes."""
        return [self._whole(found) for found in self._processor.encode([self._normal(prompt + text) for text in texts])]

    def placed(self, prompt: str, texts: Sequence[str], sentences: Sequence[Spans]) -> list[Placed]:
        """The tokens of each text behind the prompt, and where they and its sentences stand."""
        normal = [self._normal(prompt + text) for text in texts]
        ids, pieces = self._processor.encode(normal), self._processor.encode(normal, out_type=str)
        first = len(self._normal(prompt))
        return [
            Placed(self._whole(tokens), *self._places(surfaces, self._spans(prompt, text, spans, whole), first))
            for text, spans, whole, tokens, surfaces in zip(texts, sentences, normal, ids, pieces, strict=True)
        ]

    def own(self, prompt: str, texts: Sequence[Sequence[int]]) -> list[slice]:
        """Where among the ids of each text are those of the text itself, without the prompt's and the ends."""
        first = 1 + len(self._processor.encode(self._normalizer.normalize_str(prompt.rstrip())))
        blank = self._processor.piece_to_id(BLANK)
        # The space behind the prompt is a token where the text's first word does not take it in.
        starts = [first + (first < len(ids) - 1 and ids[first] == blank) for ids in texts]
        return [slice(start, len(ids) - 1) for start, ids in zip(starts, texts, strict=True)]

    def _normal(self, text: str) -> str:
        return self._normalizer.normalize_str(encodable(text))

    def _whole(self, found: list[int]) -> list[int]:
        return [self._processor.bos_id(), *found[: self._max_tokens - 2], self._processor.eos_id()]

    def _places(self, surfaces: Sequence[str], spans: Spans, first: int) -> tuple[list[int], Spans]:
        """Last characters of tokens, and sentences that are not cut off; `first`: characters before the text."""
        # Pieces begin with a blank that is no character of the text, and a token with the blank before its word: it
        # belongs where the word is, so its last character tells.
        reached = surfaces[: self._max_tokens - 2]
        lasts = list(accumulate(map(len, reached), initial=-2 - first))
        cut = len(reached) < len(surfaces)
        return lasts, [(0, 0) if cut and end > lasts[-1] + 1 else (start, end) for start, end in spans]

    def _spans(self, prompt: str, text: str, spans: Spans, whole: str) -> Spans:
        """Of sentences in `whole`, the normalised text, behind the prompt; [0, 0) where that cannot be told."""
        bounds = [0, *chain.from_iterable(spans), len(text)]
        joined = prompt = self._normal(prompt)
        places = []
        for start, end in pairwise(bounds):
            part = self._normal(text[start:end])
            places.append(len(joined) - len(prompt))
            # Of several spaces one is left, wherever they come from.
            joined += part.removeprefix(" ") if joined.endswith(" ") else part
        # A mark behind the end of a sentence may be part of its last character then.
        return list(zip(places[1::2], places[2::2], strict=True)) if joined == whole else [(0, 0)] * len(spans)


def pieces_model(vocabulary: Vocabulary) -> bytes:
    """A sentencepiece model of the vocabulary, for texts that are normalised already."""
    from sentencepiece import sentencepiece_model_pb2

    format: Any = sentencepiece_model_pb2
    model, kinds = format.ModelProto(), format.ModelProto.SentencePiece
    controls = (vocabulary.beginning, vocabulary.padding, vocabulary.end, len(vocabulary.pieces) - 1)
    for token, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True)):
        kind = kinds.CONTROL if token in controls else kinds.UNKNOWN if token == vocabulary.unknown else kinds.NORMAL
        model.pieces.add(piece=piece, score=score, type=kind)
    trained = model.trainer_spec
    trained.model_type, trained.vocab_size = format.TrainerSpec.UNIGRAM, len(vocabulary.pieces)
    trained.bos_id, trained.pad_id = vocabulary.beginning, vocabulary.padding
    trained.eos_id, trained.unk_id = vocabulary.end, vocabulary.unknown
    normal = model.normalizer_spec
    normal.name, normal.add_dummy_prefix = "identity", True
    normal.remove_extra_whitespaces, normal.escape_whitespaces = False, True
    serialized: bytes = model.SerializeToString()
    return serialized
