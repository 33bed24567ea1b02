"""How fast one person may ask."""

from bot.quota import Quota


def test_a_burst_is_allowed_and_then_one_question_every_few_seconds() -> None:
    now = [0.0]
    allowance = Quota(burst=3, seconds=2, clock=lambda: now[0])
    assert [allowance.take(7) for _ in range(4)] == [True, True, True, False]
    assert allowance.take(8)
    now[0] = 2
    assert [allowance.take(7), allowance.take(7)] == [True, False]


def test_too_much_is_said_once_in_half_a_minute() -> None:
    now = [0.0]
    allowance = Quota(clock=lambda: now[0])
    assert [allowance.may_be_told(7), allowance.may_be_told(7)] == [True, False]
    now[0] = 31
    assert allowance.may_be_told(7)
