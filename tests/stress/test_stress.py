"""A short selection of `make stress`: every subject that needs no bot, with a fiftieth of its counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="it forks, traces and fills disks as Linux does")
@pytest.mark.parametrize("subject", ["crash", "storage", "concurrency", "damage", "articles", "code"])
def test_nothing_is_lost(subject: str, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    command = [sys.executable, "-m", "benchmarks.stress", subject, "--scale", "0.01", "--record", str(record)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows = json.loads(record.read_text("utf-8"))
    assert sum(row["tried"] for row in rows) > 0
    assert [(row["what"], row["notes"]) for row in rows if row["lost"]] == []
