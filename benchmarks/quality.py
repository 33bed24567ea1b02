"""This project and its peers over the same articles, with the same model folder: what they find.

    make bench-peers                     # sets the peers up in an environment of their own, then measures
    python -m benchmarks.quality [--questions N] [--systems NAME ...]

DRCD's development set, as benchmarks/drcd.py makes articles of it, and 1,000 of its questions, drawn once; at hit@1
of .9 that is good to about a point either way, and the same questions go to all. Peers are given the passages that
this project reads from the articles, so that all of them search the same texts; each system is a process of its own,
one after another. A hit counts when it is of the question's article and its text holds one of the answers.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

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
OURS = "wenda"
TOP = 10
QUESTIONS = 1_000


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
    return 0


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
    run = [sys.executable, "-m", "benchmarks.quality_own", str(folder)]
    yield OURS, _printed(OURS, _run(run, folder / "wenda.json", questions, None))
    passages = _passages(folder)
    task = {
        "model": str(unpacked()),
        "passages": [passage.text for passage in passages],
        "questions": [each.question for each in questions],
    }
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    for system in systems:
        result = folder / "result.json"
        command = [str(PEERS), str(ROOT / "benchmarks" / "peers.py"), system, str(folder / "task.json"), str(result)]
        yield system, _printed(system, _run(command, result, questions, passages))


def _passages(folder: Path) -> list[Passage]:
    with Retriever.open(folder / "index") as retriever:
        paths = sorted(path.name for path in (folder / "articles").iterdir())
        return [Passage(path, text) for path in paths for text in retriever.passages_of(path)]


def _run(
    command: Sequence[str], result: Path, questions: Sequence[Expected], passages: Sequence[Passage] | None
) -> Score:
    """The score of a system; without `passages`, its result holds the texts that it found."""
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=None)
    told = json.loads(result.read_text(encoding="utf-8"))
    found = [[Passage(**each) if passages is None else passages[each] for each in one[:TOP]] for one in told]
    ranks = [_rank(question, hits) for question, hits in zip(questions, found, strict=True)]
    return Score(
        hit_at_1=round(sum(rank == 1 for rank in ranks) / len(ranks), 4),
        mrr_at_10=round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4),
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


def _draw(scores: Mapping[str, Score], file: Path) -> None:
    """Bars of hit@1, the best at the top."""
    from matplotlib.figure import Figure

    ordered = sorted(scores, key=lambda system: scores[system].hit_at_1)
    values = [100 * scores[system].hit_at_1 for system in ordered]
    figure = Figure(figsize=(7.2, 3.2), layout="constrained", facecolor="white")
    axes = figure.subplots()
    bars = axes.barh(ordered, values, color=["#2f7fb8" if system == OURS else "#b9c4cc" for system in ordered])
    axes.bar_label(bars, fmt="%.1f", padding=4)
    axes.set_xlim(0, 108)
    axes.set_xlabel("questions whose first hit holds the answer, % (DRCD development set)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=120)


if __name__ == "__main__":
    sys.exit(main())
