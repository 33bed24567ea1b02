"""How many cores FAISS may use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import faiss


@contextmanager
def cores(count: int) -> Iterator[None]:
    """Inside, FAISS uses `count` cores in the calling thread; OpenMP keeps that number for each thread of its own."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
