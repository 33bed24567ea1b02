"""Reading and embedding on a Ray cluster that is reached by its address, from a program of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from embeddings.errors import NoPackagedModel
from embeddings.model import load_encoder
from retrieval import build_index
from retrieval.indexing import generations
from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.intake import CATALOGUE

SAMPLES = Path(__file__).resolve().parents[3] / "tests" / "articles"
PATIENCE = 90


class Head:
    """A cluster of this machine alone, with a port for clients."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True)
        self.port = _free_port()
        options = ["--num-cpus=2", "--include-dashboard=false", "--object-store-memory=200000000"]
        ports = ["--min-worker-port=0", "--max-worker-port=0", f"--port={_free_port()}"]
        place = [f"--ray-client-server-port={self.port}", f"--temp-dir={self._folder.name}"]
        self._process = subprocess.Popen(
            [Path(sys.executable).parent / "ray", "start", "--head", "--block", *options, *ports, *place],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
            start_new_session=True,
        )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        self.kill()
        pytest.skip("no Ray cluster can be started here")

    def works(self) -> bool:
        """Whether one of its workers does."""
        return any(_name(process).startswith(b"ray::MapWorker") for process in _family(self._process.pid))

    def kill(self) -> None:
        """Take it away, at once."""
        for process in _family(self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()
        self._folder.cleanup()


def _family(process: int) -> list[int]:
    """The process, and those that it started, and those that they did."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [process, *(each for child in children for each in _family(int(child)))]


def _name(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def head() -> Iterator[Head]:
    try:
        load_encoder()
    except NoPackagedModel as exc:
        pytest.skip(str(exc))
    started = Head()
    yield started
    if started._process.poll() is None:
        started.kill()


def _started(head: Head, articles: Path, index: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "retrieval.commands.rebuild", articles, "--index", index]
    return subprocess.Popen(
        [*command, "--ray", f"ray://127.0.0.1:{head.port}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"RAY_CLIENT_RECONNECT_GRACE_PERIOD": "2"},
    )


def _passages(index: Path) -> list[object]:
    return list(Catalogue(generations.folder_of(index, generations.live_name(index)) / CATALOGUE).passages_from(0))


def test_a_cluster_elsewhere_builds_what_this_machine_builds_until_it_is_lost(head: Head, tmp_path: Path) -> None:
    """Then that is said in one line, and the index is as it was."""
    index = tmp_path / "index"
    first = _started(head, SAMPLES / "2022", index)
    _, said = first.communicate(timeout=3 * PATIENCE)
    assert (first.returncode, said) == (0, "")
    build_index(SAMPLES / "2022", tmp_path / "local", encoder=load_encoder())
    assert _passages(index) == _passages(tmp_path / "local")

    before = (index / "CURRENT").read_bytes()
    second = _started(head, SAMPLES, index)
    while not head.works() and second.poll() is None:
        time.sleep(0.1)
    head.kill()
    _, said = second.communicate(timeout=3 * PATIENCE)
    assert (second.returncode, said.count("\n")) == (1, 1)
    assert "the cluster is gone" in said
    assert (index / "CURRENT").read_bytes() == before
