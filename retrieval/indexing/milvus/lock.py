"""The lock: one rebuild of an index on Milvus at a time, of all machines.

Whoever rebuilds makes a small collection of its own and takes the alias INDEX_lock for it, which only one can. It
says there who it is and, again and again, that it is alive: a dead one's alias may be taken over, at once by a
process of the same machine, else after SILENT.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from retrieval.errors import EngineFailed, IndexBusy
from retrieval.indexing.milvus.client import Client
from retrieval.indexing.milvus.layout import LOCK, lock_of
from retrieval.indexing.milvus.packing import pack, unpack

BEAT = 20.0
"""Seconds between two signs of life."""
SILENT = 300.0
"""Seconds without one after which a holder counts as dead; the machines' clocks may differ by less."""
_ROW = 0
_given_up: set[str] = set()
"""What this process let go of while the server did not answer."""


class Hold:
    """Holds an index."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._alias = lock_of(client.address.collection)
        self._own = f"{self._alias}_{uuid4().hex}"
        self._done = Event()
        self._thread = Thread(target=self._live, name="lock", daemon=True)

    def take(self) -> None:
        """Take the index. Raises IndexBusy."""
        self._client.create(self._own, LOCK, 0)
        try:
            self._beat()
            self._client.index(self._own, LOCK, 1)
            if not self._client.take(self._alias, self._own):
                self._take_over()
        except BaseException:
            self._drop(self._own)
            raise
        self._thread.start()
        self._sweep()

    def check(self) -> None:
        """Raise IndexBusy if another has taken the index for dead."""
        holder = self._client.leads_to(self._alias)
        if holder != self._own:
            raise self._busy(holder)

    def let_go(self) -> None:
        """Let go of the index."""
        self._done.set()
        self._thread.join()
        _given_up.add(self._own)
        with suppress(EngineFailed):
            if self._client.leads_to(self._alias) == self._own:
                self._client.let_go(self._alias)
        self._drop(self._own)

    def _take_over(self) -> None:
        holder = self._client.leads_to(self._alias)
        if holder is not None and holder not in _given_up and _alive(self._sign(holder)):
            raise self._busy(holder)
        self._client.point(self._alias, self._own)
        self.check()

    def _busy(self, holder: str | None) -> IndexBusy:
        sign = self._sign(holder) if holder else {}
        who = f"process {sign['process']} on {sign['host']}" if sign else "another process"
        return IndexBusy(self._client.address, who)

    def _sign(self, collection: str) -> dict[str, Any]:
        """The holder's last sign of life; nothing where it has none."""
        try:
            rows = self._client.where(collection, f"id == {_ROW}", ["body"], newest=True)
        except EngineFailed:
            return {}
        sign = unpack(rows[0]["body"]) if rows else {}
        return sign if isinstance(sign, dict) else {}

    def _beat(self) -> None:
        sign = {"process": os.getpid(), "host": socket.gethostname(), "time": time.time()}
        self._client.replace(self._own, {"id": _ROW, "body": pack(sign), "blank": [0.0, 0.0]})

    def _live(self) -> None:
        while not self._done.wait(BEAT):
            with suppress(EngineFailed):
                self._beat()

    def _sweep(self) -> None:
        """Remove what dead holders left."""
        for name in self._client.collections():
            if name.startswith(f"{self._alias}_") and name != self._own:
                self._drop(name)

    def _drop(self, collection: str) -> None:
        with suppress(EngineFailed):
            self._client.drop(collection)


def _alive(sign: dict[str, Any]) -> bool:
    if not sign or time.time() - float(sign["time"]) > SILENT:
        return False
    return sign["host"] != socket.gethostname() or _runs(int(sign["process"]))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def held(client: Client) -> Iterator[Hold]:
    """Hold the index for a rebuild. Raises IndexBusy."""
    hold = Hold(client)
    hold.take()
    try:
        yield hold
    finally:
        hold.let_go()
