"""The bot as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ON_FAKE_INDEX = (str(HERE / "program.py"),)
REAL = ("-m", "bot.app")
_SECONDS = 60
_OUTSIDE = (
    "TELEGRAM",
    "INDEX",
    "ALLOWED",
    "EMBEDDING",
    "STATE",
    "PG",
    "http_proxy",
    "https_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Program:
    """A running bot; its log goes to a file."""

    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, with_signal: int = signal.SIGTERM) -> Ended:
        """Tell it to stop, and wait until it has."""
        self.process.send_signal(with_signal)
        return self.ended()

    def ended(self) -> Ended:
        """How it ended, once it has."""
        code = self.process.wait(_SECONDS)
        return Ended(code, "", self.log.read_text("utf-8"))


@contextmanager
def started(
    folder: Path, settings: Mapping[str, str], *arguments: str, program: Sequence[str] = ON_FAKE_INDEX
) -> Iterator[Program]:
    """The bot running in `folder`; killed at the end if it still runs."""
    log = folder / "log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, *program, *arguments], cwd=folder, env=environment(settings), stderr=stderr
        )
    try:
        yield Program(process, log)
    finally:
        process.kill()
        process.wait()


def run(
    folder: Path,
    settings: Mapping[str, str],
    *arguments: str,
    typed: str | bytes = "",
    program: Sequence[str] = ON_FAKE_INDEX,
) -> Ended:
    """The bot run to its end."""
    done = subprocess.run(
        [sys.executable, *program, *arguments],
        cwd=folder,
        env=environment(settings),
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def free_port() -> int:
    """A loopback port that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Until something listens at the port."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens at port {port}")


def delivered(port: int, update: dict[str, Any] | bytes, secret: str) -> int:
    """The status that a delivery to the webhook gets; bytes are delivered as they are."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/hook",
        update if isinstance(update, bytes) else json.dumps(update).encode(),
        {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret},
    )
    try:
        with urllib.request.urlopen(request) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(_OUTSIDE)}
    return {**outside, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}", "LC_ALL": "C.UTF-8", **settings}
