"""Metrics: what the bot does, counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, make_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

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

    def application(self, *, queue: Callable[[], int], created: Callable[[], str]) -> WSGIApplication:
        """What shows the metrics over HTTP; queue and index are looked at when it is asked."""
        Gauge("wenda_queue", "Questions under way.", registry=self._registry).set_function(queue)
        age = Gauge("wenda_index_age_seconds", "Since the index was built.", registry=self._registry)
        age.set_function(lambda: _age(created()))
        application: WSGIApplication = make_wsgi_app(self._registry)
        return application


def _age(created: str) -> float:
    moment = datetime.fromisoformat(created)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return (datetime.now(timezone.utc) - moment).total_seconds()
