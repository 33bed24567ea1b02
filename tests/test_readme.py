"""What the README says works: its snippet runs, its commands parse, its targets exist, its figures are measured."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.commands import ask, evaluate, rebuild

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PARSERS = {"rebuild-embeddings": rebuild, "ask-articles": ask, "evaluate-retrieval": evaluate}


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def _commands() -> list[list[str]]:
    lines = [line for block in _blocks("sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


def test_the_library_snippet_runs(tmp_path: Path) -> None:
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    (snippet,) = _blocks("python")
    check = "assert report.articles and hits[0].article.path.endswith('北汀岛灯塔.md') and answer.hits"
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{snippet}\n{check}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("command", [c for c in _commands() if c[0] in PARSERS], ids=" ".join)
def test_commands_are_used_rightly(command: list[str]) -> None:
    arguments = command[1 : command.index("<")] if "<" in command else command[1:]
    PARSERS[command[0]]._parser().parse_args(arguments)


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z]+)", README)) | {c[1] for c in _commands() if c[0] == "make"}
    assert {"chat", "test"} <= named
    assert all(re.search(rf"^(?:[a-z]+ )*{target}(?: [a-z]+)*:", makefile, re.MULTILINE) for target in named)


def test_every_figure_is_the_measured_one() -> None:
    for name in ("drcd", "samples"):
        figures = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text())["figures"]
        assert f"| {figures['hit_at_1']:.3f} | {figures['mrr_at_10']:.3f} | `python -m benchmarks.{name}` |" in README
