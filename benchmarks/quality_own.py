"""This project's part of benchmarks/quality.py, in a process of its own as the peers have.

    python -m benchmarks.quality_own FOLDER STARTED

Indexes FOLDER/articles in FOLDER/index, asks FOLDER/questions.json, writes FOLDER/result.json; STARTED is when the
process was.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.memory import peak
from benchmarks.quality import TOP
from embeddings.model import load_encoder
from retrieval import Retriever, build_index


def main(folder: Path, started: float) -> None:
    """Build, ask everything, write what was found and what it cost."""
    encoder = load_encoder()
    build_index(folder / "articles", folder / "index", encoder=encoder)
    built = time.time() - started
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    seconds, found = [], []
    with Retriever.open(folder / "index", encoder=encoder) as retriever:
        for question in questions:
            asked = time.perf_counter()
            hits = retriever.search(question, k=TOP)
            seconds.append(time.perf_counter() - asked)
            found.append([{"path": hit.article.path, "text": hit.text} for hit in hits])
    memory = peak()
    result = {"build_seconds": built, "found": found, "question_seconds": seconds, "memory_bytes": memory}
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
