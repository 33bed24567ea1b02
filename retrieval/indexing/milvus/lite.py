"""Milvus Lite: a server inside of this process for as long as anyone here uses its file, which it locks."""

from __future__ import annotations

from collections import Counter
from errno import EEXIST
from pathlib import Path
from threading import Lock

_users: Counter[str] = Counter()
_counting = Lock()


def use(file: str) -> None:
    """One more uses the file, which is a folder; those above it are made where they are missing. Raises OSError."""
    if Path(file).is_file():
        raise FileExistsError(EEXIST, "it is a file of something else, or of Milvus Lite before version 3")
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    with _counting:
        _users[file] += 1


def leave(file: str) -> None:
    """One less uses it; the last lets it go, for other processes."""
    with _counting:
        _users[file] -= 1
        if _users[file] > 0:
            return
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_server(file)
