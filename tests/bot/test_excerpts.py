"""Passages cut around their best sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.excerpts import Excerpt, excerpt


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("before BEST after", 17, "before [BEST] after"),
        ("before BEST after", 10, "…e [BEST] a…"),
        ("before BEST after", 6, "…[BEST]…"),
        ("before BEST", 6, "… [BEST]"),
        ("before BEST after", 3, "[BE…]"),
        ("a BEST after and more", 12, "a [BEST] afte…"),
        ("before and more BEST a", 12, "…more [BEST] a"),
    ],
)
def test_the_best_sentence_stays(text: str, limit: int, expected: str) -> None:
    start = text.index("BEST")
    passage = excerpt(Excerpt.of(text, (start, start + 4)), limit)
    assert f"{passage.before}[{passage.best}]{passage.after}" == expected


def test_without_a_best_sentence_the_beginning_stays() -> None:
    assert excerpt(Excerpt.of("no best sentence", None), 6) == Excerpt("", "", "no be…")


@given(st.text(min_size=1), st.text(min_size=1), st.text(), st.integers(0, 60))
def test_excerpts_fit_and_hold_the_best_sentence(before: str, best: str, after: str, spare: int) -> None:
    passage = Excerpt.of(before + best + after, (len(before), len(before) + len(best)))
    shown = excerpt(passage, passage.least + spare)
    assert shown.best == passage.best
    assert shown.size <= passage.least + spare
