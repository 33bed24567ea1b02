"""The date that Hexo builds a post's address from.

Hexo moves dates about: the clock of a YAML timestamp is taken for the building machine's, and a `timezone` shifts
the result by the difference between machine and site. On a machine in the site's zone nothing moves.
Source: hexo-front-matter, front_matter.js; hexo, plugins/processor/common.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone

from retrieval.reading.links.clocks import Form, offset_of, read, zone_of
from retrieval.reading.links.link import NoAddress


def post_date(value: object, site: str | None, machine: str | None) -> datetime:
    """The date of a post, in the machine's zone; `site` and `machine` are zone names.

    `value` is the front matter's `date`, or what `filename_date` gives. Raises NoAddress where Hexo falls
    back on the file's time.
    """
    moment = _moment(value, machine)
    if site is not None:
        moment += offset_of(machine, moment) - offset_of(site, moment)
    return moment.astimezone(zone_of(machine))


def _moment(value: object, machine: str | None) -> datetime:
    if isinstance(value, str):
        return _moment_of_text(value, machine)
    if not isinstance(value, date):
        raise NoAddress("the address needs the post's date, and it has none; Hexo takes the file's time")
    clock = value if isinstance(value, datetime) else datetime.combine(value, time())
    clock = clock.astimezone(timezone.utc) if clock.tzinfo else clock.replace(tzinfo=timezone.utc)
    return clock - offset_of(machine, clock)


def _moment_of_text(text: str, machine: str | None) -> datetime:
    reading = read(text)
    if reading is None:
        raise NoAddress(f"the address needs the post's date, and {text!r} is none that Hexo is known to read")
    # JavaScript: a bare ISO day is UTC, every other form without a zone is local.
    bare_day = reading.form is Form.DAY and reading.padded
    return reading.instant(timezone.utc if bare_day else zone_of(machine))


def filename_date(captured: Mapping[str, str]) -> str | None:
    """The date that a file name gives, as text in local time; None where it gives none."""
    month = captured.get("month") or captured.get("i_month")
    day = captured.get("day") or captured.get("i_day")
    if not (captured.get("year") and month and day):
        return None
    # JavaScript rolls a thirteenth month over to the next year.
    year, months = divmod(int(captured["year"]) * 12 + int(month) - 1, 12)
    first = datetime(year, months + 1, 1)
    return f"{first + timedelta(days=int(day) - 1):%Y/%m/%d}"
