"""DRCD's development set through the whole product: build_index, then Retriever.

    python -m benchmarks.drcd [--data ../shared/eval/drcd_dev.json]

Each SQuAD article becomes one post with a <p> for every context. A hit counts when it is of the question's article
and its text holds one of the answers. This is the set that the ranking was tuned on.
"""

from __future__ import annotations

import argparse
import html
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.results import save
from embeddings.model import load_encoder
from retrieval import Retriever, build_index
from retrieval.commands.evaluation import Expected, ask, measure

DATA = Path(__file__).resolve().parents[2] / "shared" / "eval" / "drcd_dev.json"


def write_articles(data: dict[str, Any], folder: Path) -> list[Expected]:
    """Write the posts of a SQuAD-format set into `folder`, and give its questions."""
    folder.mkdir(parents=True, exist_ok=True)
    return [question for at, article in enumerate(data["data"]) for question in _write(article, at, folder)]


def _write(article: dict[str, Any], at: int, folder: Path) -> Iterator[Expected]:
    path = f"{at:05}.md"
    contexts = [paragraph["context"] for paragraph in article["paragraphs"]]
    body = "\n".join(f"<p>{html.escape(context, quote=False)}</p>" for context in contexts)
    title = json.dumps(article["title"], ensure_ascii=False)
    (folder / path).write_text(f"---\ntitle: {title}\n---\n\n<div>\n{body}\n</div>\n", encoding="utf-8")
    for paragraph in article["paragraphs"]:
        for asked in paragraph["qas"]:
            answers = tuple(dict.fromkeys(answer["text"] for answer in asked["answers"]))
            yield Expected(asked["question"], path, answers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    parser = argparse.ArgumentParser("benchmarks.drcd", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    if not options.data.exists():
        print(f"skipped: {options.data.name} is not here; give it with --data", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        questions = write_articles(json.loads(options.data.read_text(encoding="utf-8")), Path(scratch, "articles"))
        encoder = load_encoder()
        report = build_index(Path(scratch, "articles"), Path(scratch, "index"), encoder=encoder, progress=True)
        with Retriever.open(Path(scratch, "index"), encoder=encoder) as retriever:
            outcomes = [ask(retriever, question) for question in tqdm(questions, "asking", disable=None)]
    figures = asdict(measure(outcomes)) | {"passages": report.passages, "build_seconds": report.seconds}
    print(json.dumps(figures, indent=1))
    save("drcd", "python -m benchmarks.drcd", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
