"""Questions typed at a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from select import select
from typing import IO

import pytest

ROOT = Path(__file__).resolve().parents[3]
ECHO = """
import sys
from retrieval.commands import ask, run

def echo():
    for line in ask._lines():
        print("asked", ascii(line), flush=True)
    return 0

sys.exit(run.run("ask-articles", echo))
"""


def _until(terminal: int, words: bytes) -> bytes:
    """What the terminal shows, until it shows `words`."""
    shown = b""
    while not shown.endswith(words):
        assert select([terminal], [], [], 20)[0], shown.decode(errors="replace")
        shown += os.read(terminal, 4_096)
    return shown


def _conversation(lines: list[bytes], answers: int | IO[bytes] | None) -> tuple[bytes, int]:
    """What a terminal shows in which `lines` are typed, and the exit code; answers go there where None."""
    terminal, inside = pty.openpty()
    asking = subprocess.Popen(
        [sys.executable, "-c", ECHO],
        stdin=inside,
        stdout=inside if answers is None else answers,
        stderr=inside,
        cwd=ROOT,
        env=os.environ | {"TERM": "dumb", "PYTHONIOENCODING": "utf-8:strict"},
    )
    os.close(inside)
    shown = b""
    try:
        for line in [*lines, b"\x04"]:
            shown += _until(terminal, b"? ")
            os.write(terminal, line)
        return shown, asking.wait(20)
    finally:
        asking.kill()
        asking.wait()
        os.close(terminal)


def test_what_is_typed_in_another_encoding_is_read_all_the_same() -> None:
    shown, code = _conversation([b"tide\n", "灯塔".encode("gb18030") + b"\n", b"bread\n"], None)
    assert code == 0
    assert b"asked 'tide'" in shown
    assert b"asked '\\ufffd" in shown
    assert b"asked 'bread'" in shown


def test_prompts_stay_out_of_the_file_that_answers_go_to(tmp_path: Path) -> None:
    with (tmp_path / "answers").open("wb") as answers:
        _, code = _conversation([b"tide\n", b"bread\n"], answers)
    assert code == 0
    assert (tmp_path / "answers").read_text() == "asked 'tide'\nasked 'bread'\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_lines_of_a_pipe_are_read_in_any_encoding(encoding: str) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ECHO], input="灯塔\nbread".encode(encoding), capture_output=True, cwd=ROOT, check=False
    )
    assert (asked.returncode, asked.stderr) == (0, b"")
    assert asked.stdout.endswith(b"asked 'bread'\n")
