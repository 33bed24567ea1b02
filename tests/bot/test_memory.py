"""The process's memory."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

_COUNT_HEAPS = """
import ctypes, sys, threading
from bot.memory import share_heaps
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
if sys.argv[2] == "shared":
    share_heaps()
together = threading.Barrier(7)
def allocate():
    kept = [bytearray(1_000) for _ in range(100)]
    together.wait()
    together.wait()
for _ in range(6):
    threading.Thread(target=allocate).start()
together.wait()
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
together.wait()
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="glibc only")
def test_threads_share_two_heaps(tmp_path: Path) -> None:
    assert _heaps(tmp_path / "shared", "shared") == 2
    assert _heaps(tmp_path / "apart", "apart") > 2


def _heaps(report: Path, how: str) -> int:
    subprocess.run([sys.executable, "-c", _COUNT_HEAPS, str(report), how], check=True)
    return report.read_text().count("<heap nr=")


_FREE_MUCH = """
from pathlib import Path
from bot.memory import trim
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])
blocks = [bytearray(1_000) for _ in range(100_000)]
kept = blocks[::100]
full = resident()
del blocks
freed = resident()
trim()
print(full - freed, freed - resident())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="glibc only")
def test_what_is_free_between_what_is_kept_is_given_back() -> None:
    by_itself, by_trimming = subprocess.check_output([sys.executable, "-c", _FREE_MUCH], text=True).split()
    assert int(by_trimming) * 4_096 > 50_000_000 > 5 * int(by_itself) * 4_096
