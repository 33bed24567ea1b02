"""What a catalogue stores of a passage, and in which form."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

SPAN = 8
"""Bytes that a sentence's place takes."""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it was indexed."""

    number: int
    """Its row in the vector index."""
    article: int
    text: str
    headings: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    """[start, end) of each sentence in `text`."""


def squeeze(text: str) -> bytes:
    """A text that is read seldom: when it is shown."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def unsqueeze(stored: object) -> str:
    """What `squeeze` stored."""
    return zlib.decompress(stored).decode("utf-8", "surrogatepass")  # type: ignore[arg-type]


def pack_spans(sentences: Sequence[tuple[int, int]]) -> bytes:
    """Places of sentences, four bytes a number."""
    return np.array(sentences, dtype="<u4").tobytes()


def unpack_spans(packed: bytes) -> tuple[tuple[int, int], ...]:
    """What `pack_spans` packed."""
    return tuple((start, end) for start, end in np.frombuffer(packed, dtype="<u4").reshape(-1, 2).tolist())


def pack_date(written: datetime | date | None) -> str | None:
    """An article's date in ISO 8601."""
    return written.isoformat() if written else None


def unpack_date(text: str | None) -> datetime | date | None:
    """What `pack_date` packed."""
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
