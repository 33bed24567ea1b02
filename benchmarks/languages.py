"""Questions in eleven languages: this project against its own vectors alone.

    python -m benchmarks.languages

dev/translated.jsonl holds 30 questions about DRCD's paragraphs, which are in traditional Chinese, in eleven languages
each. Both sides search the same 1,000 paragraphs, the vectors alone with one vector a passage. Of what the whole finds
at once, the share whose highlighted sentence holds the answer is counted, too. Exit code 1 where the whole finds over
half a point less than the vectors alone in any language.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.answerable import DEV
from benchmarks.drcd import DATA, write_articles
from benchmarks.remembering import Remembering
from benchmarks.results import save
from embeddings.model import load_encoder
from retrieval import Retriever, build_index

MARGIN = 0.005


@dataclass(frozen=True, slots=True)
class Translated:
    """A question, and texts one of which a right passage of its article holds."""

    language: str
    question: str
    path: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """Whether a question found its paragraph at once."""

    whole: bool
    vectors: bool
    told: bool
    """Whether the sentence that the whole highlights answers."""


def main() -> int:
    """Entry point; gives the exit code."""
    if not DATA.exists():
        print(f"skipped: {DATA.name} is not here", file=sys.stderr)
        return 0
    data = json.loads(DATA.read_text(encoding="utf-8"))
    encoder = Remembering(load_encoder())
    with tempfile.TemporaryDirectory() as scratch:
        articles = Path(scratch, "articles")
        write_articles(data, articles)
        build_index(articles, Path(scratch, "index"), encoder=encoder, progress=True)
        with Retriever.open(Path(scratch, "index"), encoder=encoder) as retriever:
            figures = _compare(retriever, encoder, _questions(data), sorted(file.name for file in articles.iterdir()))
    print(json.dumps(figures, indent=1))
    save("languages", "python -m benchmarks.languages", figures)
    return int(any(each["whole"] < each["vectors"] - MARGIN for each in figures.values()))


def _questions(data: dict[str, Any]) -> list[Translated]:
    asked = {
        str(question["id"]): (f"{at:05}.md", question["answers"])
        for at, article in enumerate(data["data"])
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
    }
    rows = map(json.loads, (DEV / "translated.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        Translated(row["language"], row["question"], path, tuple(str(answer["text"]) for answer in answers))
        for row in rows
        for path, answers in [asked[row["id"]]]
    ]


def _compare(
    retriever: Retriever, encoder: Remembering, questions: Sequence[Translated], paths: Sequence[str]
) -> dict[str, dict[str, float]]:
    """hit@1 by language, and over all of them."""
    passages = [(path, text) for path in paths for text in retriever.passages_of(path)]
    vectors = encoder.encode_passages([text for _, text in passages])
    found: dict[str, list[_Found]] = {}
    for asked in questions:
        hit = retriever.search(asked.question, k=1)[0]
        path, text = passages[int(np.argmax(vectors @ encoder.encode_questions([asked.question])[0]))]
        whole = _counts(asked, hit.article.path, hit.text)
        told = whole and _counts(asked, hit.article.path, hit.text[slice(*hit.highlight or (0, 0))])
        found.setdefault(asked.language, []).append(_Found(whole, _counts(asked, path, text), told))
    found["mean"] = [each for others in found.values() for each in others]
    return {language: _shares(each) for language, each in found.items()}


def _counts(asked: Translated, path: str, text: str) -> bool:
    return asked.path == path and any(answer in text for answer in asked.answers)


def _shares(found: Sequence[_Found]) -> dict[str, float]:
    whole, vectors, told = np.mean([(each.whole, each.vectors, each.told) for each in found], axis=0)
    shares = {"whole": whole, "vectors": vectors, "highlighted": told / max(whole, 1e-9)}
    return {"questions": len(found)} | {name: round(float(share), 4) for name, share in shares.items()}


if __name__ == "__main__":
    sys.exit(main())
