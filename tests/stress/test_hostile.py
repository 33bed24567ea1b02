"""Hostile text, as Hypothesis puts it together, and what has been found with it before."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.stress.articles import hostile, read
from benchmarks.stress.hostile import PATHS, PIECES
from retrieval.reading.files import UnreadableFile

ARTICLES = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12).map(
    lambda pieces: "".join(pieces)[:3_000]
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PATHS), ARTICLES)
def test_an_article_is_read_split_linked_and_shown_or_skipped(path: str, text: str) -> None:
    with suppress(UnreadableFile):
        read(path, text)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PATHS), st.randoms(use_true_random=False))
def test_the_same_of_the_pieces_that_make_stress_takes(path: str, chance) -> None:
    with suppress(UnreadableFile):
        read(path, hostile(chance))


@pytest.mark.parametrize(
    "front", ["title: 0x" + "f" * 9_000, "a: &a [*a]", "<<: *a", "title: !!python/object:os.system x"]
)
def test_front_matter_that_means_no_good_is_read_past(front: str) -> None:
    read("a.md", f"---\n{front}\n---\n\nA plain sentence about the harbour and its lighthouse.\n")
