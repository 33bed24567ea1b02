"""The bot as `article-bot` runs it, its event loop watched: how long each step of it takes.

    python -m benchmarks.load_bot FILE

When the bot ends, FILE holds JSON: the steps, the longest in milliseconds, and what is left to do.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from bot.app import main


class _Watch:
    """Times every callback and every step of a task; nothing else of the loop runs meanwhile."""

    def __init__(self) -> None:
        self.steps = 0
        self.longest = 0.0
        self._run = asyncio.Handle._run

    def start(self) -> None:
        watch, run = self, self._run

        def timed(handle: asyncio.Handle) -> None:
            started = time.perf_counter()
            run(handle)
            watch.steps += 1
            # The first seconds hold the start: connections are made and menus set, and nobody waits yet.
            if watch.steps > STARTING:
                watch.longest = max(watch.longest, time.perf_counter() - started)

        asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]

    def figures(self) -> dict[str, float]:
        return {"steps": self.steps, "longest_ms": round(1000 * self.longest, 1)}


STARTING = 200
"""Steps of the loop until the bot listens."""

if __name__ == "__main__":
    watch = _Watch()
    watch.start()
    code = main([])
    Path(sys.argv[1]).write_text(json.dumps(watch.figures()), encoding="utf-8")
    sys.exit(code)
