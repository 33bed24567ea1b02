"""How texts are put into batches."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from embeddings.batches import batches

LENGTHS = st.lists(st.integers(1, 40), max_size=60)


@given(LENGTHS, st.integers(1, 100))
def test_every_text_is_in_one_batch_whole(lengths: list[int], budget: int) -> None:
    texts = [[position] * length for position, length in enumerate(lengths)]
    seen = {}
    for batch in batches(texts, budget):
        seen.update(zip(batch.positions, batch.tokens.tolist(), strict=True))
    assert [seen[position] for position in range(len(texts))] == texts
    assert sum(len(batch.positions) for batch in batches(texts, budget)) == len(texts)


@given(LENGTHS, st.integers(1, 100))
def test_a_batch_keeps_to_the_budget_unless_it_is_one_text(lengths: list[int], budget: int) -> None:
    texts = [[0] * length for length in lengths]
    assert all(batch.tokens.size <= budget or len(batch.tokens) == 1 for batch in batches(texts, budget))


def test_the_longest_come_first() -> None:
    """So that the last batches, where one core may have to wait, are the short ones."""
    assert [batch.positions for batch in batches([[1], [1, 2, 3], [1, 2]], 4)] == [(1,), (2,), (0,)]
