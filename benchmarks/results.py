"""Results: what was measured, with the command, the machine and the versions."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "results"
LIBRARIES = ("faiss-cpu", "onnxruntime", "tantivy", "tokenizers", "numpy")


def save(name: str, command: str, figures: Mapping[str, object]) -> Path:
    """Write a benchmark's figures into results/NAME.json, and give its path."""
    FOLDER.mkdir(exist_ok=True)
    record = {
        "command": command,
        "date": date.today().isoformat(),
        "machine": {"processor": _processor(), "cores": os.cpu_count(), "system": platform.system()},
        "python": platform.python_version(),
        "versions": {library: version(library) for library in LIBRARIES},
        "figures": dict(figures),
    }
    file = FOLDER / f"{name}.json"
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
