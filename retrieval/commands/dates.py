"""Dates on the command line: a day, a month or a year."""

from __future__ import annotations

import argparse
import calendar
import re
from datetime import date

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")


def first_day(text: str) -> date:
    """`2022`, `2022-07` or `2022-07-28` as the first day it means. Raises argparse.ArgumentTypeError."""
    year, month, day = _parts(text)
    return _date(text, year, 1 if month is None else month, 1 if day is None else day)


def last_day(text: str) -> date:
    """The same as the last day it means."""
    year, month, day = _parts(text)
    month = 12 if month is None else month
    if day is None and 1 <= month <= 12 and year >= 1:
        day = calendar.monthrange(year, month)[1]
    return _date(text, year, month, 1 if day is None else day)


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _WRITTEN.match(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write 2022, 2022-07 or 2022-07-28")
    year, month, day = (int(part) if part else None for part in match.groups())
    return year or 0, month, day


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date: {exc}") from exc
