"""How fast one person may ask."""

import asyncio
from collections.abc import Awaitable, Sequence

from bot.quota import Quota


def one_after_another(asked: Sequence[Awaitable[bool]]) -> list[bool]:
    async def ask() -> list[bool]:
        return [await each for each in asked]

    return asyncio.run(ask())


def test_a_burst_is_allowed_and_then_one_question_every_few_seconds() -> None:
    now = [0.0]
    quota = Quota(burst=3, seconds=2, clock=lambda: now[0])
    assert one_after_another([quota.take(7) for _ in range(4)]) == [True, True, True, False]
    assert one_after_another([quota.take(8)]) == [True]
    now[0] = 2
    assert one_after_another([quota.take(7), quota.take(7)]) == [True, False]


def test_too_much_is_said_once_in_half_a_minute() -> None:
    now = [0.0]
    quota = Quota(clock=lambda: now[0])
    assert one_after_another([quota.may_be_told(7), quota.may_be_told(7)]) == [True, False]
    now[0] = 31
    assert one_after_another([quota.may_be_told(7)]) == [True]
