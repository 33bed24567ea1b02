"""Filters in a question: `电子烟 after:2021-03 category:金融`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from retrieval.commands.dates import first_day, last_day
from retrieval.records import Filter

_WORD = re.compile(r"""(?<!\S)(after|before|category|author)[:：]\s?(?:["“「]([^"”」]*)["”」]|(\S*))""", re.IGNORECASE)


class BadFilter(ValueError):
    """A filter that cannot be understood; its message is the filter as it was written."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What to look for, and among which articles."""

    question: str
    where: Filter
    stated: str
    """The filters as they were written, on a line."""


def narrowed(text: str) -> Narrowed:
    """The question and its filters; the last of a kind counts. Raises BadFilter."""
    found = list(_WORD.finditer(text))
    values = {match[1].lower(): _value(match) for match in found}
    where = Filter(
        category=values.get("category"),
        author=values.get("author"),
        after=_day(first_day, "after", values),
        before=_day(last_day, "before", values),
    )
    stated = " ".join(match[0] for match in found)
    return Narrowed(" ".join(_WORD.sub(" ", text).split()), where, stated)


def _value(match: re.Match[str]) -> str:
    value = (match[2] or match[3] or "").strip()
    if not value:
        raise BadFilter(match[0].strip())
    return value


def _day(read: Callable[[str], date], name: str, values: dict[str, str]) -> date | None:
    if name not in values:
        return None
    try:
        return read(values[name].replace("/", "-"))
    except argparse.ArgumentTypeError as exc:
        raise BadFilter(f"{name}:{values[name]}") from exc
