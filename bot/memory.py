"""The process's memory: it shall not grow while the bot runs for months. Both means are glibc's, others have none."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""`mallopt` in glibc's malloc.h."""
ARENAS = 2
"""Heaps for all threads. By itself glibc gives each thread that allocates at the same time as others one of its own, up
to eight a core, and what is free in one of them serves none of the others."""
TRIM_SECONDS = 60.0
"""How often to trim: by itself glibc gives back what is free at a heap's end only."""


def share_heaps() -> None:
    """Let all threads allocate from a few heaps; to be called before there are threads."""
    _call("mallopt", _M_ARENA_MAX, ARENAS)


def trim() -> None:
    """Give free memory back to the system."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
    if function:
        function(*arguments)
