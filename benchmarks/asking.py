"""How long a question takes: from the start of a process, and of one that runs already.

    python -m benchmarks.asking [--passages N]

Cold: `ask-articles` from process start to answer, in turns with `python -c "import sentence_transformers"`. Warm: the
sample articles' questions to an open Retriever, the encoder included, and how many a second as many threads as there
are cores get answered, over one thread, and as many processes over one. With --passages the index is of N passages that
are put together from the sentences of the sample articles, and of DRCD's development set where it is.
Exit code 1 where a cold answer takes more than half of that import.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np

from benchmarks.corpora import FOLDERS
from benchmarks.results import save
from benchmarks.texts import corpora, cut
from embeddings.encoder import Encoder
from embeddings.model import load_encoder
from retrieval import Retriever, build_index

ROUNDS = 5
CORES = os.cpu_count() or 1
COLD = 0.5
"""The most that a cold answer may take of the import's time."""
_EACH, _SENTENCES = 10, 10
"""Passages of a generated article, sentences of a passage."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    parser = argparse.ArgumentParser("benchmarks.asking", description=__doc__)
    parser.add_argument("--passages", type=int, metavar="N", help="default: the sample articles as they are")
    options = parser.parse_args(arguments)
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as scratch:
        articles, index = _articles(Path(scratch), options.passages), Path(scratch, "index")
        report = build_index(articles, index, encoder=encoder, progress=True)
        cold, warm = _cold(index), _warm(index, encoder) | _beside_each_other(index)
    figures = {"passages": report.passages, "cold": cold, "warm": warm}
    print(json.dumps(figures, indent=1))
    name = f"asking-{options.passages}" if options.passages else "asking"
    print(save(name, " ".join(["python -m benchmarks.asking", *(arguments or sys.argv[1:])]), figures))
    return 0 if cold["ratio"] <= COLD else 1


def _articles(scratch: Path, passages: int | None) -> Path:
    if not passages:
        return FOLDERS["articles"]
    folder = scratch / "articles"
    folder.mkdir()
    made = _generated(passages)
    for number in range(-(-passages // _EACH)):
        body = "\n\n".join(islice(made, _EACH))
        (folder / f"{number:06}.md").write_text(f"---\ntitle: Article {number}\n---\n\n{body}\n", encoding="utf-8")
    return folder


def _generated(passages: int) -> Iterator[str]:
    """Each of ten real sentences of one corpus, so that its words are as frequent as they are there."""
    pools = [cut(corpus.passages, corpus.spans()) for corpus in corpora()]
    draw = random.Random(0)
    for _ in range(passages):
        yield "".join(draw.sample(draw.choice(pools), _SENTENCES))


def _questions() -> list[str]:
    lines = (FOLDERS["articles"] / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line]


def _cold(index: Path) -> dict[str, float]:
    """Medians of rounds that take turns; a first round, which reads the files from the disk, is not counted."""
    ask = [sys.executable, "-m", "retrieval.commands.ask", _questions()[0], "--index", str(index)]
    load = [sys.executable, "-c", "import sentence_transformers"]
    rounds = [(_seconds(lambda: _run(ask)), _seconds(lambda: _run(load))) for _ in range(ROUNDS + 1)][1:]
    return {
        "answer_seconds": _median(answer for answer, _ in rounds),
        "import_seconds": _median(imported for _, imported in rounds),
        "ratio": _median(answer / imported for answer, imported in rounds),
    }


def _warm(index: Path, encoder: Encoder) -> dict[str, Any]:
    questions = _questions()
    with Retriever.open(index, encoder=encoder) as retriever:
        for question in questions:
            retriever.answer(question)
        answers = [1000 * _seconds(partial(retriever.answer, asked)) for asked in questions]
        encoded = [1000 * _seconds(partial(encoder.encode_questions, [asked])) for asked in questions]
        rates = [(_rate(retriever, questions, 1), _rate(retriever, questions, CORES)) for _ in range(ROUNDS)]
    return {
        "questions": len(questions),
        "milliseconds_p50": round(float(np.percentile(answers, 50)), 2),
        "milliseconds_p95": round(float(np.percentile(answers, 95)), 2),
        "encoder_milliseconds_p50": round(float(np.percentile(encoded, 50)), 2),
        "questions_a_second_one_thread": _median(one for one, _ in rates),
        f"over_one_thread_with_{CORES}": _median(all_of_them / one for one, all_of_them in rates),
    }


def _beside_each_other(index: Path) -> dict[str, float]:
    """Processes that ask the same index at the same time, over one alone."""
    spawn = get_context("spawn")
    with spawn.Manager() as shared, spawn.Pool(CORES) as pool:

        def together(processes: int) -> float:
            barrier = shared.Barrier(processes)
            return sum(pool.map(partial(_own_rate, index, barrier), range(processes), chunksize=1))

        rates = [(together(1), together(CORES)) for _ in range(ROUNDS)]
    return {f"over_one_process_with_{CORES}": _median(all_of_them / one for one, all_of_them in rates)}


def _own_rate(index: Path, barrier: Barrier, _: int) -> float:
    """Questions answered a second by a Retriever of this process, begun when the others are ready."""
    questions = _questions()
    with Retriever.open(index) as retriever:
        _rate(retriever, questions, 1)
        barrier.wait()
        return _rate(retriever, questions, 1)


def _rate(retriever: Retriever, questions: Sequence[str], threads: int) -> float:
    """Questions answered a second, asked by so many threads."""
    with ThreadPoolExecutor(threads) as pool:
        return len(questions) / _seconds(lambda: list(pool.map(retriever.answer, questions)))


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median(values: Iterator[float]) -> float:
    return round(statistics.median(values), 3)


if __name__ == "__main__":
    sys.exit(main())
