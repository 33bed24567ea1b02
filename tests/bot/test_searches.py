"""Searches beside the event loop."""

import asyncio

import pytest
from fake_retriever import FakeRetriever

from bot.errors import Busy
from bot.searches import Searches


async def fill_and_ask_once_more(retriever: FakeRetriever) -> list[bool | type[BaseException]]:
    searches = Searches(retriever, workers=1, waiting=2)
    asked = [asyncio.create_task(searches.answer(f"slow {number}")) for number in range(4)]
    await asyncio.sleep(0.05)
    loop_is_free = not any(task.done() for task in asked[:3])
    retriever.go_on.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert await searches.answer("again")
    searches.close()
    return [loop_is_free, *(type(result) if isinstance(result, Exception) else True for result in results)]


def test_the_loop_stays_free_and_too_many_questions_are_turned_away() -> None:
    assert asyncio.run(fill_and_ask_once_more(FakeRetriever())) == [True, True, True, True, Busy]


def test_errors_of_the_retriever_reach_the_asker() -> None:
    searches = Searches(FakeRetriever())
    with pytest.raises(Exception, match="the index went away"):
        asyncio.run(searches.answer("broken"))
    searches.close()
