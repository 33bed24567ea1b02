"""All of it, or some subjects: `python -m benchmarks.stress [--scale 0.1] [crash damage ...]`.

Prints a table of what was tried, survived, lost and refused; a whole run is kept in benchmarks/results. Exit code 1
where anything was lost.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.results import save
from benchmarks.stress import articles, chats, code, concurrency, crash, damage, storage, traffic
from benchmarks.stress.tally import Tally, table

SUBJECTS = {each.SUBJECT: each for each in (crash, storage, concurrency, damage, articles, chats, traffic, code)}
SEED = 7


def main() -> int:
    """Run it, print it, keep it."""
    options = _options()
    started = time.perf_counter()
    tallies: list[Tally] = []
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="stress-") as folder:
        for name in options.subjects or SUBJECTS:
            begun = time.perf_counter()
            tallies += SUBJECTS[name].run(Path(folder) / name, options.scale, random.Random(f"{options.seed}/{name}"))
            seconds[name] = round(time.perf_counter() - begun, 1)
            print(f"{name}: {seconds[name]} s, {sum(each.lost for each in tallies)} lost so far", file=sys.stderr)
    print(table(tallies))
    for each in (each for each in tallies if each.notes):
        print(f"\n{each.subject}, {each.what}:", *each.notes, sep="\n  ")
    if not options.subjects and options.scale == 1:
        whole = round(time.perf_counter() - started, 1)
        figures = {"seconds": whole, "seconds_by_subject": seconds, "table": [each.record() for each in tallies]}
        print(save("stress", "python -m benchmarks.stress", figures))
    return 1 if any(each.lost for each in tallies) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stress", description="Try to lose something.")
    parser.add_argument("subjects", nargs="*", choices=[*SUBJECTS, []], metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--scale", type=float, default=1.0, metavar="S", help="share of the counts; default: 1")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="of all chances; default: %(default)s")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
