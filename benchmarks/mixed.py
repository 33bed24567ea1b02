"""Collections of several languages: is an answer found that is not in the question's?

    python -m benchmarks.mixed

DRCD's Chinese paragraphs in one index with 48 English ones and the English documents on software, with the 48 only,
and alone; questions in both languages about both. Each is asked twice: of the whole, and with an encoder that gives no
tokens, so that passages in another language are not compared with the question by these. A question counts as found
where the first hit is its paragraph. The rules for several languages were chosen on these questions.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.answerable import DOCS, copy_documents, documents, rows_of
from benchmarks.drcd import DATA, write_articles
from benchmarks.remembering import Remembering
from benchmarks.results import save
from embeddings.encoder import Encoder, Vectors, fingerprint
from embeddings.model import load_encoder
from retrieval import Retriever, build_index

ASKED = 400
"""Of DRCD's own questions."""
COLLECTIONS = {
    "half English": ("chinese", "english", "documents"),
    "little English": ("chinese", "english"),
    "no English": ("chinese",),
}
"""The folders of each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the article that its paragraph is."""

    kind: str
    question: str
    path: str


class VectorsOnly:
    """An encoder without its tokens."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.dimension = encoder.name, encoder.dimension
        self.fingerprint = fingerprint(encoder)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encoder.encode_passages(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._encoder.encode_questions(texts)


def main() -> int:
    """Entry point; gives the exit code."""
    if not DATA.exists():
        print(f"skipped: {DATA.name} is not here", file=sys.stderr)
        return 0
    encoder = Remembering(load_encoder())
    figures = {name: _measure(name, folders, encoder) for name, folders in COLLECTIONS.items()}
    print(json.dumps(figures, indent=1))
    save("mixed", "python -m benchmarks.mixed", figures)
    return 0


def _measure(name: str, folders: Sequence[str], encoder: Encoder) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        articles, index = Path(scratch, "articles"), Path(scratch, "index")
        questions = [asked for folder in folders for asked in _WRITERS[folder](articles / folder)]
        report = build_index(articles, index, encoder=encoder, progress=True)
        with (
            Retriever.open(index, encoder=encoder) as whole,
            Retriever.open(index, encoder=VectorsOnly(encoder)) as single,
        ):
            told = [(asked, *_ask(asked, whole), *_ask(asked, single)) for asked in tqdm(questions, name, disable=None)]
    return {"passages": report.passages, **_figures(told)}


def _chinese(folder: Path) -> Iterator[Asked]:
    """DRCD's paragraphs, each an article; questions about them in Chinese and in English."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    paragraphs = [(article["title"], each) for article in data["data"] for each in article["paragraphs"]]
    write_articles({"data": [{"title": title, "paragraphs": [each]} for title, each in paragraphs]}, folder)
    path = {q["id"]: f"chinese/{at:05}.md" for at, (_, each) in enumerate(paragraphs) for q in each["qas"]}
    own = [Asked("Chinese about Chinese", q["question"], path[q["id"]]) for _, each in paragraphs for q in each["qas"]]
    yield from random.Random("mixed").sample(own, ASKED)
    for row in (*rows_of("translated"), *rows_of("foreign")):
        if row["language"] == "en":
            yield Asked("English about Chinese", row["question"], path[row["id"]])


def _english(folder: Path) -> Iterator[Asked]:
    """The English paragraphs, each an article; questions about them in English and in Chinese."""
    paragraphs = rows_of("encyclopaedia")
    whole: list[dict[str, Any]] = [
        {"title": each["title"], "paragraphs": [{"context": each["text"], "qas": []}]} for each in paragraphs
    ]
    write_articles({"data": whole}, folder)
    names = {"en": "English about English", "zh": "Chinese about English"}
    for at, paragraph in enumerate(paragraphs):
        for asked in paragraph["questions"]:
            if asked["language"] in names:
                yield Asked(names[asked["language"]], asked["question"], f"english/{at:05}.md")


def _documents(folder: Path) -> Iterator[Asked]:
    """The English documents; no questions about them."""
    copy_documents(DOCS, folder, [path for path in documents() if path.startswith("en/")])
    return iter(())


_WRITERS: dict[str, Callable[[Path], Iterator[Asked]]] = {
    "chinese": _chinese,
    "english": _english,
    "documents": _documents,
}


def _ask(asked: Asked, retriever: Retriever) -> tuple[bool, bool]:
    """Whether the first hit is the question's paragraph, and whether it was called an answer as well."""
    answer = retriever.answer(asked.question, k=1)
    found = answer.hits[0].article.path == asked.path
    return found, found and answer.answered


def _figures(outcomes: Sequence[tuple[Asked, bool, bool, bool, bool]]) -> dict[str, dict[str, float]]:
    figures = {}
    for kind in dict.fromkeys(asked.kind for asked, *_ in outcomes):
        rows = [told for asked, *told in outcomes if asked.kind == kind]
        shares = [round(sum(each) / len(rows), 3) for each in zip(*rows, strict=True)]
        names = ("found", "found and answered", "found without", "found and answered without")
        figures[kind] = {"questions": len(rows), **dict(zip(names, shares, strict=True))}
    return figures


if __name__ == "__main__":
    sys.exit(main())
