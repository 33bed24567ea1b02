"""The hexo-abbrlink plugin: an article's address is a checksum of its title.

Source: hexo-abbrlink, lib/logic.js of 2.2.1 (title only) and of its unreleased 2.2.2 (title and date).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from retrieval.reading.links.link import NoAddress
from retrieval.reading.links.scalars import text_of, title_of


@dataclass(frozen=True, slots=True)
class Abbrlink:
    """The plugin's settings."""

    crc32: bool = False
    hexadecimal: bool = False
    dated: bool = False
    """Title and date are summed, as the plugin's unreleased version does."""
    force: bool = False
    """An `abbrlink` in the front matter is replaced."""

    @classmethod
    def named(cls, name: str) -> Abbrlink:
        """The settings called `crc16-hex`, `crc32-dec`, `crc16-hex-dated`...; ValueError for another name."""
        algorithm, _, rest = name.strip().lower().partition("-")
        form, _, dated = rest.partition("-")
        if algorithm not in ("crc16", "crc32") or form not in ("dec", "hex") or dated not in ("", "dated"):
            raise ValueError(f"{name!r} is not known; choose crc16-hex, crc16-dec, crc32-hex or crc32-dec")
        return cls(algorithm == "crc32", form == "hex", bool(dated))

    @property
    def probes(self) -> bool:
        """A taken value is moved to the next free one. The released version misses that with `hex`."""
        return self.dated or not self.hexadecimal


def code(front: Mapping[str, object], settings: Abbrlink) -> str:
    """The `:abbrlink` of a post, as if no other post had the same.

    Raises NoAddress where the sum depends on the building machine.
    """
    if is_written(front, settings):
        return text_of(front["abbrlink"], "abbrlink")
    value = checksum(front, settings)
    return f"{value:x}" if settings.hexadecimal else str(value)


def is_written(front: Mapping[str, object], settings: Abbrlink) -> bool:
    """Whether the plugin keeps the value that stands in the front matter."""
    return bool(front.get("abbrlink")) and not settings.force


def checksum(front: Mapping[str, object], settings: Abbrlink) -> int:
    """The number that a post's code is made of."""
    title = front.get("title")
    text = "" if title is None else title_of(title)
    data = (text + (_date(front) if settings.dated else "")).encode("utf-8", "replace")
    return zlib.crc32(data) if settings.crc32 else crc16(data)


def _date(front: Mapping[str, object]) -> str:
    if "date" not in front:
        return "undefined"
    if isinstance(front["date"], str):
        return front["date"]
    raise NoAddress("the address is a checksum of the date as the building machine prints it")


def crc16(data: bytes) -> int:
    """CRC-16/ARC: reflected polynomial 0xA001, initial value 0; b"123456789" gives 0xbb3d."""
    value = 0
    table = _table()
    for byte in data:
        value = value >> 8 ^ table[(value ^ byte) & 0xFF]
    return value


@cache
def _table() -> tuple[int, ...]:
    def entry(value: int) -> int:
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        return value

    return tuple(map(entry, range(256)))


def number(front: Mapping[str, object], settings: Abbrlink) -> int | None:
    """The number that a post takes, were it alone; None where that is not known."""
    try:
        return int(code(front, settings), 16 if settings.hexadecimal else 10)
    except (NoAddress, ValueError):
        return None


def contested(numbers: Iterable[int]) -> set[int]:
    """Numbers that may go to another post: posts take the next free one, in an order that varies by build."""
    moved: set[int] = set()
    free = -1
    for value, posts in sorted(Counter(numbers).items()):
        if posts > 1 or value < free:
            moved.add(value)
        free = max(value, free) + posts
    return moved
