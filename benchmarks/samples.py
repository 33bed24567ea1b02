"""The sample articles through the whole product: questions, near misses, confidence.

python -m benchmarks.samples
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

from benchmarks.results import save
from embeddings.model import load_encoder
from retrieval import Retriever, build_index
from retrieval.commands.evaluation import Outcome, ask, load_questions, measure

ARTICLES = Path(__file__).resolve().parents[1] / "tests" / "articles"


def main() -> int:
    """Entry point; gives the exit code."""
    encoder = load_encoder()
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as scratch:
        build_index(ARTICLES, scratch, encoder=encoder)
        with Retriever.open(scratch, encoder=encoder) as retriever:
            for name in ("questions.jsonl", "near-misses.jsonl"):
                for expected, kind in zip(load_questions(ARTICLES / name), _kinds(ARTICLES / name), strict=True):
                    by_kind[kind].append(ask(retriever, expected))
    asked = [outcome for kind, outcomes in by_kind.items() if kind != "near-miss" for outcome in outcomes]
    figures = asdict(measure(asked)) | {"kinds": {kind: _share(outcomes) for kind, outcomes in by_kind.items()}}
    print(json.dumps(figures, indent=1))
    save("samples", "python -m benchmarks.samples", figures)
    return 0


def _kinds(file: Path) -> list[str]:
    return [json.loads(line)["kind"] for line in file.read_text(encoding="utf-8").splitlines()]


def _share(outcomes: list[Outcome]) -> dict[str, float]:
    """Questions of a kind, how many have the answer first or among the first three, how many were answered."""
    count = len(outcomes)
    return {
        "questions": count,
        "hit_at_1": round(sum(outcome.rank == 1 for outcome in outcomes) / count, 4),
        "hit_at_3": round(sum(outcome.rank in (1, 2, 3) for outcome in outcomes) / count, 4),
        "answered": round(sum(outcome.answer.answered for outcome in outcomes) / count, 4),
    }


if __name__ == "__main__":
    sys.exit(main())
