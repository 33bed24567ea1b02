"""The budget: how long reading one article may take, so that a hostile one is skipped instead of stopping a rebuild.

Memory has none of its own: what is read is Python objects, of which about 100 MB can be made in a second.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from retrieval.reading.files import UnreadableFile

SECONDS = 10.0
"""Five times what a book takes."""
UNWATCHED = 20_000
"""Characters that cannot take as long, whatever they are: nothing that is read takes more than linear time."""


class TookTooLong(UnreadableFile):
    """Reading the file took more time than an article may."""

    def __init__(self) -> None:
        super().__init__(f"took longer than {SECONDS:.0f} seconds to read")


@contextmanager
def budget(characters: int) -> Iterator[None]:
    """Read a text of so many characters inside. Raises UnreadableFile where it takes too long, or nests too deeply."""
    watch = _Watch() if characters > UNWATCHED else None
    try:
        yield
    except RecursionError as exc:
        raise UnreadableFile("nested too deeply") from exc
    finally:
        if watch:
            watch.end()


class _Watch:
    """Raises TookTooLong in the thread that made it, unless that ends it in time."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._over = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(SECONDS, self._interrupt)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """The article has been read."""
        self._timer.cancel()
        with self._lock:
            self._over = True

    def _interrupt(self) -> None:
        with self._lock:
            if not self._over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(TookTooLong))
