"""The engine of a folder: however it looks for candidates, they are the same."""

from __future__ import annotations

from pathlib import Path

from retrieval.indexing import folder
from retrieval.indexing.build import build_index
from retrieval.searching.retriever import Retriever


def test_words_looked_up_beside_the_vectors_find_the_same(articles: Path, tmp_path: Path, encoder, monkeypatch) -> None:
    """On another core, as in large collections, or one after the other."""
    index, question = tmp_path / "index", "谁在灯塔值守？"
    build_index(articles, index, encoder=encoder)
    with Retriever.open(index, encoder=encoder) as retriever:
        expected = retriever.search(question)
    monkeypatch.setattr(folder, "MANY", 1)
    with Retriever.open(index, encoder=encoder) as retriever:
        assert retriever.search(question) == expected
