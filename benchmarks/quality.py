"""This project and its peers over the same articles, with the same model folder: what they find, and what it costs.

    make bench-peers                     # sets the peers up in an environment of their own, then measures
    python -m benchmarks.quality [--questions N] [--systems NAME ...]

DRCD's development set, as benchmarks/drcd.py makes articles of it, and 1,000 of its questions, drawn once; at hit@1
of .9 that is good to about a point either way, and the same questions go to all. Peers are given the passages that
this project reads from the articles, so that all of them search the same texts; each system is a process of its own,
one after another on the same cores. A hit counts when it is of the question's article and its text holds one of the
answers. What a system costs is measured in the same run: the seconds from the start of its process to an index on disk,
those of each question, the most memory that the process held, and the bytes of the index. Exit code 1 where this
project misses a bar: four points of hit@1 above the best of them, half the build time of the fastest that embeds, the
shortest p95 and the least memory.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.drcd import DATA, write_articles
from benchmarks.results import FOLDER, save
from embeddings.packaged import unpacked
from retrieval import Retriever
from retrieval.commands.evaluation import Expected

ROOT = Path(__file__).resolve().parents[1]
PINNED = Path(__file__).with_name("peers.txt")
PEERS = ROOT / ".venv-peers" / "bin" / "python"
SYSTEMS = (
    "faiss, one vector a passage",
    "txtai, dense",
    "txtai, hybrid",
    "haystack, embedding",
    "haystack, bm25",
    "haystack, joined",
    "llamaindex, fused",
)
EMBEDS_NOTHING = "haystack, bm25"
OURS = "wenda"
TOP = 10
QUESTIONS = 1_000
POINTS, FASTER = 0.04, 2
"""The bars: hit@1 above the best peer, build time of the fastest peer over this project's."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and the article it is from."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """How a system did."""

    hit_at_1: float
    mrr_at_10: float
    build_seconds: float
    question_ms_p50: float
    question_ms_p95: float
    memory_mb: int
    index_mb: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    options = _parser().parse_args(arguments)
    if not DATA.exists():
        print(f"skipped: {DATA.name} is not here", file=sys.stderr)
        return 0
    if not PEERS.exists():
        print("the peers are not set up; run: make bench-peers", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        scores = dict(_scores(Path(name), options.systems, options.questions))
    if options.questions == QUESTIONS and len(scores) == len(SYSTEMS) + 1:
        systems = {system: asdict(score) for system, score in scores.items()}
        figures = {"questions": QUESTIONS, "systems": systems, "peers": PINNED.read_text().split()}
        print(save("quality", "make bench-peers", figures))
        _draw(scores, FOLDER / "quality.png")
        return 0 if _meets_the_bars(scores) else 1
    return 0


def _meets_the_bars(scores: Mapping[str, Score]) -> bool:
    own, peers = scores[OURS], [scores[system] for system in SYSTEMS]
    fastest = min(scores[system].build_seconds for system in SYSTEMS if system != EMBEDS_NOTHING)
    return (
        own.hit_at_1 >= max(peer.hit_at_1 for peer in peers) + POINTS
        and FASTER * own.build_seconds <= fastest
        and own.question_ms_p95 < min(peer.question_ms_p95 for peer in peers)
        and own.memory_mb < min(peer.memory_mb for peer in peers)
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("benchmarks.quality")
    parser.add_argument(
        "--questions", type=int, default=QUESTIONS, metavar="N", help="ask another number of them; nothing is kept"
    )
    parser.add_argument("--systems", nargs="*", choices=SYSTEMS, default=SYSTEMS, help="default: all")
    return parser


def _scores(folder: Path, systems: Sequence[str], count: int) -> Iterator[tuple[str, Score]]:
    every = write_articles(json.loads(DATA.read_text(encoding="utf-8")), folder / "articles")
    questions = random.Random(0).sample(every, min(count, len(every)))
    (folder / "questions.json").write_text(json.dumps([each.question for each in questions]), encoding="utf-8")
    model = str(unpacked())
    own = [sys.executable, "-m", "benchmarks.quality_own", str(folder), str(time.time())]
    yield OURS, _printed(OURS, _run(own, folder / "index", questions, None))
    passages = _passages(folder)
    for system in systems:
        saved = folder / "peer"
        shutil.rmtree(saved, ignore_errors=True)
        saved.mkdir()
        task = {
            "model": model,
            "passages": [passage.text for passage in passages],
            "questions": [each.question for each in questions],
            "folder": str(saved),
            "started": time.time(),
        }
        (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        files = [str(folder / name) for name in ("task.json", "result.json")]
        command = [str(PEERS), "-m", "benchmarks.peers", system, *files]
        yield system, _printed(system, _run(command, saved, questions, passages))


def _passages(folder: Path) -> list[Passage]:
    with Retriever.open(folder / "index") as retriever:
        paths = sorted(path.name for path in (folder / "articles").iterdir())
        return [Passage(path, text) for path in paths for text in retriever.passages_of(path)]


def _run(
    command: Sequence[str], index: Path, questions: Sequence[Expected], passages: Sequence[Passage] | None
) -> Score:
    """The score of a system, whose result is beside its index; without `passages`, it holds the texts found."""
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=None)
    told = json.loads((index.parent / "result.json").read_text(encoding="utf-8"))
    found = [[Passage(**each) if passages is None else passages[each] for each in one[:TOP]] for one in told["found"]]
    ranks = [_rank(question, hits) for question, hits in zip(questions, found, strict=True)]
    p50, p95 = np.percentile(np.array(told["question_seconds"]) * 1000, (50, 95)).round(2).tolist()
    return Score(
        hit_at_1=round(sum(rank == 1 for rank in ranks) / len(ranks), 4),
        mrr_at_10=round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4),
        build_seconds=round(told["build_seconds"], 1),
        question_ms_p50=p50,
        question_ms_p95=p95,
        memory_mb=round(told["memory_bytes"] / 1e6),
        index_mb=round(sum(file.stat().st_size for file in index.rglob("*") if file.is_file()) / 1e6, 2),
    )


def _rank(question: Expected, found: Sequence[Passage]) -> int | None:
    """Place of the first hit, from 1."""
    for place, passage in enumerate(found, 1):
        if passage.path == question.path and any(answer in passage.text for answer in question.answers):
            return place
    return None


def _printed(system: str, score: Score) -> Score:
    tqdm.write(f"{system:30} " + "  ".join(f"{name} {value}" for name, value in asdict(score).items()))
    return score


PANELS = (
    ("hit_at_1", 100, "%.1f", "first hit holds\nthe answer, %"),
    ("build_seconds", 1, "%.0f", "build, s"),
    ("question_ms_p95", 1, "%.0f", "question p95, ms"),
    ("memory_mb", 1, "%.0f", "peak memory, MB"),
)


def _draw(scores: Mapping[str, Score], file: Path) -> None:
    """Bars of what was found and of what it cost, the best finder at the top."""
    from matplotlib.figure import Figure

    ordered = sorted(scores, key=lambda system: scores[system].hit_at_1)
    colours = ["#2f7fb8" if system == OURS else "#b9c4cc" for system in ordered]
    figure = Figure(figsize=(9.6, 3.0), layout="constrained", facecolor="white")
    for axes, (name, scale, form, title) in zip(figure.subplots(1, len(PANELS), sharey=True), PANELS, strict=True):
        values = [scale * getattr(scores[system], name) for system in ordered]
        axes.bar_label(axes.barh(ordered, values, color=colours), fmt=form, padding=3, fontsize=8)
        axes.set_xlim(0, 1.28 * max(values))
        axes.set_xlabel(title, fontsize=9)
        axes.set_xticks([])
        axes.tick_params(labelsize=8, length=0)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
    figure.savefig(file, dpi=120)


if __name__ == "__main__":
    sys.exit(main())
