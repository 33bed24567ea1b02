"""Curves of what `make sizes` measured, for docs/scaling.md.

python -m benchmarks.curves
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
SIZES = ROOT / "benchmarks" / "results" / "sizes.json"
DRAWN = ROOT / "docs" / "scaling.png"
PANELS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("build, s", (("build_seconds",),)),
    ("index, MB", (("index_mb",),)),
    ("question, ms", (("question_ms", "p50"), ("question_ms", "p95"))),
    ("memory asking, MB", (("asking_memory_mb", "own"), ("asking_memory_mb", "resident"))),
)


def main() -> int:
    """Entry point; gives the exit code."""
    figures = json.loads(SIZES.read_text(encoding="utf-8"))["figures"]
    draw({int(passages): each for passages, each in figures.items()}, DRAWN)
    return 0


def draw(figures: dict[int, dict[str, Any]], file: Path) -> None:
    """What each size took: passages from left to right, on scales where tenfold is one step."""
    figure = Figure(figsize=(11, 2.8), layout="constrained", facecolor="white")
    for axes, (title, curves) in zip(figure.subplots(1, len(PANELS)), PANELS, strict=True):
        for curve in curves:
            _line(axes, {passages: _at(each, curve) for passages, each in sorted(figures.items())}, curve[-1])
        axes.set(xscale="log", yscale="linear" if title.endswith("ms") else "log")
        axes.set_xlabel("passages", fontsize=9)
        axes.set_title(title, fontsize=9)
        axes.tick_params(labelsize=8)
        axes.grid(alpha=0.3)
        if len(curves) > 1:
            axes.legend(fontsize=8, frameon=False)
    figure.savefig(file, dpi=120)


def _line(axes: Axes, values: dict[int, float], label: str) -> None:
    axes.plot(list(values), list(values.values()), marker="o", markersize=4, label=label)


def _at(figures: dict[str, Any], path: tuple[str, ...]) -> float:
    found: Any = figures
    for name in path:
        found = found[name]
    return float(found)


if __name__ == "__main__":
    sys.exit(main())
