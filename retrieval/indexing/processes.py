"""Processes: articles read and analysed on several cores, while this process writes what they find."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context, parent_process

from retrieval.errors import UnusableArticles
from retrieval.indexing.reads import Read, Reader, Reading, fetch, one_by_one
from retrieval.reading.files import Source

SHARE = 32
"""Articles that a process is given at a time."""
AHEAD = 4
"""Shares under way for each process: their results wait in memory until all before them are written."""
WORTH = 500
"""Articles from which on starting processes, at about a second, is worth it."""
_ATTEMPTS = 3


def reading(jobs: int) -> Reading:
    """A reading that uses so many cores.

    Its processes are started anew, not forked: a program that reads like this must guard its start with
    `if __name__ == "__main__"`, as the commands do.
    """
    return Processes(jobs) if jobs > 1 else one_by_one


class Processes:
    """A reading by `jobs` processes.

    Each article has its budget of time there as here. A process that is killed costs its share only time: the shares
    under way are read again. Raises UnusableArticles where that happens to the same share again and again.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def __call__(self, sources: Sequence[Source], reader: Reader) -> Iterator[Read]:
        """What is in the files, in their order."""
        if len(sources) < WORTH:
            yield from one_by_one(sources, reader)
            return
        rest, failures = iter(_shares(sources)), 0
        waiting: deque[Sequence[Source]] = deque()
        while True:
            pool = self._pool()
            try:
                for share in _drain(pool, reader, waiting, rest, self._jobs * AHEAD):
                    failures = 0
                    yield from share
                return
            except BrokenProcessPool as exc:
                failures += 1
                if failures == _ATTEMPTS:
                    raise UnusableArticles(waiting[0][0].file, _killed(waiting[0])) from exc
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._jobs, get_context("spawn"), _begin)


def _drain(
    pool: ProcessPoolExecutor,
    reader: Reader,
    waiting: deque[Sequence[Source]],
    rest: Iterator[Sequence[Source]],
    ahead: int,
) -> Iterator[list[Read]]:
    """What is in the shares that are `waiting` and in the `rest`; one whose result was not given yet is `waiting`."""
    futures = deque(pool.submit(_read, reader, share) for share in waiting)
    while True:
        for share in islice(rest, ahead - len(waiting)):
            waiting.append(share)
            futures.append(pool.submit(_read, reader, share))
        if not futures:
            return
        found = futures.popleft().result()
        waiting.popleft()
        yield found


def _shares(sources: Sequence[Source]) -> Iterator[Sequence[Source]]:
    return (sources[start : start + SHARE] for start in range(0, len(sources), SHARE))


def _killed(share: Sequence[Source]) -> str:
    return (
        f"the process that read it, or one of the {len(share)} articles from it on, was killed {_ATTEMPTS} times, "
        "perhaps for want of memory; try --jobs 1"
    )


def _read(reader: Reader, share: Sequence[Source]) -> list[Read]:
    return [reader.read(fetch(source)) for source in share]


def _begin() -> None:
    """A process lives no longer than the one that started it, which alone hears Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
