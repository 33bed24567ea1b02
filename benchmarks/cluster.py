"""The same articles embedded here, and by one and two workers of a Ray cluster on this machine.

    python -m benchmarks.cluster [--articles 200]

What spreading costs and brings where nothing is won by it: the cores are the same. Seconds are the build's, in which
the workers start and load the model; connecting, for which a cluster is started, stands beside them. The outcomes are
compared: passages byte for byte, and the cosines of all sentence vectors. Exit code 1 where they differ.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np

from benchmarks.results import save
from embeddings.encoder import Vectors
from embeddings.model import load_encoder
from retrieval import build_index
from retrieval.indexing import generations
from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.cluster.connection import connected
from retrieval.indexing.intake import CATALOGUE
from retrieval.indexing.spread import SpreadEncoder, SpreadReading
from retrieval.indexing.vectors.index import VectorIndex
from retrieval.reading import files
from retrieval.records import BuildReport

ROOT = Path(__file__).resolve().parents[1]
CORPORA = (ROOT / "tests" / "articles", *sorted((ROOT.parent / "shared" / "corpora").glob("*")))
COSINE = 0.999


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    parser = argparse.ArgumentParser("benchmarks.cluster", description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        _gather(Path(scratch, "articles"), options.articles)
        figures = _measure(Path(scratch))
    print(json.dumps(figures, indent=1))
    save("cluster", f"python -m benchmarks.cluster --articles {options.articles}", figures)
    outcomes = figures["workers"].values()
    return 0 if all(each["same_passages"] and each["least_cosine"] >= COSINE for each in outcomes) else 1


def _gather(folder: Path, most: int) -> None:
    """Copies of so many articles of all corpora, the smaller ones first."""
    folder.mkdir()
    corpora = sorted(map(files.find, CORPORA), key=len)
    for number, source in enumerate([source for corpus in corpora for source in corpus][:most]):
        copyfile(source.file, folder / f"{number:05}{source.file.suffix}")


def _measure(scratch: Path) -> dict[str, Any]:
    articles, encoder = scratch / "articles", load_encoder()
    local = build_index(articles, scratch / "local", encoder=encoder)
    workers = {}
    for count in (1, 2):
        index, started = scratch / f"spread-{count}", time.perf_counter()
        with connected("auto", count) as cluster:
            connecting = time.perf_counter() - started
            spread = SpreadEncoder(cluster, encoder, None)
            report = build_index(articles, index, encoder=spread, reading=SpreadReading(cluster))
        outcome = _compared(index, scratch / "local")
        workers[count] = _figures(report) | {"connecting_seconds": round(connecting, 1)} | outcome
    return {"articles": local.articles, "passages": local.passages, "local": _figures(local), "workers": workers}


def _figures(report: BuildReport) -> dict[str, object]:
    return {"seconds": round(report.seconds, 1), "passages_a_second": round(report.passages / report.seconds, 1)}


def _compared(index: Path, local: Path) -> dict[str, object]:
    folders = [generations.folder_of(each, generations.live_name(each)) for each in (index, local)]
    found, expected = (list(Catalogue(folder / CATALOGUE).passages_from(0)) for folder in folders)
    rows = np.arange(sum(len(passage.sentences) for passage in expected))
    ours, theirs = (VectorIndex(folder).sentence_vectors(rows) for folder in folders)
    return {"same_passages": found == expected, "least_cosine": round(_least_cosine(ours, theirs), 6)}


def _least_cosine(ours: Vectors, theirs: Vectors) -> float:
    # As they are stored, in a byte a component, they are not quite of unit length.
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float(((ours * theirs).sum(axis=1) / lengths).min())


if __name__ == "__main__":
    sys.exit(main())
