"""Searches beside the event loop."""

import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Callable

import pytest

from bot.errors import Busy
from bot.searches import Searches, take_short_turns


async def fill(searches: Searches, users: list[int]) -> list[object]:
    """What becomes of a search of each of these people, asked at once and let go together."""
    go_on = threading.Event()
    asked = [asyncio.create_task(searches.run(user, held(go_on))) for user in users]
    await asyncio.sleep(0.05)
    go_on.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert searches.under_way == 0
    searches.close()
    return [type(result) if isinstance(result, Exception) else result for result in results]


def held(go_on: threading.Event) -> Callable[[], bool]:
    return lambda: go_on.wait(2)


def test_the_loop_stays_free_and_too_many_searches_are_turned_away() -> None:
    assert asyncio.run(fill(Searches(workers=1, waiting=2), [1, 2, 3, 4])) == [True, True, True, Busy]


def test_one_person_cannot_make_it_busy_for_everyone() -> None:
    results = asyncio.run(fill(Searches(workers=1, waiting=5, share=2), [1, 1, 1, 1, 2, 3]))
    assert results == [True, True, Busy, Busy, True, True]


def test_notes_do_not_wait_behind_searches() -> None:
    async def note() -> str:
        searches, go_on = Searches(workers=1), threading.Event()
        search = asyncio.create_task(searches.run(1, held(go_on)))
        noted = await asyncio.wait_for(searches.note(lambda: "noted"), 1)
        go_on.set()
        await search
        searches.close()
        return noted

    assert asyncio.run(note()) == "noted"


def test_errors_reach_the_asker() -> None:
    def fail() -> None:
        raise OSError("the index went away")

    searches = Searches()
    with pytest.raises(OSError, match="the index went away"):
        asyncio.run(searches.run(1, fail))
    searches.close()


def test_a_step_of_the_loop_that_gives_its_turn_away_soon_has_it_back() -> None:
    usual, done = sys.getswitchinterval(), threading.Event()
    busy = [threading.Thread(target=compute, args=[done]) for _ in range(2)]
    for thread in busy:
        thread.start()
    try:
        before = statistics.median(step() for _ in range(5))
        take_short_turns()
        assert statistics.median(step() for _ in range(5)) < before / 2
    finally:
        sys.setswitchinterval(usual)
        done.set()
        for thread in busy:
            thread.join()


def compute(done: threading.Event) -> None:
    while not done.is_set():
        sum(range(1_000))


def step() -> float:
    """Seconds of a step that makes twenty calls to the system."""
    started = time.perf_counter()
    for _ in range(20):
        time.sleep(0)
    return time.perf_counter() - started
