"""Occurrences: every token is counted in every passage."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.searching.occurrences import occurrences

_TEXT = st.text("潮汐表哈a b\n\U0002000b", max_size=30)
_PATTERN = st.one_of(st.text("潮汐表哈\U0002000b", min_size=1, max_size=2), st.sampled_from([" a ", " b ", " ab "]))


@given(st.lists(_TEXT, min_size=1, max_size=5), st.lists(_PATTERN, min_size=1, max_size=6, unique=True))
def test_counts_are_those_of_looking_at_every_place(texts: list[str], patterns: list[str]) -> None:
    def count(text: str, pattern: str) -> int:
        if len(pattern) > 2:
            return text.count(pattern)
        return sum(text.startswith(pattern, at) for at in range(len(text)))

    assert occurrences(texts, patterns).tolist() == [[count(text, each) for text in texts] for each in patterns]
