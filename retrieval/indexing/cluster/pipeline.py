"""What runs on the cluster: a foreman, and the workers of its pipeline."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from embeddings.errors import EncoderError
from retrieval.errors import RetrievalError

_ROUND = 1_024
"""Items a pipeline is planned for; the next one is planned behind them."""
_ATTEMPTS = 3
"""Pipelines in a row that may end without a result."""

Work: TypeAlias = Callable[[Any], Any]
"""Makes an item's result. RetrievalError and EncoderError end all; their message is what the user reads."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What one worker takes of its machine."""

    cpus: float = 1
    gpus: float = 0


class Foreman:
    """Runs the pipeline, hands its workers their items, and keeps these until their results have gone out."""

    def __init__(self, begin: Callable[[], Work], workers: int, resources: Resources) -> None:
        self._begin, self._workers, self._resources = begin, workers, resources
        self._changed = threading.Condition()
        self._items: dict[int, Any] = {}
        self._done: dict[int, Any] = {}
        self._next = 0
        self._end: int | None = None
        self._results: Iterator[dict[str, Any] | None] = iter(())

    def give(self, number: int, item: Any) -> None:
        """An item that is to be worked on."""
        with self._changed:
            self._items[number] = item
            self._changed.notify_all()

    def take(self, number: int) -> Any:
        """The item of that number, once it is there; None where there is none, or its result has gone out."""
        with self._changed:
            self._changed.wait_for(lambda: number in self._items or self._is_over(number))
            return self._items.get(number)

    def deliver(self, number: int, result: Any) -> None:
        """What a worker made of the item of that number: beside the pipeline, whose rows are Arrow's, not objects."""
        with self._changed:
            self._done[number] = result

    def _is_over(self, number: int) -> bool:
        return number < self._next or (self._end is not None and number >= self._end)

    def result(self, number: int, end: int | None) -> tuple[str, Any]:
        """Why all ends, and the result of the item of that number, which is the next one; `end`: of them all."""
        with self._changed:
            self._end = end
            self._changed.notify_all()
        row = self._row(number)
        with self._changed:
            self._items.pop(number, None)
            self._next = number + 1
            return row["failed"], self._done.pop(number, None)

    def _row(self, number: int) -> dict[str, Any]:
        import ray

        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return next(self._results, None) or next(self._pipeline(number))
            except ray.exceptions.RayError:
                self._results = iter(())
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError

    def _pipeline(self, first: int) -> Iterator[dict[str, Any]]:
        """A pipeline over the items from number `first` on."""
        import ray.data

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.execution_options.preserve_order = True
        numbers = list(range(first, min(first + _ROUND, self._end or first + _ROUND)))
        workers = min(self._workers, len(numbers))
        me = ray.get_runtime_context().current_actor
        rows = ray.data.from_items(numbers, override_num_blocks=len(numbers)).map_batches(
            Worker,
            fn_constructor_args=(me, self._begin),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers),
            num_cpus=self._resources.cpus,
            num_gpus=self._resources.gpus,
            max_restarts=0,
        )
        found = iter(rows.iter_rows())
        self._results = found
        return found


class Worker:
    """One actor of the pipeline."""

    def __init__(self, foreman: Any, begin: Callable[[], Work]) -> None:
        self._foreman = foreman
        self._begin = begin
        self._work: Work | None = None

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Works on the items of these numbers, which is one."""
        import ray

        number = int(batch["item"][0])
        item = ray.get(self._foreman.take.remote(number))
        try:
            self._work = self._work or self._begin()
            result = None if item is None else self._work(item)
        except (RetrievalError, EncoderError) as exc:
            return {"failed": [f"the worker on {socket.gethostname()}: {exc}"]}
        ray.get(self._foreman.deliver.remote(number, result))
        return {"failed": [""]}
