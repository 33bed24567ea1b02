"""Fits the confidence: when is the first hit an answer?

    python -m benchmarks.calibrate

Asks collections questions that they answer and questions that they do not: DRCD's development set with all but 50,
150 and 500 of its paragraphs taken out, and the development questions in benchmarks/dev. Two logistic regressions,
for a first hit in the question's script and for one in another; each source and each outcome weighs alike. Writes
retrieval/searching/confidence.json; results/calibration.json holds how well the fit does on each source when it was
fitted on the others.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from benchmarks.drcd import DATA, write_articles
from benchmarks.results import save
from embeddings.encoder import Encoder
from embeddings.model import load_encoder
from retrieval import Retriever, build_index
from retrieval.searching.confidence import FILE, Evidence

SHARED = DATA.parents[1]
DEV = Path(__file__).resolve().parent / "dev"
SIZES = (50, 150, 500)
ASKED = 600
"""Questions of each outcome for a DRCD collection."""
OTHERS = 150
"""Documents without a question in the collection of software documents."""
FEATURES = ("dense", "lead", "matched")


@dataclass(frozen=True, slots=True)
class Sample:
    """A question that was asked, what the ranking showed, and whether the collection answers it."""

    source: str
    evidence: Evidence
    answerable: bool
    cross_language: bool


def main() -> int:
    """Entry point; gives the exit code."""
    if not DATA.exists():
        print(f"skipped: {SHARED.name} is not here", file=sys.stderr)
        return 0
    encoder = load_encoder()
    samples = [*_drcd(encoder), *_development(encoder)]
    fits = {name: _fit([s for s in samples if s.evidence.same_script is same]) for name, same in _SCRIPTS.items()}
    FILE.write_text(json.dumps(fits, indent=1) + "\n", encoding="utf-8")
    figures = {source: _held_out(samples, source) for source in dict.fromkeys(s.source for s in samples)}
    print(json.dumps(fits | figures, indent=1))
    save("calibration", "python -m benchmarks.calibrate", {"samples": len(samples), "held_out": figures})
    return 0


_SCRIPTS = {"same_script": True, "other_script": False}


def _drcd(encoder: Encoder) -> Iterator[Sample]:
    data = json.loads(DATA.read_text(encoding="utf-8"))
    paragraphs = [(a["title"], paragraph) for a in data["data"] for paragraph in a["paragraphs"]]
    choice = random.Random(0)
    for size in SIZES:
        kept = set(choice.sample(range(len(paragraphs)), size))
        inside = [q["question"] for at in sorted(kept) for q in paragraphs[at][1]["qas"]]
        outside = [q["question"] for at, (_, p) in enumerate(paragraphs) if at not in kept for q in p["qas"]]
        inside, outside = (choice.sample(asked, min(ASKED, len(asked))) for asked in (inside, outside))
        articles = [{"title": paragraphs[at][0], "paragraphs": [paragraphs[at][1]]} for at in sorted(kept)]
        with tempfile.TemporaryDirectory() as scratch:
            write_articles({"data": articles}, Path(scratch, "articles"))
            questions = [(q, True, False) for q in inside] + [(q, False, False) for q in outside]
            yield from _ask(f"drcd {size}", Path(scratch, "articles"), questions, encoder)


def _development(encoder: Encoder) -> Iterator[Sample]:
    for name, corpus in (("posts", "feed-posts"), ("docs", "sofastack/content")):
        rows = [json.loads(line) for line in (DEV / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        questions = [(row["question"], bool(row["answers"]), row["kind"] == "cross-language") for row in rows]
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "articles")
            _copy(SHARED / "corpora" / corpus, folder, rows)
            yield from _ask(name, folder, questions, encoder)


def _copy(corpus: Path, folder: Path, rows: Sequence[dict[str, Any]]) -> None:
    """The articles that are asked about, and some others."""
    needed = {path for row in rows for path in (row["path"], *row.get("also", ())) if path}
    rest = sorted({file.relative_to(corpus).as_posix() for file in corpus.rglob("*.md")} - needed)
    random.Random(0).shuffle(rest)
    for path in [*sorted(needed), *rest[:OTHERS]]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus / path, folder / path)


def _ask(
    source: str, articles: Path, questions: Iterable[tuple[str, bool, bool]], encoder: Encoder
) -> Iterator[Sample]:
    with tempfile.TemporaryDirectory() as index:
        build_index(articles, index, encoder=encoder, progress=True)
        with Retriever.open(index, encoder=encoder) as retriever:
            for question, answerable, cross in tqdm(questions, source, disable=None):
                if (evidence := retriever.evidence(question)) is not None:
                    yield Sample(source, evidence, answerable, cross)


def _matrix(samples: Sequence[Sample]) -> NDArray[np.float64]:
    return np.array([[getattr(sample.evidence, name) for name in FEATURES] for sample in samples])


def _fit(samples: Sequence[Sample]) -> dict[str, float]:
    """Coefficients of a logistic regression, on features brought to one scale and back."""
    features, truths = _matrix(samples), np.array([sample.answerable for sample in samples])
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=3, max_iter=3_000)
    model.fit((features - mean) / spread, truths, sample_weight=_weights(samples))
    slopes = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - slopes @ mean)
    named = dict(zip(FEATURES, map(float, slopes), strict=True)) | {"intercept": intercept}
    return {name: round(value, 3) for name, value in named.items()}


def _weights(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """Each source and outcome weighs alike; the DRCD collections together are one source."""
    groups = [(sample.source.split()[0], sample.answerable) for sample in samples]
    sizes = {group: groups.count(group) for group in set(groups)}
    return np.array([len(samples) / len(sizes) / sizes[group] for group in groups])


def _held_out(samples: Sequence[Sample], source: str) -> dict[str, float]:
    """How the fit on the other sources does on one."""
    family = source.split()[0]
    tested = [sample for sample in samples if sample.source == source]
    figures: dict[str, float] = {}
    for name, cross in (("in language", False), ("across languages", True)):
        chosen = [sample for sample in tested if not sample.answerable or sample.cross_language is cross]
        if not any(sample.answerable for sample in chosen):
            continue
        scores = np.empty(len(chosen))
        for same in (True, False):
            fit = _fit([s for s in samples if s.source.split()[0] != family and s.evidence.same_script is same])
            mask = np.array([sample.evidence.same_script is same for sample in chosen])
            slopes = np.array([fit[feature] for feature in FEATURES])
            scores[mask] = (_matrix(chosen) @ slopes + fit["intercept"])[mask]
        truths = np.array([sample.answerable for sample in chosen])
        figures |= {
            f"{name}: auroc": round(float(roc_auc_score(truths, scores)), 3),
            f"{name}: accuracy": round(float(np.mean((scores >= 0) == truths)), 3),
            f"{name}: answered": round(float(np.mean(scores[truths] >= 0)), 3),
        }
    figures["wrongly answered"] = round(float(np.mean(scores[~truths] >= 0)), 3)
    return figures


if __name__ == "__main__":
    sys.exit(main())
