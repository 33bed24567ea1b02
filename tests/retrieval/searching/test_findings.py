"""What the ranking shows of the first hit."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.indexing.build import build_index
from retrieval.searching.evidence import COHESION
from retrieval.searching.retriever import Retriever


def _asked(articles: dict[str, str], folder: Path, encoder, question: str):
    (folder / "articles").mkdir()
    for name, text in articles.items():
        (folder / "articles" / name).write_text(text, encoding="utf-8")
    build_index(folder / "articles", folder / "index", encoder=encoder)
    with Retriever.open(folder / "index", encoder=encoder) as retriever:
        found = retriever.evidence(question)
    assert found is not None
    return found


BRIDGE = "The old bridge across the Nera was built in 1566 and carries carts to the market."
OTHERS = {
    "a.txt": "The ferry at the mouth of the Nera takes walkers, bicycles and dogs.",
    "b.txt": "The ferry at the mouth of the Nera takes walkers, bicycles and goats.",
}


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("What was built in 1566?", 0.5),
        ("What was built in 1799?", -0.5),
        ("What was built in 1566, and not in 1799?", 0.0),
        ("What carries carts to the market?", 0.0),
    ],
)
def test_numbers_of_the_question_stand_in_the_hit_or_do_not(tmp_path: Path, encoder, question, share) -> None:
    assert _asked({"bridge.txt": BRIDGE}, tmp_path, encoder, question).numbers == share


def test_cohesion_is_how_near_the_passages_behind_the_first_are_to_one_another(tmp_path: Path, encoder) -> None:
    question = "Which bridge carries carts to the market across the Nera?"
    alike = _asked({"bridge.txt": BRIDGE, **OTHERS}, tmp_path, encoder, question).cohesion
    assert 0.7 < alike <= 1.01


def test_one_passage_has_no_field_to_be_of_one_piece(tmp_path: Path, encoder) -> None:
    assert _asked({"bridge.txt": BRIDGE}, tmp_path, encoder, "Which bridge carries carts?").cohesion == COHESION
