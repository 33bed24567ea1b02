"""Ray: work spread over the machines of a cluster. This package alone knows of it.

Items go out and results come back in order, by way of a foreman: an actor on the cluster's head node that runs a Ray
Data pipeline over the items' numbers. The pipeline's actors, one a core or a GPU, hold what they work with (a model)
and ask the foreman for the item of each number they are given. Few items are there at a time, so that any number of
them passes through little memory, and no machine need see another's disk.

A lost worker, of a process that was killed or a machine that is gone, ends the pipeline; a new one goes on behind the
last result that arrived, with the machines that are left. (Left to Ray, the lost actor's share would wait for its
place on a machine that may never return.) A foreman is needed because Ray Data does not run over `ray://`, and so that
nothing Ray writes reaches the terminal.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from embeddings.errors import EncoderError
from retrieval.errors import ClusterFailed, MissingExtra, RetrievalError
from retrieval.indexing.cluster.pipeline import Foreman, Resources, Work

AUTO = "auto"
"""The address of a cluster on this machine: the one that is running, else one that is started for the occasion."""
AHEAD = 4
"""Items under way for each worker."""
PATIENCE = 5.0
"""Seconds to wait for a cluster's first answer."""
REFUSALS = 3
"""How often a cluster that is up may refuse to begin: one that has just started does so when it is busy."""
_REFUSED = "Initialization failure from server"
"""What Ray's client says then, before the reason."""
_INSTALL = "pip install 'wenda[ray]'"
_TOKEN_FILE = "~/.ray/auth_token"  # noqa: S105
_GONE = {"ActorDiedError", "ActorUnavailableError", "ConnectionError", "Exception", "NodeDiedError"}
_STORE = 400_000_000
"""Bytes of shared memory where a cluster is started: some hundred shares, whatever the machine has."""
_HEAD = {"node:__internal_head__": 0.001}
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


class Cluster:
    """A cluster that was connected to."""

    def __init__(self, ray: Any, address: str, workers: int | None) -> None:
        self._ray = ray
        self._address = address
        self._workers = workers

    @property
    def gpus(self) -> int:
        """How many there are."""
        return self._count("GPU")

    def stream(self, begin: Callable[[], Work], items: Iterable[Any], resources: Resources) -> Iterator[Any]:
        """The result of each item, in order.

        `begin` is called once in every worker, and what it gives does the work there. A few items for each worker are
        taken before the first result is given. Raises ClusterFailed.
        """
        with self._translated():
            yield from self._stream(begin, iter(items), resources)

    def _stream(self, begin: Callable[[], Work], items: Iterator[Any], resources: Resources) -> Iterator[Any]:
        workers = self._number(resources)
        foreman = self._foreman(workers).remote(begin, workers, resources)
        number = given = 0
        while True:
            for item in islice(items, number + workers * AHEAD - given):
                foreman.give.remote(given, item)
                given += 1
            if number == given:
                break
            end = given if given < number + workers * AHEAD else None
            failed, result = self._ray.get(foreman.result.remote(number, end))
            if failed:
                raise ClusterFailed(self._address, failed)
            yield result
            number += 1
        self._ray.kill(foreman)

    def _foreman(self, workers: int) -> Any:
        # A thread for each worker that waits for an item, and some for items that come and results that go.
        return self._ray.remote(Foreman).options(num_cpus=0, max_concurrency=workers + 8, resources=_HEAD)

    def _number(self, resources: Resources) -> int:
        most = int(self._count("GPU") / resources.gpus) if resources.gpus else self._count("CPU")
        return max(1, min(most, self._workers or most))

    def _count(self, name: str) -> int:
        with self._translated():
            return int(self._ray.cluster_resources().get(name, 0))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """What Ray raises, as one line."""
        try:
            yield
        except (RetrievalError, EncoderError):
            raise
        except (self._ray.exceptions.RayError, OSError) as exc:
            raise ClusterFailed(self._address, _reason(exc)) from exc
        except Exception as exc:
            # Over ray://, a connection that is gone is a plain Exception; anything else is not Ray's.
            if self._ray.is_initialized():
                raise
            raise ClusterFailed(self._address, _reason(exc)) from exc


@contextmanager
def connected(address: str, workers: int | None = None) -> Iterator[Cluster]:
    """The cluster at `address`: AUTO, or `ray://host:port`; `workers`: how many at the most, None for all.

    Afterwards nothing of it is left that was not there before. Raises ClusterFailed and MissingExtra.
    """
    ray = _ray()
    running = _running(address)
    try:
        _connect(ray, address, running, workers)
        yield Cluster(ray, address, workers)
    finally:
        with suppress(Exception):
            ray.shutdown()


def _ray() -> Any:
    settings = dict(_QUIET)
    if "ray" not in sys.modules and _has_token():
        # Read once, when Ray is imported; later, only half of it would know.
        settings["RAY_AUTH_MODE"] = "token"
    os.environ.update({name: value for name, value in settings.items() if name not in os.environ})
    try:
        ray = import_module("ray")
    except ImportError as exc:
        raise MissingExtra("Ray", "ray") from exc
    # Of a connection that is lost an error tells; what raylets say of dead workers comes whatever `log_to_driver` is.
    logging.getLogger("ray.util.client").setLevel(logging.CRITICAL)
    # Its level is set anew with each connection.
    logging.getLogger("ray.util.client.logsclient").disabled = True
    worker: Any = import_module("ray._private.worker")
    worker._worker_logs_enabled = False
    return ray


def _has_token() -> bool:
    """Whether there is one that clusters may want; `ray start` goes by the same rule, `ray.init` does not."""
    return (
        "RAY_AUTH_TOKEN" in os.environ
        or Path(os.environ.get("RAY_AUTH_TOKEN_PATH", _TOKEN_FILE)).expanduser().is_file()
    )


def _running(address: str) -> str | None:
    """The address of the cluster that is meant; None where one has to be started."""
    if address == AUTO:
        # Behind a cluster that crashed its address is left; Ray would look for it for minutes.
        found: str | None = import_module("ray._private.utils").read_ray_address()
        return found if found and not _silent(found, 6379) else None
    url = urlsplit(address)
    if url.scheme != "ray" or not url.hostname:
        raise ClusterFailed(address, "no address of a cluster; give auto, or ray://host:10001")
    if reason := _silent(address, 10001):
        raise ClusterFailed(address, f"no cluster answers there ({reason}); is it up, and is that its client port?")
    return address


def _silent(address: str, port: int) -> str | None:
    """Why nobody listens there, if so: Ray itself would ask for half a minute."""
    try:
        url = urlsplit(address if "://" in address else f"//{address}")
        socket.create_connection((url.hostname or "", url.port or port), PATIENCE).close()
    except (OSError, ValueError) as exc:
        return str(exc)
    return None


def _connect(ray: Any, address: str, running: str | None, workers: int | None) -> None:
    settings: dict[str, Any] = {"address": running or "local", "log_to_driver": False, "logging_level": "ERROR"}
    if not running:
        settings |= {"num_cpus": workers, "include_dashboard": False, "object_store_memory": _STORE}
    for left in reversed(range(REFUSALS)):
        try:
            ray.init(**settings)
        except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as exc:
            if not left or not str(exc).startswith(_REFUSED):
                raise ClusterFailed(address, _reason(exc)) from exc
            time.sleep(PATIENCE / REFUSALS)
        else:
            return


def _reason(exc: BaseException) -> str:
    text = str(exc)
    if "No module named" in text:
        return f"a machine of the cluster has not this program; on each: {_INSTALL}"
    if "uthenticat" in text or "connection timeout" in text:
        return "the cluster does not let us in; it may want a token: set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN"
    if type(exc).__name__ in _GONE:
        return "the cluster is gone; what was embedded is kept: start again once it is back"
    text = text.removeprefix(f"{_REFUSED}:")
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [type(exc).__name__]
    # What was raised in a worker stands at the end of its traceback.
    line = lines[-1] if "ray::" in lines[0] else lines[0]
    return f"the cluster failed: {line[:300]}"
