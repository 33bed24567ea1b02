"""Fits the confidence: when is the first hit an answer?

    python -m benchmarks.calibrate

Asks the collections of benchmarks/answerable.py. Three logistic regressions, for a first hit in the question's
language, for the same where its tokens were compared, and for one in another. Within a source both outcomes weigh
alike, and a source weighs by the root of its size. Writes retrieval/searching/confidence.json; results/calibration.json
holds how well a fit on four fifths of the articles does on the questions about the fifth one ("held_out"), and a fit on
all other sources on one ("other_sources").
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from benchmarks import answerable
from benchmarks.answerable import SHARED, Sample
from benchmarks.drcd import DATA
from benchmarks.remembering import Remembering
from benchmarks.results import save
from embeddings.model import load_encoder
from retrieval.searching.confidence import FEATURES, FILE, log_odds, regressions

FOLDS = 5


def main() -> int:
    """Entry point; gives the exit code."""
    if not DATA.exists():
        print(f"skipped: {SHARED.name} is not here", file=sys.stderr)
        return 0
    samples = answerable.samples(Remembering(load_encoder()))
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
