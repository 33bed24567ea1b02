"""Text that may hold anything, made fit to send: cleaned, measured and cut."""

from __future__ import annotations

import re
import unicodedata

import regex

_CONTROLS = {code: " " for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
_LINE_ENDS = {0x2028: "\n", 0x2029: "\n"}
# Left open, these would turn round the text that follows; Telegram drops them too.
_DIRECTION_OVERRIDES = dict.fromkeys(range(0x202A, 0x202F))
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_HARMLESS = {**_CONTROLS, **_LINE_ENDS, **_DIRECTION_OVERRIDES, **_SURROGATES}
# Blanks of Hangul and Braille, which Unicode counts among letters and symbols.
_BLANK = "\u115f\u1160\u3164\uffa0\u2800"
_VISIBLE = regex.compile(r"\X")
"""What is drawn as one (https://www.unicode.org/reports/tr29/): flags, families, letters with their marks."""
# Who writes Chinese puts no blank behind a command; `-5` keeps its sign.
_PAUSE = re.compile(r"(?:[\s,，:：、。;；]|-(?!\d))*")


def clean(text: str) -> str:
    """The text without control characters, direction overrides and lone surrogates."""
    return re.sub(r"\r\n?", "\n", text).translate(_HARMLESS)


def one_line(text: str) -> str:
    """The cleaned text on a single line."""
    return " ".join(clean(text).split())


def after_pause(words: str) -> str:
    """What follows a command, without the blanks, commas or colons between the two."""
    return _PAUSE.sub("", words, count=1).rstrip()


def legible(text: str) -> bool:
    """Whether anything of the text can be seen: Telegram takes no button or title of spaces and the like."""
    return any(char not in _BLANK and unicodedata.category(char)[0] not in "ZCM" for char in text)


def units(text: str) -> int:
    """Length in UTF-16 code units, the way Telegram counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def head(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` UTF-16 units that parts no visible character."""
    return text[: _boundaries(text, _fitting(text, limit))[0]]


def tail(text: str, limit: int) -> str:
    """The longest ending of at most `limit` UTF-16 units that parts no visible character."""
    return text[_boundaries(text, len(text) - _fitting(text[::-1], limit))[1] :]


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `limit` UTF-16 units."""
    return text if units(text) <= limit else head(text, limit - 1).rstrip() + "…"


def _fitting(text: str, limit: int) -> int:
    """How many characters from the start fit into `limit` UTF-16 units."""
    used = 0
    for count, char in enumerate(text):
        used += 2 if char > "\uffff" else 1
        if used > limit:
            return count
    return len(text)


def _boundaries(text: str, at: int) -> tuple[int, int]:
    """Where what is drawn as one around `at` begins and ends; `at` twice where nothing is parted there."""
    start = max(0, at - 1)
    while start > 0 and not _begins(text[start]):
        start -= 1
    for found in _VISIBLE.finditer(text, start):
        if found.end() > at:
            return (found.start(), found.end()) if found.start() < at else (at, at)
    return at, at


def _begins(char: str) -> bool:
    """Whether the character surely goes on nothing that stands before it: ASCII and ideographs do not."""
    return char.isascii() or "\u4e00" <= char <= "\u9fff"
