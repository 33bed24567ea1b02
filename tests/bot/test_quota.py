"""How fast one person may ask."""

from bot.quota import Quota


def test_a_burst_is_allowed_and_then_one_question_every_few_seconds() -> None:
    now = [0.0]
    quota = Quota(burst=3, seconds=2, clock=lambda: now[0])
    assert [quota.take(7) for _ in range(4)] == [True, True, True, False]
    assert quota.take(8)
    now[0] = 2
    assert [quota.take(7), quota.take(7)] == [True, False]


def test_too_much_is_said_once_in_half_a_minute() -> None:
    now = [0.0]
    quota = Quota(clock=lambda: now[0])
    assert [quota.may_be_told(7), quota.may_be_told(7)] == [True, False]
    now[0] = 31
    assert quota.may_be_told(7)
