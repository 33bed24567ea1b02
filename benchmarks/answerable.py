"""Collections, and questions that they answer or do not: what the confidence is fitted on.

DRCD's development set with 50, 150 and 500 of its paragraphs left, 500 among documents on software, with questions in
simplified characters and in fourteen other languages; eight halves of the English paragraphs in benchmarks/dev, and the
other development questions there. DRCD's questions are asked of documents on software, too, which answer none.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import opencc
from tqdm import tqdm

from benchmarks.drcd import DATA, write_articles
from embeddings.encoder import Encoder
from retrieval import Retriever, build_index
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


def samples(encoder: Encoder) -> list[Sample]:
    """All of them, asked."""
    return [*_drcd(encoder), *_encyclopaedia(encoder), *_posts(encoder), *_docs(encoder), *_elsewhere(encoder)]


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
