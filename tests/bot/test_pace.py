"""How many messages are let through on average."""

import asyncio
import time
from itertools import pairwise

from bot.pace import Pace


def test_some_go_at_once_and_the_others_one_by_one() -> None:
    turns: list[float] = []
    pace = Pace(3, 0.1)

    async def one() -> None:
        await pace.turn()
        turns.append(time.monotonic())

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(7)))

    asyncio.run(all_of_them())
    assert turns[2] - turns[0] < 0.09
    assert all(later - earlier > 0.08 for earlier, later in pairwise(turns[2:]))
