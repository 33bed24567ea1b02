"""Messages: rows in portions that a server takes, and what may stand before it: both limit what one message holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

MOST = 4_000_000
"""Bytes of a message, unless a row has more."""


def messages(rows: Iterable[Mapping[str, object]]) -> Iterator[list[Mapping[str, object]]]:
    """`rows` in order, as many in a message as it may hold."""
    message: list[Mapping[str, object]] = []
    left = MOST
    for row in rows:
        size = sum(map(_size, row.values()))
        if message and size > left:
            yield message
            message, left = [], MOST
        message.append(row)
        left -= size
    if message:
        yield message


def _size(value: object) -> int:
    """About how many bytes of a message a value takes."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, (list, dict)):
        return sum(len(each.encode()) if isinstance(each, str) else 10 for each in value)
    return 10
