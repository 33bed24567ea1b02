"""Mending: the fields of a front matter that its parser refused, each read for itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

import yaml

Fields: TypeAlias = tuple[dict[str, object], dict[str, str]]
"""Values by key, and the scalars among them as they are written."""

_ITEM = re.compile(r"^[ \t]*-[ \t]+(.*)$")
_QUOTES = "\"'"
_SPLIT_QUOTES = re.compile(r"\A[^\"']*\S[\"']\s.*\s[\"'][^\"'\s][^\"']*\Z", re.DOTALL)
"""What is between the outer quotes of `"one" and "two"`."""


def mend(block: str, parse: Callable[[str], Fields], separator: str) -> Fields:
    """The fields of `block`: what `parse` makes of each alone, else what stands behind the key.

    The first of a doubled key is kept; `- ` lines make a list; other lines continue the value above them.
    """
    values: dict[str, object] = {}
    raw: dict[str, str] = {}
    for key, lines in _parts(block.replace("\t", "  "), separator):
        if key not in values:
            found, written = _alone(key, lines, parse)
            values[key] = found
            if written is not None:
                raw[key] = written
    return values, raw


def _parts(block: str, separator: str) -> Iterator[tuple[str, list[str]]]:
    """Each key at the beginning of a line, and its lines."""
    pattern = re.compile(rf"[\"']?([A-Za-z_][\w-]*)[\"']?[ \t]*{separator}")
    key, lines = "", list[str]()
    for line in block.split("\n"):
        # Members of a broken object are indented.
        match = pattern.match(line.lstrip() if line.lstrip().startswith('"') else line)
        if match:
            if key:
                yield key, lines
            key, lines = match[1], []
        lines.append(line)
    if key:
        yield key, lines


def _alone(key: str, lines: list[str], parse: Callable[[str], Fields]) -> tuple[object, str | None]:
    try:
        values, raw = parse("\n".join(lines))
        if key in values:
            return values[key], raw.get(key)
    except (ValueError, yaml.YAMLError, RecursionError, TypeError):
        pass
    value = _by_hand(lines)
    return value, value if isinstance(value, str) else None


def _by_hand(lines: list[str]) -> object:
    first = re.split("[:\uff1a=]", lines[0], maxsplit=1)[1].strip()
    more = [line for line in lines[1:] if line.strip() and not line.lstrip().startswith("#")]
    items = [item[1] for line in more if (item := _ITEM.match(line))]
    if items and not first:
        return [unquote(item) for item in items]
    value = unquote(" ".join(map(str.strip, [first, *more])).strip().rstrip(","))
    return _flow(value) if value.startswith("[") and (value.endswith("]") or "]" not in value) else value


def _flow(value: str) -> list[str]:
    return [unquote(item) for item in value.strip("[]").split(",") if item.strip()]


def unquote(value: str) -> str:
    """`value` without blanks and the layers of matching quotes around it."""
    value = value.strip()
    while len(value) >= 2 and value[0] == value[-1] and value[0] in _QUOTES and not _SPLIT_QUOTES.match(value[1:-1]):
        value = value[1:-1].strip()
    return value
