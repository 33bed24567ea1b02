"""The strict Bot API server of the tests, for benchmarks: as it is, and with faults."""

from __future__ import annotations

import random
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "bot"))
api: Any = import_module("api_server")
http: Any = import_module("api_http")
running: Any = import_module("running")
tdlib: Any = import_module("tdlib")

LATE_SECONDS = 3.0
"""Longer than a hastened bot waits for a response."""


def faulty_server(share: float, seed: int) -> Any:
    """A server that fails a share of the requests, each of five ways as often; `faults` counts them."""
    chance = random.Random(seed)
    failures = {
        "429": api.Failure(429, "Too Many Requests: retry after 1", {"retry_after": 1}),
        "502": api.Failure(502, "Bad Gateway"),
        "dropped": api.Failure(http.DROPPED, ""),
        "dropped when done": api.Failure(http.DROPPED, "", done=True),
        "late": api.Failure(200, "", done=True, seconds=LATE_SECONDS),
    }

    class FaultyServer(api.ApiServer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.faults = dict.fromkeys(failures, 0)
            self.failing = False

        def _chat(self, arguments: dict[str, Any]) -> Any:
            # Here people speak while it is looked for.
            with self._changed:
                return super()._chat(arguments)

        def _result(self, token: str, method: str, arguments: dict[str, Any]) -> Any:
            if self.failing and method in ("sendMessage", "getUpdates") and chance.random() < share:
                name = chance.choice(list(failures))
                self.faults[name] += 1
                self._failures.setdefault(method, []).append(failures[name])
            return super()._result(token, method, arguments)

    return FaultyServer()
