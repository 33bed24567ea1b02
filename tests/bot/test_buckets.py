"""Limits that several processes share."""

import asyncio
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from bot import buckets as module
from bot.buckets import Buckets
from bot.postgres import Postgres
from bot.quota import SharedQuota
from bot.rate_limiter import RateLimiter


@pytest.fixture
def two(state_url: str) -> Iterator[tuple[Buckets, Buckets]]:
    """The buckets as two processes see them."""
    opened = Postgres(state_url), Postgres(state_url)
    yield Buckets(opened[0]), Buckets(opened[1])
    for each in opened:
        each.close()


def test_a_persons_questions_are_counted_together(two: tuple[Buckets, Buckets]) -> None:
    quotas = [SharedQuota(each, burst=4, seconds=0.3) for each in two]

    async def ask() -> None:
        taken = await asyncio.gather(*(quotas[number % 2].take(7) for number in range(12)))
        assert sum(taken) == 4
        assert await quotas[0].take(8)
        await asyncio.sleep(0.4)
        assert [await quotas[0].take(7), await quotas[1].take(7)] == [True, False]

    asyncio.run(ask())


def test_too_much_is_said_once_by_one_of_them(two: tuple[Buckets, Buckets]) -> None:
    quotas = [SharedQuota(each) for each in two]

    async def tell() -> list[bool]:
        return list(await asyncio.gather(*(each.may_be_told(7) for each in (*quotas, *quotas))))

    assert sum(asyncio.run(tell())) == 1


def test_reservations_line_up_behind_a_burst(two: tuple[Buckets, Buckets]) -> None:
    async def reserve() -> list[float]:
        return [await two[number % 2].reserve("chat 7", 3, 10.0) for number in range(6)]

    assert [round(each, 0) for each in asyncio.run(reserve())] == [0, 0, 0, 10, 20, 30]


def test_what_is_full_again_is_forgotten(two: tuple[Buckets, Buckets], monkeypatch: pytest.MonkeyPatch) -> None:
    async def use() -> list[tuple[object, ...]]:
        await two[0].take("short", 1, 0.01)
        await two[0].take("long", 1, 100)
        await asyncio.sleep(0.05)
        monkeypatch.setattr(module, "SWEEP", 0)
        await two[1].take("other", 1, 100)
        return await two[0]._postgres.ask("SELECT name FROM bucket ORDER BY name")

    assert asyncio.run(use()) == [("long",), ("other",)]


def test_messages_of_two_processes_to_one_person_keep_their_distance(two: tuple[Buckets, Buckets]) -> None:
    log: list[tuple[int, float]] = []

    async def post(chat: int) -> bool:
        log.append((chat, time.monotonic()))
        return True

    async def talk() -> None:
        limiters = [RateLimiter(private_seconds=0.3, buckets=each) for each in two]

        async def send(number: int, chat: int) -> Any:
            data = {"chat_id": chat}
            return await limiters[number].process_request(post, (chat,), {}, "sendMessage", data, None)

        await asyncio.gather(send(0, 7), send(1, 7), send(0, 7), send(1, 8))

    started = time.monotonic()
    asyncio.run(talk())
    times = [at for chat, at in log if chat == 7]
    assert all(later - sooner > 0.25 for sooner, later in pairwise(times))
    assert next(at for chat, at in log if chat == 8) - started < 0.25
