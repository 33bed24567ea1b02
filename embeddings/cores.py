"""Cores: how many this process may use."""

from __future__ import annotations

import os


def core_count() -> int:
    """Of the cores that this process may use, which in a container can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
