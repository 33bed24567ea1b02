"""Dates that a front matter holds as text, and time zones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo

_DAY_AND_TIME = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"(?:(?P<t>[Tt]|\ +)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\ *(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_RFC_2822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\ +)?(?P<day>\d{1,2})\ +(?P<month>[A-Z][a-z]{2})\ +(?P<year>\d{4})"
    r"\ +(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})\ +(?P<zone>UTC|GMT|[+-]\d{4})"
)
_NUMBERS = ("year", "day", "hour", "minute", "second")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Form(Enum):
    """How a date is written; the generators accept different ones."""

    DAY = "2022-07-28"
    MINUTE = "2022-07-28 11:50"
    SECOND = "2022-07-28 11:50:54"
    SLASHED = "2022/07/28"
    RFC_2822 = "Thu, 28 Jul 2022 11:50:54 GMT"


@dataclass(frozen=True, slots=True)
class Reading:
    """A date as it is written."""

    clock: datetime
    """Without a zone."""
    offset: timedelta | None
    """From UTC, where the text says it."""
    form: Form
    padded: bool
    """Month and day have two digits each."""

    def instant(self, local: tzinfo) -> datetime:
        """The moment meant, in UTC; `local` is for a text that gives no offset."""
        zone = local if self.offset is None else timezone(self.offset)
        return self.clock.replace(tzinfo=zone).astimezone(timezone.utc)


def read(text: str) -> Reading | None:
    """A date in a form that all generators' languages agree on; None for any other text."""
    text = text.strip()
    match = _DAY_AND_TIME.fullmatch(text) or _RFC_2822.fullmatch(text)
    if match is None:
        return None
    try:
        return _reading(match.groupdict())
    except ValueError:
        return None


def _reading(parts: dict[str, str | None]) -> Reading:
    month = parts["month"] or ""
    number = int(month) if month.isdigit() else [name[:3] for name in MONTHS].index(month) + 1
    year, day, hour, minute, second = (int(parts[name] or 0) for name in _NUMBERS)
    clock = datetime(year, number, day, hour, minute, second)
    padded = len(month) >= 2 and len(parts["day"] or "") == 2
    return Reading(clock, _offset(parts["zone"]), _form(parts), padded)


def _form(parts: dict[str, str | None]) -> Form:
    if "mark" not in parts:
        return Form.RFC_2822
    if parts["mark"] == "/":
        return Form.SLASHED
    if parts["hour"] is None:
        return Form.DAY
    return Form.SECOND if parts["second"] else Form.MINUTE


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    if zone in ("Z", "UTC", "GMT"):
        return timedelta(0)
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset


def offset_of(zone: str | None, moment: datetime) -> timedelta:
    """How far `zone` (an IANA name; None is UTC) is ahead of UTC at an aware `moment`."""
    return moment.astimezone(zone_of(zone)).utcoffset() or timedelta(0)


def zone_of(name: str | None) -> tzinfo:
    """The zone of an IANA name; UTC for None."""
    return ZoneInfo(name) if name else timezone.utc
