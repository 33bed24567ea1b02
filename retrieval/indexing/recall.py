"""Recall: texts, of which only those go through an encoder that are not remembered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, Vectors, fingerprint
from embeddings.stream import Encoded, Part, encode_stream
from retrieval.records import BuildReport


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is remembered of some texts."""

    known: NDArray[np.bool_]
    """(texts,) whether it is."""
    vectors: Vectors
    """(those that are, dimension) float32."""


class RecallingEncoder(ABC):
    """An encoder that encodes only what it does not remember."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.fingerprint = fingerprint(encoder)
        self._encoder = encoder
        self._found = 0

    @abstractmethod
    def _remember(self, texts: Sequence[str]) -> Recalled:
        """What is remembered of `texts`."""

    @abstractmethod
    def _note(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Take note of what was encoded, as it comes."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length; only what is not remembered goes through the encoder."""
        (encoded,) = self.encode_stream([Part([], [], texts)])
        return encoded.singles

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encoder.encode_questions(texts)

    def encode_stream(self, parts: Iterable[Part]) -> Iterator[Encoded]:
        """The vectors of each part, in order.

        A part is remembered as a whole, or not at all, but where a rebuild was killed or articles changed: what is left
        of such a one is encoded by itself, not together.
        """
        waiting: deque[_Asked] = deque()
        for encoded in encode_stream(self._encoder, self._unknown(parts, waiting)):
            asked = waiting.popleft()
            fresh = np.concatenate([encoded.texts, encoded.sentences, encoded.singles])
            self._note(asked.unknown, fresh)
            yield asked.completed(fresh)

    def corrected(self, report: BuildReport) -> BuildReport:
        """The report of a build that took what was remembered for embedded."""
        return replace(report, embedded=report.embedded - self._found, reused=report.reused + self._found)

    def _unknown(self, parts: Iterable[Part], waiting: deque[_Asked]) -> Iterator[Part]:
        """What is to be encoded of each part, which is `waiting` from then on."""
        for part in parts:
            texts = _texts(part)
            recalled = self._remember(texts)
            self._found += int(recalled.known.sum())
            unknown = [text for text, known in zip(texts, recalled.known.tolist(), strict=True) if not known]
            waiting.append(_Asked(part, recalled, unknown))
            yield part if len(unknown) == len(texts) else Part([], [], unknown)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A part on its way."""

    part: Part
    recalled: Recalled
    unknown: Sequence[str]

    def completed(self, fresh: Vectors) -> Encoded:
        """All its vectors, what was remembered put between what is `fresh`."""
        known = self.recalled.known
        vectors = np.empty((len(known), fresh.shape[1]), np.float32)
        vectors[known], vectors[~known] = self.recalled.vectors, fresh
        sentences, singles = len(self.part.texts), len(known) - len(self.part.singles)
        return Encoded(vectors[:sentences], vectors[sentences:singles], vectors[singles:])


def _texts(part: Part) -> list[str]:
    """All texts of a part, in the order of its vectors."""
    split = [text[start:end] for text, spans in zip(part.texts, part.sentences, strict=True) for start, end in spans]
    return [*part.texts, *split, *part.singles]
