"""Fits the confidence: when is the first hit an answer?

    python -m benchmarks.calibrate

Asks collections questions that they answer and questions that they do not, because the paragraph was taken out:
DRCD's development set with 50, 150 and 500 of its paragraphs left, 500 among documents on software, with questions in
simplified characters and in fourteen other languages; eight halves of the English paragraphs in benchmarks/dev, and the
other development questions there. DRCD's questions are asked of documents on software, too, which answer none. Three
logistic regressions, for a first hit in the question's language, for the same where its tokens were compared, and for
one in another. Within a source both outcomes weigh alike, and a source weighs by the root of its size. Writes
retrieval/searching/confidence.json; results/calibration.json holds how well a fit on four fifths of the articles does
on the questions about the fifth one ("held_out"), and a fit on all other sources on one ("other_sources").
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import opencc
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from tqdm import tqdm

from benchmarks.drcd import DATA, write_articles
from benchmarks.remembering import Remembering
from benchmarks.results import save
from embeddings.encoder import Encoder
from embeddings.model import load_encoder
from retrieval import Retriever, build_index
from retrieval.searching.confidence import FEATURES, FILE, log_odds, regressions
from retrieval.searching.evidence import Evidence
from retrieval.searching.smalltalk import asks_nothing

SHARED = DATA.parents[1]
DEV = Path(__file__).resolve().parent / "dev"
POSTS, DOCS = SHARED / "corpora" / "feed-posts", SHARED / "corpora" / "sofastack" / "content"
SIZES = (50, 150, 500)
ASKED = 600
"""Questions of each outcome for a DRCD collection."""
DOCUMENTS = 400
"""Documents on software that are kept; the rest is what the collection does not answer."""
HALVES = 8
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and whether the collection answers it."""

    question: str
    answerable: bool
    cross_language: bool
    subject: str
    """Questions with the same one are never in both the fitting and the testing part."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A question that was asked, and what the ranking showed."""

    source: str
    asked: Asked
    evidence: Evidence


def main() -> int:
    """Entry point; gives the exit code."""
    if not DATA.exists():
        print(f"skipped: {SHARED.name} is not here", file=sys.stderr)
        return 0
    encoder = Remembering(load_encoder())
    samples = [*_drcd(encoder), *_encyclopaedia(encoder), *_posts(encoder), *_docs(encoder), *_elsewhere(encoder)]
    fits = _fits(samples)
    FILE.write_text(json.dumps(fits, indent=1) + "\n", encoding="utf-8")
    figures = {
        "samples": len(samples),
        "held_out": _figures(samples, _by_article(samples)),
        "other_sources": _figures(samples, _by_source(samples)),
    }
    print(json.dumps(fits | figures, indent=1))
    save("calibration", "python -m benchmarks.calibrate", figures)
    return 0


def _drcd(encoder: Encoder) -> Iterator[Sample]:
    for size in SIZES:
        yield from _half(f"drcd {size}", size, encoder)
    yield from _half(f"drcd {SIZES[-1]}, simplified", SIZES[-1], encoder, change=opencc.OpenCC("t2s").convert)
    yield from _half(f"drcd {SIZES[-1]} among documents", SIZES[-1], encoder, among=documents()[:DOCUMENTS])


def _half(
    source: str,
    size: int,
    encoder: Encoder,
    *,
    change: Callable[[str], str] = str,
    among: Sequence[str] = (),
) -> Iterator[Sample]:
    """Questions about DRCD's paragraphs, `size` of which are kept."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    paragraphs = [(a["title"], paragraph) for a in data["data"] for paragraph in a["paragraphs"]]
    choice = random.Random(source)
    place = {q["id"]: at for at, (_, paragraph) in enumerate(paragraphs) for q in paragraph["qas"]}
    abroad = [*rows_of("translated"), *rows_of("foreign")]
    kept, removed = parted(choice, sorted({place[row["id"]] for row in abroad}), range(len(paragraphs)), size)
    asked = {
        q["id"]: Asked(q["question"], at in kept, False, title)
        for at, (title, paragraph) in enumerate(paragraphs)
        for q in paragraph["qas"]
    }
    outcomes = [[each for each in asked.values() if each.answerable is outcome] for outcome in (True, False)]
    chosen = [each for found in outcomes for each in choice.sample(found, min(ASKED, len(found)))]
    questions = [replace(each, question=change(each.question)) for each in chosen]
    questions += [translated(row, asked[row["id"]]) for row in abroad if place[row["id"]] in kept | removed]
    articles = [{"title": paragraphs[at][0], "paragraphs": [paragraphs[at][1]]} for at in sorted(kept)]
    with tempfile.TemporaryDirectory() as scratch:
        write_articles({"data": articles}, Path(scratch))
        copy_documents(DOCS, Path(scratch, "documents"), among)
        yield from _ask(source, Path(scratch), questions, encoder)


def parted(
    choice: random.Random, abroad: Sequence[int], paragraphs: Sequence[int], size: int
) -> tuple[set[int], set[int]]:
    """`size` paragraphs to keep, half of those `abroad` among them where they fit; as many of these to remove."""
    drawn = choice.sample(abroad, len(abroad))
    held = min(len(drawn), size) // 2
    others = sorted(set(paragraphs) - set(drawn))
    return {*drawn[:held], *choice.sample(others, size - held)}, set(drawn[held : 2 * held])


def translated(row: Mapping[str, str], original: Asked) -> Asked:
    cross = not row["language"].startswith("zh")
    return Asked(row["question"], original.answerable, cross, original.subject)


def _encyclopaedia(encoder: Encoder) -> Iterator[Sample]:
    """Questions about the paragraphs in English, half of which are kept."""
    paragraphs = rows_of("encyclopaedia")
    for seed in range(HALVES):
        kept = set(random.Random(seed).sample(range(len(paragraphs)), len(paragraphs) // 2))
        questions = [
            Asked(row["question"], at in kept, row["language"] != "en", paragraph["title"])
            for at, paragraph in enumerate(paragraphs)
            for row in paragraph["questions"]
        ]
        with tempfile.TemporaryDirectory() as scratch:
            write_articles({"data": [_as_article(paragraphs[at]) for at in sorted(kept)]}, Path(scratch))
            yield from _ask("encyclopaedia", Path(scratch), questions, encoder)


def _as_article(paragraph: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"title": paragraph["title"], "paragraphs": [{"context": paragraph["text"], "qas": []}]}


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DEV / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _posts(encoder: Encoder) -> Iterator[Sample]:
    yield from _ask("posts", POSTS, _development("posts", None), encoder)


def _docs(encoder: Encoder) -> Iterator[Sample]:
    paths = documents()[:DOCUMENTS]
    with tempfile.TemporaryDirectory() as scratch:
        copy_documents(DOCS, Path(scratch), paths)
        yield from _ask("docs", Path(scratch), _development("docs", set(paths)), encoder)


def _elsewhere(encoder: Encoder) -> Iterator[Sample]:
    """DRCD's questions, asked of documents on software: none of them mentions their subject."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    asked = {
        q["id"]: Asked(q["question"], False, False, article["title"])
        for article in data["data"]
        for paragraph in article["paragraphs"]
        for q in paragraph["qas"]
    }
    questions = random.Random("elsewhere").sample(list(asked.values()), ASKED)
    questions += [translated(row, asked[row["id"]]) for row in (*rows_of("translated"), *rows_of("foreign"))]
    with tempfile.TemporaryDirectory() as scratch:
        copy_documents(DOCS, Path(scratch), documents()[:DOCUMENTS])
        yield from _ask("elsewhere", Path(scratch), questions, encoder)


def _development(name: str, kept: set[str] | None) -> Iterator[Asked]:
    """Development questions, unanswerable where none of their articles is kept."""
    for row in rows_of(name):
        paths = {path for path in (row["path"], *row.get("also", ())) if path}
        answerable = bool(paths if kept is None else paths & kept)
        cross = row["kind"] == "cross-language" and (kept is None or row["path"] in kept or not answerable)
        yield Asked(row["question"], answerable, cross, row["path"] or row["question"])


def documents() -> list[str]:
    return sorted(file.relative_to(DOCS).as_posix() for file in DOCS.rglob("*.md") if file.is_file())


def copy_documents(corpus: Path, folder: Path, paths: Iterable[str]) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus / path, folder / path)


def _ask(source: str, articles: Path, questions: Iterable[Asked], encoder: Encoder) -> Iterator[Sample]:
    with tempfile.TemporaryDirectory() as index:
        build_index(articles, index, encoder=encoder, progress=True)
        with Retriever.open(index, encoder=encoder) as retriever:
            for asked in tqdm(list(questions), source, disable=None):
                evidence = None if asks_nothing(asked.question) else retriever.evidence(asked.question)
                if evidence is not None:
                    yield Sample(source, asked, evidence)


def _matrix(samples: Sequence[Sample], name: str) -> NDArray[np.float64]:
    return np.array([[getattr(sample.evidence, feature) for feature in FEATURES[name]] for sample in samples])


def _truths(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    return np.array([sample.asked.answerable for sample in samples])


def _fits(samples: Sequence[Sample]) -> dict[str, dict[str, float]]:
    return {name: _fit([each for each in samples if name in regressions(each.evidence)], name) for name in FEATURES}


def _fit(samples: Sequence[Sample], name: str) -> dict[str, float]:
    """Coefficients of a logistic regression, on features brought to one scale and back."""
    features = _matrix(samples, name)
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=3, max_iter=3_000)
    weights = _weights(samples)
    model.fit((features - mean) / spread, _truths(samples), sample_weight=weights / weights.mean())
    slopes = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - slopes @ mean)
    named = dict(zip(FEATURES[name], map(float, slopes), strict=True)) | {"intercept": intercept}
    return {feature: round(value, 3) for feature, value in named.items()}


def _family(source: str) -> str:
    """The DRCD collections together are one source."""
    return source.split()[0]


def _weights(samples: Sequence[Sample]) -> NDArray[np.float64]:
    groups = [(_family(sample.source), sample.asked.answerable) for sample in samples]
    sizes = {group: groups.count(group) for group in set(groups)}
    whole = {family: sum(size for (name, _), size in sizes.items() if name == family) for family, _ in sizes}
    return np.array([whole[family] ** 0.5 / sizes[family, outcome] for family, outcome in groups])


def _by_article(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """(n,) log odds of each sample from a fit on the questions about other articles."""
    subjects = [sample.asked.subject for sample in samples]
    parts = GroupKFold(FOLDS).split(samples, groups=subjects)
    return _held_out(samples, [part for _, part in parts])


def _by_source(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """(n,) log odds of each sample from a fit on the other sources."""
    families = np.array([_family(sample.source) for sample in samples])
    return _held_out(samples, [np.flatnonzero(families == family) for family in sorted(set(families))])


def _held_out(samples: Sequence[Sample], parts: Iterable[NDArray[np.int64]]) -> NDArray[np.float64]:
    odds = np.empty(len(samples))
    for part in parts:
        tested = set(part.tolist())
        fits = _fits([each for at, each in enumerate(samples) if at not in tested])
        odds[part] = [log_odds(samples[at].evidence, fits) for at in part]
    return odds


def _figures(samples: Sequence[Sample], odds: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """By source: how well the odds tell answers, and at the shipped threshold how often they are right."""
    figures: dict[str, dict[str, float]] = {}
    for source in dict.fromkeys(sample.source for sample in samples):
        for name, cross in (("", False), (", across languages", True)):
            chosen = [at for at, s in enumerate(samples) if s.source == source and s.asked.cross_language is cross]
            truths = _truths([samples[at] for at in chosen])
            if len(truths) and not truths.all():
                figures[source + name] = measured(truths, odds[chosen])
    return figures


def measured(truths: NDArray[np.bool_], odds: NDArray[np.float64]) -> dict[str, float]:
    wrongly = round(float(np.mean(odds[~truths] >= 0)), 3)
    if not truths.any():
        return {"questions": len(truths), "wrongly answered": wrongly}
    return {
        "questions": len(truths),
        "auroc": round(float(roc_auc_score(truths, odds)), 3),
        "accuracy": round(float(np.mean((odds >= 0) == truths)), 3),
        "answered": round(float(np.mean(odds[truths] >= 0)), 3),
        "wrongly answered": wrongly,
    }


if __name__ == "__main__":
    sys.exit(main())
