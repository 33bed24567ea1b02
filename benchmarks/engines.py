"""The engines side by side: a folder and Milvus (Milvus Lite, unless another address is given).

    python -m benchmarks.engines [--data ../shared/eval/drcd_dev.json] [--milvus milvus://host:19530/engines]

Both are built of the same articles with the same vectors, which are made once before the clock runs, and are asked
the same questions: DRCD's development set where it is at hand, else those of the sample articles.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.drcd import DATA, write_articles
from benchmarks.remembering import Remembering
from benchmarks.results import save
from embeddings.encoder import Encoder
from embeddings.model import load_encoder
from retrieval import Retriever, build_index
from retrieval.commands.evaluation import Expected, Outcome, ask, load_questions, measure

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "articles"
TOLERANCE = 0.003
"""What hit@1 on Milvus may differ by."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code: 1 where Milvus finds less than it may."""
    parser = argparse.ArgumentParser("benchmarks.engines", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--milvus", metavar="ADDRESS", help="default: a file of Milvus Lite")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        articles, questions = _material(options.data, folder)
        encoder = Remembering(load_encoder())
        build_index(articles, folder / "first", encoder=encoder, progress=True)
        addresses = {"folder": str(folder / "index"), "milvus": options.milvus or f"milvus+file://{folder}/index.db"}
        measured = {name: _measured(articles, address, encoder, questions) for name, address in addresses.items()}
    figures = _compared(measured) | {"server": "given" if options.milvus else "Milvus Lite"}
    print(json.dumps(figures, indent=1))
    save("engines", "make engines", figures)
    return 0 if figures["hit_at_1_difference"] >= -TOLERANCE else 1


def _material(data: Path, folder: Path) -> tuple[Path, list[Expected]]:
    if data.is_file():
        return folder / "articles", write_articles(json.loads(data.read_text(encoding="utf-8")), folder / "articles")
    print("DRCD is not here; the sample articles stand in", file=sys.stderr)
    return SAMPLES, load_questions(SAMPLES / "questions.jsonl")


def _measured(
    articles: Path, address: str, encoder: Encoder, questions: Sequence[Expected]
) -> tuple[dict[str, Any], list[Outcome]]:
    report = build_index(articles, address, encoder=encoder, full=True)
    started = time.monotonic()
    build_index(articles, address, encoder=encoder)
    unchanged = time.monotonic() - started
    with Retriever.open(address, encoder=encoder) as retriever:
        outcomes = [ask(retriever, question) for question in tqdm(questions, "asking", disable=None)]
    figures = asdict(measure(outcomes)) | {
        "passages": report.passages,
        "sentences": report.sentences,
        "build_seconds": round(report.seconds, 1),
        "rebuild_seconds_unchanged": round(unchanged, 2),
    }
    return figures, outcomes


def _compared(measured: dict[str, tuple[dict[str, Any], list[Outcome]]]) -> dict[str, Any]:
    (one, found), (other, found_other) = measured["folder"], measured["milvus"]
    pairs = list(zip(found, found_other, strict=True))
    first = [[hit.text for hit in each.answer.hits[:1]] for each in found]
    same = sum(
        texts == [hit.text for hit in each.answer.hits[:1]] for texts, each in zip(first, found_other, strict=True)
    )
    apart = [abs(a.answer.confidence - b.answer.confidence) for a, b in pairs]
    return {
        "folder": one,
        "milvus": other,
        "hit_at_1_difference": round(other["hit_at_1"] - one["hit_at_1"], 5),
        "same_first_passage": round(same / len(pairs), 4),
        "largest_difference_in_confidence": round(max(apart), 4),
    }


if __name__ == "__main__":
    sys.exit(main())
