"""Searches off the event loop: a few at a time, and a bounded number waiting."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from bot.errors import Busy
from bot.replies import PASSAGES
from retrieval.records import Answer

WORKERS = 2
WAITING = 32


class Retrieving(Protocol):
    """What the bot needs of a Retriever."""

    def answer(self, question: str, k: int = ...) -> Answer:
        """The best `k` passages for the question, and whether they answer it; called from several threads."""
        ...


class Searches:
    """Asks a retriever in worker threads, so that the conversation with others goes on."""

    def __init__(self, retriever: Retrieving, *, workers: int = WORKERS, waiting: int = WAITING) -> None:
        self._retriever = retriever
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="search")
        self._limit = workers + waiting
        self._open = 0

    async def answer(self, question: str) -> Answer:
        """The answer, when its turn has come; raises Busy where too many wait already."""
        if self._open >= self._limit:
            raise Busy(f"{self._open} questions are waiting already")
        self._open += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._retriever.answer, question, PASSAGES)
        finally:
            self._open -= 1

    def close(self) -> None:
        """Let the searches that run come to their end, and drop those that wait."""
        self._pool.shutdown(cancel_futures=True)
