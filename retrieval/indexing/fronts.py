"""Front matter as JSON and back: what YAML and TOML hold beyond JSON is written as {"$": kind, "value": ...}."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time

_KINDS = {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat}


def pack(front: Mapping[str, object]) -> str:
    """`front` as JSON; what is neither text, number, date, list nor mapping becomes text."""
    return json.dumps(_plain(front), ensure_ascii=True)


def unpack(text: str) -> Mapping[str, object]:
    """The front matter that `pack` wrote."""
    front: Mapping[str, object] = json.loads(text, object_hook=_restored)
    return front


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return {"$": "datetime", "value": value.isoformat()}
    if isinstance(value, date):
        return {"$": "date", "value": value.isoformat()}
    if isinstance(value, time):
        return {"$": "time", "value": value.isoformat()}
    if not isinstance(value, Mapping):
        return str(value)
    if "$" not in value and all(isinstance(key, str) for key in value):
        return {key: _plain(each) for key, each in value.items()}
    return {"$": "pairs", "value": [[_plain(key), _plain(each)] for key, each in value.items()]}


def _restored(fields: dict[str, object]) -> object:
    kind, value = fields.get("$"), fields.get("value")
    if kind == "pairs" and isinstance(value, list):
        return dict(value)
    if isinstance(kind, str) and isinstance(value, str):
        return _KINDS[kind](value)
    return fields
