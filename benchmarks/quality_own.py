"""This project's part of benchmarks/quality.py, in a process of its own as the peers have.

    python -m benchmarks.quality_own FOLDER

Indexes FOLDER/articles, asks FOLDER/questions.json, writes FOLDER/wenda.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.quality import TOP
from embeddings.model import load_encoder
from retrieval import Retriever, build_index


def main(folder: Path) -> None:
    """Build, ask everything, write what was found."""
    encoder = load_encoder()
    build_index(folder / "articles", folder / "index", encoder=encoder)
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    with Retriever.open(folder / "index", encoder=encoder) as retriever:
        answers = [retriever.search(question, k=TOP) for question in questions]
    found = [[{"path": hit.article.path, "text": hit.text} for hit in hits] for hits in answers]
    (folder / "wenda.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
