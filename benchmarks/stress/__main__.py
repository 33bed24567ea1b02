"""All of it, or some subjects: `python -m benchmarks.stress [--scale 0.1] [crash damage ...]`.

Prints a table of what was tried, survived, lost and refused; a whole run is kept in benchmarks/results. Each subject
runs in a process of its own, two at a time, but for those that measure time. Exit code 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.results import save
from benchmarks.stress.tally import table

MODULES = {
    "articles": "articles",
    "crash": "crash",
    "storage": "storage",
    "concurrency": "concurrency",
    "damage": "damage",
    "code": "code",
    "chats": "chats",
    "load": "traffic",
}
TIMED = ("chats", "load")
"""Run alone."""
SEED = 7


def main() -> int:
    """Run it, print it, keep it."""
    options = _options()
    if options.record:
        _one(options)
        return 0
    started = time.perf_counter()
    names = options.subjects or list(MODULES)
    with tempfile.TemporaryDirectory(prefix="stress-") as folder, ThreadPoolExecutor(2) as pool:
        together = [name for name in names if name not in TIMED]
        rows = [row for found in pool.map(lambda name: _apart(name, Path(folder), options), together) for row in found]
        rows += [row for name in names if name in TIMED for row in _apart(name, Path(folder), options)]
    print(table(rows))
    for row in (row for row in rows if row["notes"]):
        print(f"\n{row['subject']}, {row['what']}:", *row["notes"], sep="\n  ")
    if not options.subjects and options.scale == 1:
        whole = round(time.perf_counter() - started, 1)
        print(save("stress", "python -m benchmarks.stress", {"seconds": whole, "table": rows}))
    return 1 if any(row["lost"] for row in rows) else 0


def _apart(name: str, folder: Path, options: argparse.Namespace) -> Sequence[dict[str, Any]]:
    """The rows of a subject that runs in a process of its own."""
    record = folder / f"{name}.json"
    command = [sys.executable, "-m", "benchmarks.stress", name, "--record", str(record)]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, "--scale", str(options.scale), "--seed", str(options.seed)],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    if not record.exists():
        why = f"the subject could not be run: {done.stderr[-1500:]}"
        return [{"subject": name, "what": "all", "tried": 1, "survived": 0, "lost": 1, "refused": 0, "notes": [why]}]
    return list(json.loads(record.read_text("utf-8")))


def _one(options: argparse.Namespace) -> None:
    """Run one subject here, and write its rows."""
    (name,) = options.subjects
    with tempfile.TemporaryDirectory(prefix=f"stress-{name}-") as folder:
        subject = import_module(f"benchmarks.stress.{MODULES[name]}")
        tallies = subject.run(Path(folder).resolve() / name, options.scale, random.Random(f"{options.seed}/{name}"))
    options.record.write_text(json.dumps([each.record() for each in tallies], ensure_ascii=True), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stress", description="Try to lose something.")
    parser.add_argument("subjects", nargs="*", choices=[*MODULES, []], metavar="SUBJECT", help=", ".join(MODULES))
    parser.add_argument("--scale", type=float, default=1.0, metavar="S", help="share of the counts; default: 1")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="of all chances; default: %(default)s")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write one subject's rows there as JSON instead")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
