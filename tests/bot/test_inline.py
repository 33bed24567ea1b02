"""How long Telegram may show inline results again."""

from datetime import datetime, timezone

import pytest

from bot.inline import cache_seconds


@pytest.mark.parametrize(
    ("created", "seconds"),
    [
        ("2024-03-01T11:59:50+00:00", 5),
        ("2024-03-01T11:45:00+00:00", 90),
        ("2024-03-01T11:45:00", 90),
        ("2024-02-01T12:00:00+00:00", 300),
        ("2024-03-01T12:30:00+00:00", 5),
    ],
)
def test_results_of_a_young_index_are_cached_for_less(created: str, seconds: int) -> None:
    assert cache_seconds(created, datetime(2024, 3, 1, 12, tzinfo=timezone.utc)) == seconds
