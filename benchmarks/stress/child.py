"""Children: work in a process of its own, forked with everything imported, that may be killed at any moment."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from retrieval.errors import RetrievalError


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended."""

    signal: int
    """That killed it; 0 if none did."""
    said: Any = None
    """What its work gave, as JSON."""
    refused: str | None = None
    """The message of a RetrievalError."""
    crashed: str | None = None
    """The traceback of any other error."""

    @property
    def is_clear(self) -> bool:
        """Whether it did its work, or said in one line why not."""
        return not self.signal and not self.crashed and "\n" not in (self.refused or "")


@dataclass(frozen=True, slots=True)
class Child:
    """A running child."""

    pid: int
    _pipe: int
    _gate: int

    def release(self) -> None:
        """Let it begin."""
        os.close(self._gate)

    def kill(self) -> None:
        """Kill it, as power or the kernel would."""
        os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> Ended:
        """How it ended, once it has."""
        with os.fdopen(self._pipe, "rb") as stream:
            text = stream.read()
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            return Ended(os.WTERMSIG(status))
        return Ended(0, **json.loads(text))


def start(work: Callable[[], Any], *, held: bool = False) -> Child:
    """Start work; a child that is `held` begins only when it is released."""
    reading, writing = os.pipe()
    # Not a SIGSTOP: a tracer that attaches to a stopped process can miss the SIGCONT, and both wait for ever.
    waiting, gate = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if not pid:
        os.close(reading)
        os.close(gate)
        os.read(waiting, 1)
        _be_a_child(work, writing)
    os.close(writing)
    os.close(waiting)
    started = Child(pid, reading, gate)
    if not held:
        started.release()
    return started


def run(work: Callable[[], Any]) -> Ended:
    """Work done in a child of its own."""
    return start(work).ended()


def _be_a_child(work: Callable[[], Any], pipe: int) -> NoReturn:
    """Never returns into the parent's program."""
    try:
        outcome = {"said": work()}
    except RetrievalError as exc:
        outcome = {"refused": str(exc)}
    except BaseException:  # noqa: BLE001
        # Also the panics of native libraries, which are no Exceptions.
        outcome = {"crashed": traceback.format_exc()[-1500:]}
    _say(pipe, json.dumps(outcome).encode())
    os._exit(0)


def _say(pipe: int, text: bytes) -> None:
    """Write all of it, also where a fault is injected into this very write; nothing where nobody listens any more."""
    while text:
        try:
            text = text[os.write(pipe, text) :]
        except BrokenPipeError:
            return
        except OSError:
            continue
