"""Occurrences: every token is counted in every passage."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.indexing.analysis import pack_runs
from retrieval.indexing.forward import Terms, units_of
from retrieval.searching.occurrences import occurrences

_RUN = st.one_of(st.text("潮汐表哈\U0002000b", min_size=1, max_size=8), st.sampled_from(["a", "b", "ab"]))
_PASSAGE = st.tuples(st.lists(_RUN, max_size=6), st.lists(_RUN, max_size=2)).map(lambda parts: pack_runs(*parts))
_PATTERN = st.one_of(
    st.text("潮汐表哈\U0002000b", min_size=1, max_size=2), st.sampled_from([" a ", " b ", " ab ", " 潮 "])
)


@given(st.lists(_PASSAGE, min_size=1, max_size=5), st.lists(_PATTERN, min_size=1, max_size=6, unique=True))
def test_counts_are_those_of_looking_at_every_place(texts: list[str], patterns: list[str]) -> None:
    """Characters, pairs and words are counted wherever they begin, in every passage apart."""
    units = [units_of(text) for text in texts]
    lengths = np.ones(len(texts), np.float32)
    terms = Terms(np.concatenate(units), np.cumsum([len(each) for each in units]), lengths)
    counts = [[sum(text.startswith(each, at) for at in range(len(text))) for text in texts] for each in patterns]
    assert occurrences(terms, patterns).tolist() == counts
