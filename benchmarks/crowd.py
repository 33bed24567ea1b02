"""Confidence in a crowd: does it hold where a question's paragraph is one of tens of thousands?

    python -m benchmarks.crowd [--articles N] [--keep FOLDER]

300 paragraphs of DRCD's development set are kept and asked for, 300 are asked for and not there, in Chinese and in
fourteen other languages. Around them: the documents on software, and generated articles whose clauses are those of the
other 400 paragraphs or of the documents, put together anew, so that they are on all sorts of subjects and state
nothing. Judged by the confidence as it is shipped, which was fitted on the same questions in collections of up to 500
paragraphs, alone and among documents; `python -m benchmarks.calibrate` says what a fit on others is worth.

As the collection is one of 10,000 articles, the memory that the bot takes to answer 300 of the questions is measured on
it, too: the most that its process has resident, mapped files of the index included. Exit code 1 above 700 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.answerable import DOCS, Asked, copy_documents, documents, parted, rows_of, translated
from benchmarks.calibrate import measured
from benchmarks.drcd import DATA, write_articles
from benchmarks.generated import CLAUSE
from benchmarks.results import save
from embeddings.encoder import Encoder
from embeddings.model import load_encoder
from retrieval import Retriever, build_index

KEPT = 300
"""Paragraphs that are there; as many are asked for and not there."""
ARTICLES = 8_520
"""Generated ones, of ten short paragraphs."""
ASKED = 150
"""In one language, and as many across languages, of the bot whose memory is measured."""
MEGABYTES = 700
"""The most that it may take."""
_BOT = """
import sys
from pathlib import Path
from bot.app import main
code = main(["--console"])
sys.stderr.write(Path("/proc/self/status").read_text())
sys.exit(code)
"""
"""Not what the parent is told of a child's memory: that is at least what the parent had when it started it."""
_EACH, _SENTENCES = 10, 4
_OF_DRCD = 0.6
"""Share of the generated articles whose clauses are DRCD's."""
_CHINESE = re.compile("[\u4e00-\u9fff]{3}")
_ENOUGH = 20
"""Chinese clauses from which on a document's are used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    parser = argparse.ArgumentParser("benchmarks.crowd", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the articles and their index are kept")
    options = parser.parse_args(arguments)
    if not DATA.exists():
        print(f"skipped: {DATA.name} is not here", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        figures = _measure(options.keep or Path(scratch), options.articles, load_encoder())
    print(json.dumps(figures, indent=1))
    save("crowd", "python -m benchmarks.crowd", figures)
    return int(figures["bot's memory in MB"] > MEGABYTES)


def _measure(folder: Path, articles: int, encoder: Encoder) -> dict[str, Any]:
    data = json.loads(DATA.read_text(encoding="utf-8"))
    paragraphs = [(article["title"], each) for article in data["data"] for each in article["paragraphs"]]
    dice = random.Random("big")
    kept, removed, others = _drawn(dice, paragraphs)
    chosen = [{"title": paragraphs[at][0], "paragraphs": [paragraphs[at][1]]} for at in sorted(kept)]
    write_articles({"data": chosen}, folder / "articles")
    copy_documents(DOCS, folder / "articles" / "documents", documents())
    pools = [found for at in others if len(found := CLAUSE.findall(paragraphs[at][1]["context"])) >= 6]
    _write_crowd(dice, pools, folder / "articles", articles)
    report = build_index(folder / "articles", folder / "index", encoder=encoder, progress=True)
    questions = list(_questions(paragraphs, kept, removed))
    with Retriever.open(folder / "index", encoder=encoder) as retriever:
        judged = _judged(retriever, questions)
    sizes = {"articles": report.articles, "passages": report.passages}
    return {**sizes, **judged, "bot's memory in MB": _memory_of_the_bot(dice, folder, questions)}


def _memory_of_the_bot(dice: random.Random, folder: Path, questions: Sequence[Asked]) -> float:
    """The most that its process has resident while it answers, in megabytes."""
    by_language = [[each.question for each in questions if each.cross_language is cross] for cross in (False, True)]
    asked = [question for each in by_language for question in dice.sample(each, min(ASKED, len(each)))]
    dice.shuffle(asked)
    ended = subprocess.run(
        [sys.executable, "-c", _BOT],
        env=os.environ | {"INDEX_DIR": str(folder / "index"), "BOT_DATA": str(folder / "bot-data")},
        input="".join(f"{question}\n" for question in asked),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    return round(int(ended.stderr.rpartition("VmHWM:")[2].split()[0]) / 1024, 1)


def _drawn(dice: random.Random, paragraphs: Sequence[tuple[str, Any]]) -> tuple[set[int], set[int], list[int]]:
    """Paragraphs that are there, those asked for and not there, and the rest, which are cut to pieces."""
    everything = range(len(paragraphs))
    place = {question["id"]: at for at, (_, each) in enumerate(paragraphs) for question in each["qas"]}
    kept, removed = parted(dice, sorted({place[row["id"]] for row in _abroad()}), everything, KEPT)
    rest = sorted(set(everything) - kept - removed)
    dice.shuffle(rest)
    removed |= set(rest[: KEPT - len(removed)])
    return kept, removed, sorted(set(everything) - kept - removed)


def _abroad() -> list[dict[str, str]]:
    return [*rows_of("translated"), *rows_of("foreign")]


def _write_crowd(dice: random.Random, pools: Sequence[Sequence[str]], folder: Path, articles: int) -> None:
    texts = ((DOCS / path).read_text(encoding="utf-8", errors="ignore") for path in documents())
    chinese = ([clause for clause in CLAUSE.findall(text) if _CHINESE.search(clause)] for text in texts)
    others = [found for found in chinese if len(found) >= _ENOUGH]
    for number in range(articles):
        few, drawn = (3, pools) if dice.random() < _OF_DRCD else (2, others)
        subject = [clause for _ in range(few) for clause in dice.choice(drawn)]
        title = json.dumps(dice.choice(subject), ensure_ascii=False)
        body = "\n\n".join(_passage(dice, subject) for _ in range(_EACH))
        (folder / f"g{number:06}.md").write_text(f"---\ntitle: {title}\n---\n\n{body}\n", encoding="utf-8")


def _passage(dice: random.Random, subject: Sequence[str]) -> str:
    sentences = (dice.sample(subject, min(len(subject), dice.choice((2, 3)))) for _ in range(_SENTENCES))
    return "".join("，".join(clauses) + "。" for clauses in sentences)


def _questions(paragraphs: Sequence[tuple[str, Any]], kept: set[int], removed: set[int]) -> Iterator[Asked]:
    asked = {
        question["id"]: Asked(question["question"], at in kept, False, paragraphs[at][0])
        for at in sorted(kept | removed)
        for question in paragraphs[at][1]["qas"]
    }
    yield from asked.values()
    yield from (translated(row, asked[row["id"]]) for row in _abroad() if row["id"] in asked)


def _judged(retriever: Retriever, questions: Iterable[Asked]) -> dict[str, Any]:
    sure = {asked: retriever.answer(asked.question, k=1).confidence for asked in tqdm(questions, disable=None)}
    figures = {}
    for name, cross in (("in one language", False), ("across languages", True)):
        chosen = [asked for asked in sure if asked.cross_language is cross]
        truths = np.array([asked.answerable for asked in chosen])
        figures[name] = measured(truths, np.array([sure[asked] - 0.5 for asked in chosen]))
    return figures


if __name__ == "__main__":
    sys.exit(main())
