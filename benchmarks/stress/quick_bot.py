"""The bot as `article-bot` runs it, on a retriever that answers at once, with time running faster.

    python -m benchmarks.stress.quick_bot FILE

Every limit that counts in seconds is SPEED times as fast. FILE holds, as JSON, the tasks of the event loop and the
threads there are, twice a second.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Awaitable
from pathlib import Path
from types import TracebackType
from typing import Any

from bot import application, quota, rate_limiter, service, update_processor
from bot.app import main
from retrieval.indexing.address import Address
from retrieval.records import Answer, Article, Category, Filter, Hit
from retrieval.searching.retriever import IndexInfo

SPEED = 6
READ_SECONDS = 2.0
"""Until a response is given up."""
ARTICLE = Article("a.md", "Harbour", "https://news.example/a/")


class QuickRetriever:
    """Answers every question with a passage that repeats it."""

    @classmethod
    def open(cls, _: Address) -> QuickRetriever:
        """There is nothing to open."""
        return cls()

    def __enter__(self) -> QuickRetriever:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def answer(self, question: str, k: int = 5, where: Filter | None = None) -> Answer:  # noqa: ARG002
        """One passage."""
        return Answer(question, True, 0.9, (Hit(f"Answer to {question}", 0.9, None, ARTICLE, ARTICLE.url),))

    def latest(self, count: int = 10, where: Filter | None = None) -> list[Article]:  # noqa: ARG002
        """One article."""
        return [ARTICLE]

    def categories(self) -> list[Category]:
        """None."""
        return []

    def passages_of(self, path: str) -> list[str]:  # noqa: ARG002
        """None."""
        return []

    def about(self) -> IndexInfo:
        """One article."""
        return IndexInfo(1, 1, "g1", "2024-03-01T08:00:00+00:00", "quick")


def hasten() -> None:
    """Let time run faster."""
    rate_limiter.ALL_MESSAGES *= SPEED
    private = {"private_seconds": rate_limiter.PRIVATE_SECONDS / SPEED, "buckets": None}
    rate_limiter.RateLimiter.__init__.__kwdefaults__ = private
    rate_limiter.OUTAGE_SECONDS /= SPEED
    defaults = quota.Quota.__init__.__kwdefaults__ or {}
    quota.Quota.__init__.__kwdefaults__ = {**defaults, "seconds": quota.SECONDS / SPEED}
    quota.TOLD_AGAIN /= SPEED
    service.TYPING_AFTER /= SPEED
    application.READ_SECONDS = READ_SECONDS


def watch(file: Path) -> None:
    """Note what is under way, twice a second."""
    process = update_processor.UpdateProcessor.do_process_update
    loops: set[asyncio.AbstractEventLoop] = set()

    async def noted(self: update_processor.UpdateProcessor, update: object, coroutine: Awaitable[Any]) -> None:
        loops.add(asyncio.get_running_loop())
        await process(self, update, coroutine)

    def note() -> None:
        while True:
            time.sleep(0.5)
            tasks = sum(len(asyncio.all_tasks(loop)) for loop in loops)
            beside = file.with_suffix(".new")
            beside.write_text(json.dumps({"tasks": tasks, "threads": threading.active_count()}))
            beside.replace(file)

    update_processor.UpdateProcessor.do_process_update = noted  # type: ignore[method-assign]
    threading.Thread(target=note, daemon=True).start()


if __name__ == "__main__":
    hasten()
    watch(Path(sys.argv[1]))
    sys.exit(main([], opener=QuickRetriever.open))
