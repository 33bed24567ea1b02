"""The engine of a folder: however it looks for candidates, they are the same."""

from __future__ import annotations

from pathlib import Path

from retrieval.indexing import folder
from retrieval.searching.retriever import Retriever


def test_words_looked_up_beside_the_vectors_find_the_same(index: Path, encoder, monkeypatch) -> None:
    """On another core, as in large collections, or one after the other."""
    question = "灯塔什么时候点亮？"
    with Retriever.open(index, encoder=encoder) as retriever:
        expected = retriever.search(question)
    monkeypatch.setattr(folder, "MANY", 1)
    with Retriever.open(index, encoder=encoder) as retriever:
        assert retriever.search(question) == expected
