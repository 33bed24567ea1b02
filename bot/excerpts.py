"""A passage parted at its best sentence, and cut to size around it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.text import clean, head, tail, units

_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The words of a passage: before its best sentence, the sentence, and after it."""

    before: str
    best: str
    after: str

    @classmethod
    def of(cls, text: str, highlight: tuple[int, int] | None) -> Excerpt:
        """The whole passage, cleaned; without a highlight all of it stands in `after`."""
        start, end = highlight or (0, 0)
        return cls(clean(text[:start]), clean(text[start:end]), clean(text[end:]))

    @property
    def size(self) -> int:
        """UTF-16 units of all three."""
        return units(self.before) + units(self.best) + units(self.after)

    @property
    def least(self) -> int:
        """UTF-16 units of the best sentence with an ellipsis on each side that has more."""
        return units(self.best) + bool(self.before) + bool(self.after)


def excerpt(passage: Excerpt, limit: int) -> Excerpt:
    """At most `limit` UTF-16 units of the passage: the best sentence first, then what stands around it.

    What is left out is marked with an ellipsis. Only a sentence longer than `limit` loses its end.
    """
    if passage.size <= limit:
        return passage
    if passage.least > limit:
        return Excerpt("", head(passage.best, limit - 1) + _ELLIPSIS, "")
    room = limit - units(passage.best)
    before, after = units(passage.before), units(passage.after)
    room_before = min(before, max(room // 2, room - after))
    return Excerpt(_end(passage.before, room_before), passage.best, _start(passage.after, room - room_before))


def _start(text: str, limit: int) -> str:
    return text if units(text) <= limit else head(text, limit - 1) + _ELLIPSIS


def _end(text: str, limit: int) -> str:
    return text if units(text) <= limit else _ELLIPSIS + tail(text, limit - 1)
