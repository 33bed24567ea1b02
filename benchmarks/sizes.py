"""How big, how fast, how much memory: indexes of generated articles from a thousand passages on.

    python -m benchmarks.sizes [--passages 1000 10000 100000 1000000] [--keep FOLDER]

A passage has ten sentences. An encoder that costs next to nothing stands for the model, so latencies are those of the
search alone; beside them, what the packaged model takes for the same questions is added, one by one. Every index is
built and asked in a process of its own. Recall is the share of the ten best hits of a search that compares every vector
which are among the ten best as they are searched. Memory is what a process holds of its own at most (RssAnon), without
the files of the index that are mapped, which the system drops when it needs the room; `resident` counts those too.

A million passages take about 40 minutes and 20 GB of disk. With --keep, articles and indexes stay in a folder, and what
is there is not made again.
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
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.generated import CheapEncoder, Writer
from benchmarks.memory import Memory
from benchmarks.results import save
from embeddings.model import load_encoder
from retrieval import Retriever, build_index
from retrieval.indexing.vectors import partitions

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PASSAGES = 10
"""Passages an article."""
QUESTIONS = 200
COMPARED = 100
"""Questions that recall is measured with: to compare all vectors takes seconds where there are ten million."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    parser = argparse.ArgumentParser("benchmarks.sizes", description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--build", type=Path, nargs=2, metavar=("ARTICLES", "INDEX"), help=argparse.SUPPRESS)
    parser.add_argument("--ask", type=Path, metavar="INDEX", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.build or options.ask:
        print(json.dumps(_build(*options.build) if options.build else _ask(options.ask)))
        return 0
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for passages in tqdm(options.passages, "sizes", disable=None):
            figures[str(passages)] = _size((options.keep or Path(scratch)) / str(passages), passages)
            print(json.dumps(figures, indent=1))
            save("sizes", f"python -m benchmarks.sizes --passages {' '.join(figures)}", figures)
    return 0


def _size(folder: Path, passages: int) -> dict[str, object]:
    articles, index, built = folder / "articles", folder / "index", folder / "built.json"
    if not built.exists():
        Writer().write(articles, passages // PASSAGES, PASSAGES)
        built.write_text(json.dumps(_in_a_process("--build", str(articles), str(index))))
    files = [file for file in index.rglob("*") if file.is_file()]
    size = _mb(sum(file.stat().st_size for file in files))
    return {**json.loads(built.read_text()), "index_mb": size, **_in_a_process("--ask", str(index))}


def _in_a_process(*arguments: str) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.sizes", *arguments]
    figures: dict[str, object] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return figures


def _build(articles: Path, index: Path) -> dict[str, object]:
    memory = Memory()
    report = build_index(articles, index, encoder=CheapEncoder())
    return {"sentences": report.sentences, "build_seconds": report.seconds, "build_memory_mb": memory.figures()}


def _ask(index: Path) -> dict[str, object]:
    memory = Memory()
    started = time.perf_counter()
    with Retriever.open(index, encoder=CheapEncoder()) as retriever:
        opened = time.perf_counter() - started
        questions = _questions(retriever)
        _asked(retriever, questions)
        texts, seconds = _asked(retriever, questions)
        asking = memory.figures()
        memory = Memory()
        with_model = seconds + _encoded(questions)
        asking_with_model = memory.figures()
        partitions.PARTITIONS = ()
        exact, _ = _asked(retriever, questions[:COMPARED])
    return {
        "open_seconds": round(opened, 3),
        "question_ms": _percentiles(seconds),
        "question_with_model_ms": _percentiles(with_model),
        "asking_memory_mb": asking,
        "asking_with_model_memory_mb": asking_with_model,
        "recall_at_10": round(float(np.mean([_recall(*pair) for pair in zip(texts, exact, strict=False)])), 4),
    }


def _percentiles(seconds: NDArray[np.float64]) -> dict[str, float]:
    p50, p95, p99 = (round(float(each), 2) for each in np.percentile(seconds * 1000, (50, 95, 99)))
    return {"p50": p50, "p95": p95, "p99": p99}


def _encoded(questions: Sequence[str]) -> NDArray[np.float64]:
    """(n,) the seconds that the packaged model takes for each question."""
    encoder = load_encoder()
    encoder.encode_questions(questions)
    seconds = []
    for question in questions:
        started = time.perf_counter()
        encoder.encode_questions([question])
        seconds.append(time.perf_counter() - started)
    return np.array(seconds)


def _questions(retriever: Retriever) -> list[str]:
    """A clause or two of sentences that stand somewhere, asked for."""
    dice = random.Random(1)
    paths = [article.path for article in retriever.latest(10_000)]
    passages = (dice.choice(retriever.passages_of(dice.choice(paths))) for _ in range(QUESTIONS))
    sentences = (dice.choice(passage.split("。")[:-1]).split("，") for passage in passages)
    return ["，".join(clauses[: dice.randrange(1, 3)]) + "，是什么？" for clauses in sentences]


def _asked(retriever: Retriever, questions: Sequence[str]) -> tuple[list[list[str]], NDArray[np.float64]]:
    """The ten best texts for each question, and the seconds that each took."""
    texts, seconds = [], []
    for question in questions:
        started = time.perf_counter()
        hits = retriever.search(question, k=10)
        seconds.append(time.perf_counter() - started)
        texts.append([hit.text for hit in hits])
    return texts, np.array(seconds)


def _recall(found: Sequence[str], exact: Sequence[str]) -> float:
    return len(set(found) & set(exact)) / max(1, len(set(exact)))


def _mb(count: float) -> int:
    return round(count / 1e6)


if __name__ == "__main__":
    sys.exit(main())
