"""Formats of front matter: YAML, TOML and JSON parsed without trusting what stands in them."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import yaml

from retrieval.reading.mending import Fields

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_CHARACTERS = 100_000
MAX_NODES = 5_000
MAX_DEPTH = 12
MAX_BITS = 1_000
"""Of a whole number: Python makes a decimal, and a float, of one so large, and fails at larger ones."""

_LEVELS = re.compile(r"[\[{]|(?<!\S)[-?](?=\s)")
"""What may open a level; libyaml goes down one call for each, and dies of too many."""


def bounded(block: str) -> str:
    """`block`, if it is of a size that a parser survives. Raises ValueError."""
    if len(block) > MAX_CHARACTERS:
        raise ValueError(f"front matter of more than {MAX_CHARACTERS:,} characters")
    if sum(1 for _ in _LEVELS.finditer(block)) > MAX_NODES or block.count(".") > MAX_NODES:
        raise ValueError("front matter with too many values")
    return block


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader; `<<` merges no more than a person could have meant."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        super().flatten_mapping(node)
        if len(node.value) > MAX_NODES:
            raise ValueError("front matter with too many values")


def yaml_fields(block: str) -> Fields:
    """The fields of a YAML mapping. Raises yaml.YAMLError, ValueError, RecursionError."""
    loader = _Loader(block)
    try:
        node = loader.get_single_node()
        raw = _scalars(node, block)
        return _fields(loader.construct_document(node) if node is not None else {}), raw
    except (ArithmeticError, AttributeError, LookupError) as exc:
        # What PyYAML ends with at `!!int ""`, at `!!timestamp soon`, and at a number too large for a float.
        raise ValueError("a value that is not what it says it is") from exc
    finally:
        loader.dispose()


def toml_fields(block: str) -> Fields:
    """The fields of a TOML document. Raises ValueError, RecursionError."""
    return _fields(tomllib.loads(block)), {}


def json_fields(block: str) -> Fields:
    """The fields of a JSON object with or without its braces. Raises ValueError, RecursionError."""
    return _fields(json.loads("{" + block.strip().strip("{}").rstrip().rstrip(",") + "}")), {}


def _fields(values: Any) -> dict[str, object]:
    if not isinstance(values, dict):
        raise ValueError("front matter is not a list of fields")
    return plain(values)


def _scalars(node: yaml.Node | None, block: str) -> dict[str, str]:
    """Top-level scalars as written; PyYAML's nodes keep them beside the typed values."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        key.value: _title_as_written(value, block) if key.value == "title" else value.value
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }


def _title_as_written(value: yaml.ScalarNode, block: str) -> str:
    """A title of one line without quotes whole: ` #` begins a comment for YAML, and `&` names an anchor."""
    line = block.split("\n")[value.start_mark.line]
    written = line.partition(":")[2].strip()
    bare = not value.style and value.start_mark.line == value.end_mark.line and value.value in written
    return written if bare and line.startswith("title") and not written.startswith("# ") else str(value.value)


def reason(error: Exception) -> str:
    """What a parser says, in one line."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{error.problem} in line {error.problem_mark.line + 1}"
    return " ".join(str(error).split())[:200] or type(error).__name__


def plain(values: object) -> dict[str, object]:
    """A bounded copy with string keys. A few lines of YAML aliases can stand for billions of nodes.

    Raises ValueError where there are too many, or a number is too large.
    """
    budget = [MAX_NODES]

    def copy(value: object, depth: int) -> object:
        budget[0] -= 1
        if budget[0] < 0 or depth > MAX_DEPTH:
            raise ValueError("front matter with too many values")
        if isinstance(value, dict):
            return {str(key).strip(): copy(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return [copy(item, depth + 1) for item in value]
        if isinstance(value, int) and value.bit_length() > MAX_BITS:
            raise ValueError("front matter with a number too large")
        return value

    copied = copy(values, 0)
    return copied if isinstance(copied, dict) else {}
