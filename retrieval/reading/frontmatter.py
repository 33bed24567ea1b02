"""Front matter: the block of fields on top of a post, however broken.

Forms: YAML between `---`, TOML between `+++`, JSON in braces or between `;;;`, and Hexo's YAML without a first
fence. Blank lines may stand before it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import yaml
from frontmatter.default_handlers import YAMLHandler

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_CHARACTERS = 100_000
MAX_NODES = 5_000
MAX_DEPTH = 12

_FENCED = re.compile(r"\A\s*(---+|\+\+\++|;;;+)[ \t]*\n(.*?)^\1[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_JSON = re.compile(r"\A\s*(?=\{)")
_UNFENCED = re.compile(r"((?:[A-Za-z][\w-]*:.*\n|[ \t].*\n|\n)+?)---+[ \t]*(?:\n|\Z)")
_KEY = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*[::](.*)$")
_ITEM = re.compile(r"^[ \t]*-[ \t]+(.*)$")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a post."""

    values: Mapping[str, object] = field(default_factory=dict)
    """As the format's own parser types them; strings where the block had to be mended."""
    raw: Mapping[str, str] = field(default_factory=dict)
    """Scalars as they are written, unquoted: a title `1.10` is "1.10" here, and 1.1 in `values`."""
    problem: str | None = None
    """Why the block could not be read as it stands."""


def split(text: str) -> tuple[FrontMatter, str]:
    """The front matter on top of `text`, and the body below it."""
    for form in (_split_fenced, _split_json, _split_unfenced):
        found = form(text)
        if found is not None:
            return found
    return FrontMatter(), text


def _split_fenced(text: str) -> tuple[FrontMatter, str] | None:
    match = _FENCED.match(text)
    if match is None:
        return None
    parse = {"-": _yaml, "+": _toml, ";": _braceless_json}[match[1][0]]
    return parse(match[2]), text[match.end() :]


def _split_json(text: str) -> tuple[FrontMatter, str] | None:
    start = _JSON.match(text)
    if start is None:
        return None
    try:
        values, end = json.JSONDecoder().raw_decode(text, start.end())
        return FrontMatter(_plain(values)), text[end:]
    except (ValueError, RecursionError):
        return None


def _split_unfenced(text: str) -> tuple[FrontMatter, str] | None:
    text = text.lstrip()
    match = _UNFENCED.match(text[:MAX_CHARACTERS])
    if match is None or not _KEY.match(match[1].split("\n", 1)[0]):
        return None
    return _yaml(match[1]), text[match.end() :]


def _yaml(block: str) -> FrontMatter:
    return _parse(block, lambda: YAMLHandler().load(block), _raw_scalars)


def _toml(block: str) -> FrontMatter:
    return _parse(block, lambda: tomllib.loads(block), lambda _: {})


def _braceless_json(block: str) -> FrontMatter:
    return _parse(block, lambda: json.loads("{" + block.strip().strip("{}") + "}"), lambda _: {})


def _parse(block: str, load: Callable[[], object], scalars: Callable[[str], Mapping[str, str]]) -> FrontMatter:
    if len(block) > MAX_CHARACTERS:
        return FrontMatter(problem=f"front matter of more than {MAX_CHARACTERS:,} characters")
    if block.count("[") + block.count("{") > MAX_NODES:
        return FrontMatter(problem="front matter with too many values")
    try:
        values = load()
        if isinstance(values, dict):
            return FrontMatter(_plain(values), scalars(block))
        problem = "front matter is not a list of fields" if values is not None else None
    except (ValueError, yaml.YAMLError, RecursionError, TypeError) as exc:
        problem = _reason(exc)
    mended = _mend(block)
    return FrontMatter(mended, {k: v for k, v in mended.items() if isinstance(v, str)}, problem)


def _reason(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{error.problem} in line {error.problem_mark.line + 1}"
    return " ".join(str(error).split())[:200] or type(error).__name__


def _raw_scalars(block: str) -> dict[str, str]:
    """Top-level scalars as written; PyYAML's nodes keep them beside the typed values."""
    node = yaml.compose(block, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {
        key.value: value.value
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }


def _plain(values: object) -> dict[str, object]:
    """A bounded copy with string keys. A few lines of YAML aliases can stand for billions of nodes."""
    budget = [MAX_NODES]

    def copy(value: object, depth: int) -> object:
        budget[0] -= 1
        if budget[0] < 0 or depth > MAX_DEPTH:
            raise ValueError("front matter with too many values")
        if isinstance(value, dict):
            return {str(key): copy(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return [copy(item, depth + 1) for item in value]
        return value

    copied = copy(values, 0)
    return copied if isinstance(copied, dict) else {}


def _mend(block: str) -> dict[str, object]:
    """Fields of a block that its parser refused, a line at a time: the first of a doubled key is kept.

    A value is what stands behind `key:`, without the quotes around it; `- ` lines make a list; other lines
    continue the value above them.
    """
    fields: dict[str, list[str]] = {}
    lists: dict[str, list[str]] = {}
    key = ""
    for line in block.replace("\t", "  ").split("\n"):
        if match := _KEY.match(line):
            key = match[1] if match[1] not in fields else ""
            if key:
                fields[key] = [match[2]]
        elif not key or not line.strip() or line.lstrip().startswith("#"):
            continue
        elif (item := _ITEM.match(line)) and not "".join(fields[key]).strip():
            lists.setdefault(key, []).append(unquote(item[1]))
        else:
            fields[key].append(line)
    return {key: lists.get(key) or _flow(unquote(" ".join(map(str.strip, v)))) for key, v in fields.items()}


def _flow(value: str) -> object:
    """`[a, b]` as a list, anything else as it is."""
    if not (value.startswith("[") and value.endswith("]")):
        return value
    return [unquote(item) for item in value[1:-1].split(",") if item.strip()]


def unquote(value: str) -> str:
    """`value` without blanks and the layers of matching quotes around it."""
    value = value.strip()
    while len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1].strip()
    return value
