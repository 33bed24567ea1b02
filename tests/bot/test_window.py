"""How many messages are let through in a window of time."""

import asyncio
import time

from bot.window import Window


async def _let_through(window: Window, count: int) -> list[float]:
    turns: list[float] = []

    async def one() -> None:
        await window.turn()
        turns.append(time.monotonic())

    await asyncio.gather(*(one() for _ in range(count)))
    return turns


def test_no_stretch_of_its_length_has_more_than_it_lets_through() -> None:
    turns = asyncio.run(_let_through(Window(5, 0.2), 17))
    assert len(turns) == 17
    assert all(later - earlier > 0.19 for earlier, later in zip(turns, turns[5:], strict=False))
    assert turns[4] - turns[0] < 0.1


def test_it_is_empty_again_when_its_length_has_passed() -> None:
    async def talk() -> tuple[bool, bool, bool]:
        window = Window(2, 0.05)
        before = window.empty
        await window.turn()
        full = window.empty
        await asyncio.sleep(0.06)
        return before, full, window.empty

    assert asyncio.run(talk()) == (True, False, True)
