"""Code: nothing in it that runs what others wrote; and what the auditors say."""

from __future__ import annotations

import ast
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.stress.loopback import ROOT
from benchmarks.stress.tally import Tally

PACKAGES = ("embeddings", "retrieval", "bot")
SUBJECT = "code"
MODULES = frozenset(["pickle", "marshal", "shelve", "dill", "joblib", "subprocess", "pty", "commands"])
CALLS = frozenset(
    ["eval", "exec", "compile", "__import__", "system", "popen", "execv", "spawnl", "unsafe_load", "full_load"]
)
_OTHERS = frozenset(["compile", "eval", "system"])
"""As attributes these are also `re.compile`, a model's `eval` and `platform.system`."""


def run(folder: Path, scale: float, chance: random.Random) -> list[Tally]:  # noqa: ARG001
    """All audits."""
    return [dangers(), bandit(), dependencies()]


def dangers() -> Tally:
    """No pickle, eval or shell: in no module of the program."""
    tally = Tally(SUBJECT, "modules without pickle, eval, exec, subprocess, shell or unsafe YAML")
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            found = list(found_in(ast.parse(file.read_text("utf-8"))))
            if found:
                tally.lose(f"{file.relative_to(ROOT)}: {found}")
            else:
                tally.survive()
    return tally


def found_in(tree: ast.AST) -> Iterator[str]:
    """What of a module runs others' code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            yield from _called(node)


def _called(node: ast.Call) -> Iterator[str]:
    if isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield node.func.id
    elif isinstance(node.func, ast.Attribute) and node.func.attr in CALLS - _OTHERS:
        yield node.func.attr
    elif ast.unparse(node.func) == "os.system":
        yield "os.system"
    for keyword in node.keywords:
        if keyword.arg in ("shell", "allow_pickle") and getattr(keyword.value, "value", None) is True:
            yield f"{keyword.arg}=True"


def bandit() -> Tally:
    """Bandit's findings; B608 is SQL put together of constants and marks, B615 a model that its owner names."""
    tally = Tally(SUBJECT, "bandit: findings of medium or high severity besides B608 and B615")
    command = [sys.executable, "-m", "bandit", "-q", "-ll", "-s", "B608,B615", "-f", "json", "-r", *PACKAGES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if "No module named" in done.stderr:
        tally.notes.append("not tried: bandit is not installed")
        return tally
    report = json.loads(done.stdout)
    for each in report["results"]:
        tally.lose(f"{each['filename']}:{each['line_number']} {each['test_id']} {each['issue_text']}")
    tally.outcomes["survived"] += len([name for name in report["metrics"] if name != "_totals"]) - tally.lost
    return tally


def dependencies() -> Tally:
    """Known weaknesses of the versions in constraints.txt, where the database of them can be reached."""
    tally = Tally(SUBJECT, "pip-audit: dependencies without known weaknesses")
    if shutil.which("pip-audit", path=str(Path(sys.executable).parent)) is None:
        tally.notes.append("not tried: pip-audit is not installed")
        return tally
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "-r",
        "constraints.txt",
        "--no-deps",
        "--disable-pip",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(
            [*command, "-f", "json"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
        )
        report = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        tally.notes.append("not tried: the database of known weaknesses cannot be reached from here")
        return tally
    for each in (each for each in report["dependencies"] if "skip_reason" not in each):
        if each["vulns"]:
            tally.lose(f"{each['name']} {each['version']}: {[found['id'] for found in each['vulns']]}")
        else:
            tally.survive()
    if not tally.tried:
        tally.notes.append("not tried: the database of known weaknesses cannot be reached from here")
    return tally
