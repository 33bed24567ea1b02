"""This project's part of benchmarks/quality.py, in a process of its own so that its memory can be told.

    python -m benchmarks.quality_own FOLDER

Indexes FOLDER/articles, asks FOLDER/questions.json, writes FOLDER/wenda.json.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.quality import TOP
from embeddings.model import load_encoder
from retrieval import Retriever, build_index


def main(folder: Path) -> None:
    """Build, ask everything, write what was found and what it cost."""
    started = time.perf_counter()
    encoder = load_encoder()
    build_index(folder / "articles", folder / "index", encoder=encoder)
    built = time.perf_counter()
    found, milliseconds = [], []
    with Retriever.open(folder / "index", encoder=encoder) as retriever:
        for question in json.loads((folder / "questions.json").read_text(encoding="utf-8")):
            begun = time.perf_counter()
            hits = retriever.search(question, k=TOP)
            milliseconds.append(1000 * (time.perf_counter() - begun))
            found.append([{"path": hit.article.path, "text": hit.text} for hit in hits])
    result = {
        "found": found,
        "build_seconds": built - started,
        "milliseconds": milliseconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    (folder / "wenda.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
