"""Memory that a process holds, as Linux counts it. Nothing but the standard library: peers measure by it, too."""

from __future__ import annotations

import threading
from pathlib import Path


def peak() -> int:
    """The most bytes that this process has had resident, mapped files included.

    Not `ru_maxrss`: what the process that started this one had counts there, too.
    """
    return _of_this_process("VmHWM")


class Memory:
    """The most memory that this process has held since, looked at ten times a second."""

    def __init__(self) -> None:
        self._own = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def figures(self) -> dict[str, int]:
        """`own`: MB without mapped files; `resident`: with them."""
        self._done.set()
        self._thread.join()
        return {"own": round(self._own / 1e6), "resident": round(peak() / 1e6)}

    def _watch(self) -> None:
        while True:
            self._own = max(self._own, _of_this_process("RssAnon"))
            if self._done.wait(0.1):
                return


def _of_this_process(field: str) -> int:
    """Bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))
