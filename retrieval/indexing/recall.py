"""Recall: a stream of texts, of which only those go through an encoder that are not remembered."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, Vectors
from embeddings.stream import Encoded, Part, encode_stream


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is remembered of some texts."""

    known: NDArray[np.bool_]
    """(texts,) whether it is."""
    vectors: Vectors
    """(those that are, dimension) float32."""


Remember: TypeAlias = Callable[[Sequence[str]], Recalled]
Note: TypeAlias = Callable[[Sequence[str], Vectors], None]


def recalled_stream(encoder: Encoder, parts: Iterable[Part], remember: Remember, note: Note) -> Iterator[Encoded]:
    """The vectors of each part, in order; `note` is given what was encoded, as it comes.

    A part is remembered as a whole, or not at all, but where a rebuild was killed or articles changed: what is left of
    such a one is encoded by itself, not together.
    """
    waiting: deque[_Asked] = deque()
    for encoded in encode_stream(encoder, _unknown(parts, remember, waiting)):
        asked = waiting.popleft()
        fresh = np.concatenate([encoded.texts, encoded.sentences, encoded.singles])
        note(asked.unknown, fresh)
        yield asked.completed(fresh)


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


def _unknown(parts: Iterable[Part], remember: Remember, waiting: deque[_Asked]) -> Iterator[Part]:
    """What is to be encoded of each part, which is `waiting` from then on."""
    for part in parts:
        texts = _texts(part)
        recalled = remember(texts)
        unknown = [text for text, known in zip(texts, recalled.known.tolist(), strict=True) if not known]
        waiting.append(_Asked(part, recalled, unknown))
        yield part if len(unknown) == len(texts) else Part([], [], unknown)


def _texts(part: Part) -> list[str]:
    """All texts of a part, in the order of its vectors."""
    split = [text[start:end] for text, spans in zip(part.texts, part.sentences, strict=True) for start, end in spans]
    return [*part.texts, *split, *part.singles]
