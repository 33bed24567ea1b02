"""How fast messages are sent."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.rate_limiter import SLACK, RateLimiter


@pytest.fixture(autouse=True)
def _without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


Send = Callable[[int, str], Awaitable[Any]]


def sending(
    limiter: RateLimiter, log: list[tuple[int, str, float]], *, refuse: tuple[int, ...] = (), wait: int = 1
) -> Send:
    """What sends through `limiter`; chats in `refuse` are told to wait, once each time they stand in it."""
    left, start = list(refuse), time.monotonic()

    async def post(data: dict[str, Any]) -> bool:
        if data["chat_id"] in left:
            left.remove(data["chat_id"])
            raise RetryAfter(wait)
        log.append((data["chat_id"], data["text"], time.monotonic() - start))
        return True

    async def send(chat: int, text: str) -> Any:
        data = {"chat_id": chat, "text": text}
        return await limiter.process_request(post, (data,), {}, "sendMessage", data, None)

    return send


def test_messages_to_a_person_keep_their_order_and_distance_and_others_do_not_wait() -> None:
    log: list[tuple[int, str, float]] = []

    async def talk() -> None:
        send = sending(RateLimiter(private_seconds=0.2), log)
        await asyncio.gather(send(7, "a"), send(7, "b"), send(7, "c"), send(8, "d"))

    asyncio.run(talk())
    times = {text: at for _, text, at in log}
    assert [text for chat, text, _ in log if chat == 7] == ["a", "b", "c"]
    assert times["d"] < 0.15
    assert times["b"] - times["a"] > 0.15
    assert times["c"] - times["b"] > 0.15


def test_messages_to_a_person_keep_their_distance_even_where_the_first_was_under_way_for_longer() -> None:
    log: list[tuple[int, str, float]] = []

    async def talk() -> None:
        send = sending(RateLimiter(private_seconds=0.2), log)
        await asyncio.gather(send(7, "a"), send(7, "b"))

    asyncio.run(talk())
    assert log[1][2] - log[0][2] > 0.2 + 0.8 * SLACK


def test_only_the_chat_concerned_waits_when_telegram_asks_to() -> None:
    log: list[tuple[int, str, float]] = []

    async def talk() -> None:
        send = sending(RateLimiter(private_seconds=0.01), log, refuse=(7,))
        await asyncio.gather(send(7, "a"), send(7, "b"), send(8, "c"))

    asyncio.run(talk())
    assert [text for _, text, _ in log] == ["c", "a", "b"]
    assert log[0][2] < 0.5 < log[1][2]


@pytest.mark.parametrize(("times", "wait"), [(4, 0), (1, 3600)])
def test_waiting_has_an_end(times: int, wait: int) -> None:
    async def talk() -> None:
        send = sending(RateLimiter(private_seconds=0.01), [], refuse=(7,) * times, wait=wait)
        await send(7, "a")

    with pytest.raises(RetryAfter):
        asyncio.run(talk())


def test_a_chat_that_is_to_wait_for_long_is_sent_nothing_meanwhile() -> None:
    log: list[tuple[int, str, float]] = []

    async def talk() -> None:
        send = sending(RateLimiter(private_seconds=0.01), log, refuse=(7,), wait=120)
        for text in ("a", "b"):
            with pytest.raises(RetryAfter):
                await send(7, text)
        await send(8, "c")

    asyncio.run(talk())
    assert [text for _, text, _ in log] == ["c"]
