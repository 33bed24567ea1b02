"""Dates as text: what is read, and at which moment."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from retrieval.reading.links.clocks import Form, read, zone_of


@pytest.mark.parametrize(
    ("text", "form", "moment"),
    [
        ("2022-07-28", Form.DAY, "2022-07-27T16:00"),
        ("2022-7-8", Form.DAY, "2022-07-07T16:00"),
        ("2022/07/28", Form.SLASHED, "2022-07-27T16:00"),
        ("2022/7/8 9:05", Form.SLASHED, "2022-07-08T01:05"),
        ("2022-07-28 11:50", Form.MINUTE, "2022-07-28T03:50"),
        ("2022-07-28T11:50:54", Form.SECOND, "2022-07-28T03:50:54"),
        ("2022-07-28 11:50:54 +0000", Form.SECOND, "2022-07-28T11:50:54"),
        ("2022-07-28T11:50:54.123-04:30", Form.SECOND, "2022-07-28T16:20:54"),
        ("2022-07-28T11:50:54Z", Form.SECOND, "2022-07-28T11:50:54"),
        ("Thu, 28 Jul 2022 11:50:54 GMT", Form.RFC_2822, "2022-07-28T11:50:54"),
        ("28 Jul 2022 11:50:54 +0800", Form.RFC_2822, "2022-07-28T03:50:54"),
    ],
)
def test_date_is_read_and_local_where_it_says_no_zone(text: str, form: Form, moment: str) -> None:
    reading = read(text)
    assert reading is not None
    assert reading.form is form
    expected = datetime.fromisoformat(moment).replace(tzinfo=timezone.utc)
    assert reading.instant(zone_of("Asia/Shanghai")) == expected


@pytest.mark.parametrize(
    "text",
    ["", "Invalid Date", "2022年7月28日", "28/07/2022", "2022-02-30", "2022-13-01", "Thu, 28 Xyz 2022 11:50:54 GMT",
     "2022-07-28 25:00:00", "2022-07-28 11:50:54 CST", "July 28, 2022"],
)  # fmt: skip
def test_other_text_is_no_date(text: str) -> None:
    assert read(text) is None
