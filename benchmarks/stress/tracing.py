"""Tracing: the system calls of work in a child, watched or made to fail with strace (https://strace.io)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.stress import child
from benchmarks.stress.child import Child, Ended

_CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)$")
_UNFINISHED, _RESUMED = " <unfinished ...>", re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$")


def available() -> bool:
    """Whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


def with_fault(work: Callable[[], Any], fault: str) -> Ended:
    """Work in a child, with a fault as strace's `inject` describes it."""
    call = fault.split(":", 1)[0]
    with _traced(work, "-e", f"trace={call}", "-e", f"inject={fault}") as running:
        return running.ended()


def counts(work: Callable[[], Any], calls: Sequence[str]) -> dict[str, int]:
    """How often one thread at most makes each of the calls: strace counts by thread."""
    found: Counter[tuple[str, str]] = Counter()
    for thread, call, _ in recorded(work, calls):
        found[call, thread] += 1
    return {call: max((count for (name, _), count in found.items() if name == call), default=0) for call in calls}


def recorded(work: Callable[[], Any], calls: Sequence[str], *, whole: bool = False) -> list[tuple[str, str, str]]:
    """(thread, call, rest of the line) of every call that succeeded, in the order in which they ended.

    `whole` writes down all data, in hexadecimal digits, and numbers of open files instead of their names.
    """
    shown = ("-xx", "-s", str(1 << 24)) if whole else ("-y", "-s", "0")
    with tempfile.NamedTemporaryFile() as log:
        with _traced(work, *shown, "-e", f"trace={','.join(f'?{call}' for call in calls)}", log=log.name) as running:
            ended = running.ended()
        if ended.said is None:
            raise RuntimeError(f"the traced work failed: {ended}")
        return [each for each in _parsed(Path(log.name).read_text("utf-8", "replace")) if " = -1 " not in each[2]]


def _parsed(log: str) -> Iterator[tuple[str, str, str]]:
    begun: dict[tuple[str, str], str] = {}
    for line in log.splitlines():
        if match := _RESUMED.match(line):
            if match[2] == "close":
                continue
            yield match[1], match[2], begun.pop((match[1], match[2]), "") + match[3]
        elif match := _CALL.match(line):
            if match[2] == "close":
                # While it ends, another thread may be given the same number.
                yield match[1], match[2], match[3].removesuffix(_UNFINISHED).partition(")")[0] + ") = 0"
            elif line.endswith(_UNFINISHED):
                begun[match[1], match[2]] = match[3].removesuffix(_UNFINISHED)
            else:
                yield match[1], match[2], match[3]


@contextmanager
def _traced(work: Callable[[], Any], *options: str, log: str = os.devnull) -> Iterator[Child]:
    running = child.start(work, held=True)
    command = ["strace", "-f", "-qq", "-o", log, *options, "-p", str(running.pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _wait_until_traced(running.pid)
    running.release()
    try:
        yield running
    finally:
        tracer.wait(30)


def _wait_until_traced(pid: int) -> None:
    status = Path(f"/proc/{pid}/status")
    for _ in range(2_000):
        text = status.read_text()
        if "TracerPid:\t0" not in text:
            return
        time.sleep(0.002)
    raise RuntimeError("strace does not attach")
