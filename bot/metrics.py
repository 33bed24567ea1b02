"""Metrics: what the bot does, counted, and shown over HTTP when that is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

OUTCOMES = ("answered", "unanswered", "busy", "limited", "failed")
_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions by what became of them since the start."""

    of: dict[str, int]
    hours: float


class Metrics:
    """Counts questions, times answers, and looks at queue and index when it is asked."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "wenda_questions", "Questions by what became of them.", ["outcome"], registry=self._registry
        )
        self._latency = Histogram(
            "wenda_answer_seconds", "From a question to its answer.", registry=self._registry, buckets=_SECONDS
        )
        for outcome in OUTCOMES:
            self._questions.labels(outcome)

    def count(self, outcome: str, seconds: float | None = None) -> None:
        """Count a question; `outcome` is one of OUTCOMES, `seconds` how long its answer took."""
        self._questions.labels(outcome).inc()
        if seconds is not None:
            self._latency.observe(seconds)

    def counts(self) -> Counts:
        """The questions so far."""
        samples = [sample for metric in self._questions.collect() for sample in metric.samples]
        of = {each.labels["outcome"]: int(each.value) for each in samples if each.name.endswith("_total")}
        return Counts(of, (time.monotonic() - self._started) / 3600)

    def serve(self, port: int, *, queue: Callable[[], int], created: Callable[[], str]) -> Callable[[], None]:
        """Show the metrics on a port of this machine; gives what ends that. Raises OSError."""
        Gauge("wenda_queue", "Questions under way.", registry=self._registry).set_function(queue)
        age = Gauge("wenda_index_age_seconds", "Since the index was built.", registry=self._registry)
        age.set_function(lambda: _age(created()))
        server, thread = start_http_server(port, "127.0.0.1", registry=self._registry)

        def end() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return end


def _age(created: str) -> float:
    moment = datetime.fromisoformat(created)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return (datetime.now(timezone.utc) - moment).total_seconds()
