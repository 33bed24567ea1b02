"""Front matter: the block of fields on top of a post, however broken.

Forms: YAML between `---`, TOML between `+++`, JSON in braces or between `;;;`, and Hexo's forms without a first
fence. Blank lines may stand before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import yaml

from retrieval.reading.formats import (
    MAX_CHARACTERS,
    bounded,
    json_fields,
    plain,
    reason,
    toml_fields,
    yaml_fields,
)
from retrieval.reading.mending import Fields, mend

_FENCED = re.compile(
    r"\A[\s\ufeff]*(---+|\+\+\++|;;;+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_JSON = re.compile(r"\A\s*(?=\{)")
_BROKEN_JSON = re.compile(r"\A\s*(\{\s*\".*?^\s*\})[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BRACELESS_JSON = re.compile(r"\A\s*(\".*?)^;;;+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELDS = r"((?:[A-Za-z][\w-]*:.*\n|[ \t].*\n|- .*\n|\n)+?)"
_UNFENCED = re.compile(rf"{_FIELDS}---+[ \t]*(?:\n|\Z)")
_UNCLOSED = re.compile(rf"\A[\s\ufeff]*---+[ \t]*\n{_FIELDS}(?=\n|\Z)")
_FIELD = re.compile(r"^[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*[:\uff1a=]", re.MULTILINE)
_TELLING = re.compile(
    r"^[\"']?(?:title|date|tags|categories|category|layout|author|permalink|slug|draft)[\"']?[ \t]*:",
    re.MULTILINE | re.IGNORECASE,
)
"""Fields without which a block that is not fenced is text: `Note: ...` above a rule."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a post."""

    values: Mapping[str, object] = field(default_factory=dict)
    """As the format's own parser types them; strings where the block had to be mended."""
    raw: Mapping[str, str] = field(default_factory=dict)
    """Scalars as they are written, unquoted: a title `1.10` is "1.10" here, and 1.1 in `values`."""
    problem: str | None = None
    """Why the block could not be read as it stands."""
    form: str = ""
    """Its first fence, `{`, `...` where that ends it, `none` without a first fence; "" where there is none at all."""
    above: str = ""
    """White space before it."""


def split(text: str) -> tuple[FrontMatter, str]:
    """The front matter on top of `text`, and the body below it."""
    for form in (_split_fenced, _split_json, _split_unfenced):
        found = form(text)
        if found is not None:
            above = text[: len(text) - len(text.lstrip())]
            return replace(found[0], form=found[0].form or "none", above=above), found[1]
    return FrontMatter(), text


def _split_fenced(text: str) -> tuple[FrontMatter, str] | None:
    match = _FENCED.match(text)
    if match is None:
        return _split_unclosed(text)
    if match[2].strip() and not _FIELD.search(match[2]):
        return None
    parse = {"-": _yaml, "+": _toml, ";": _braceless_json}[match[1][0]]
    form = match[1][:3] if text[match.end(2) :].startswith(match[1]) else "..."
    return replace(parse(match[2]), form=form), text[match.end() :]


def _split_unclosed(text: str) -> tuple[FrontMatter, str] | None:
    """Fields below a fence up to a blank line, where no second fence ends them."""
    match = _UNCLOSED.match(text[:MAX_CHARACTERS] if text.endswith("\n") else text[:MAX_CHARACTERS] + "\n")
    if match is None or not _TELLING.search(match[1]):
        return None
    front = _yaml(match[1])
    return FrontMatter(front.values, front.raw, front.problem or "no fence ends it"), text[match.end() :]


def _split_json(text: str) -> tuple[FrontMatter, str] | None:
    start = _JSON.match(text)
    if start is None:
        return None
    try:
        values, end = json.JSONDecoder().raw_decode(text, start.end())
        return FrontMatter(plain(values), form="{"), text[end:]
    except (ValueError, RecursionError) as exc:
        match = _BROKEN_JSON.match(text[:MAX_CHARACTERS])
        if match is None or not _FIELD.search(match[1].replace("{", "\n").replace(" ", "")):
            return None
        values, raw = _mended(match[1].strip("{}"), json_fields, "[:\uff1a]")
        return FrontMatter(values, raw, reason(exc), "{"), text[match.end() :]


def _split_unfenced(text: str) -> tuple[FrontMatter, str] | None:
    text = text.lstrip()
    if match := _BRACELESS_JSON.match(text[:MAX_CHARACTERS]):
        front = _braceless_json(match[1])
        return (front, text[match.end() :]) if front.problem is None else None
    match = _UNFENCED.match(text[:MAX_CHARACTERS])
    if match is None or not _FIELD.match(match[1]) or not _TELLING.search(match[1]):
        return None
    return _yaml(match[1]), text[match.end() :]


def _yaml(block: str) -> FrontMatter:
    return _parse(block, yaml_fields, "[:\uff1a]")


def _toml(block: str) -> FrontMatter:
    return _parse(block, toml_fields, "=")


def _braceless_json(block: str) -> FrontMatter:
    return _parse(block, json_fields, "[:\uff1a]")


def _parse(block: str, fields: Callable[[str], Fields], separator: str) -> FrontMatter:
    problem: str | None = None
    try:
        values, raw = fields(bounded(block))
        problem = _doubled(block, values, separator) if fields is not toml_fields else None
        return FrontMatter(values, raw, problem)
    except (ValueError, yaml.YAMLError, RecursionError, TypeError) as exc:
        problem = reason(exc)
    values, raw = _mended(block, fields, separator)
    return FrontMatter(values, raw, problem)


def _mended(block: str, fields: Callable[[str], Fields], separator: str) -> Fields:
    values, raw = mend(block[:MAX_CHARACTERS], lambda part: fields(bounded(part)), separator)
    try:
        return plain(values), raw
    except ValueError:
        return {key: value for key, value in values.items() if isinstance(value, str)}, raw


def _doubled(block: str, values: Mapping[str, object], separator: str) -> str | None:
    """What to say of a key that stands twice; of nested ones nothing is said.

    TOML's parser refuses such itself, and a key below `[menu.main]` is another one.
    """
    for key in values:
        if len(re.findall(rf"^{re.escape(key)}[ \t]*{separator}", block, re.MULTILINE)) > 1:
            return f"{key!r} stands twice; the last one counts"
    return None
