"""Filters in a question."""

from datetime import date

import pytest

from bot.filters import BadFilter, narrowed
from retrieval.records import Filter


@pytest.mark.parametrize(
    ("text", "question", "where"),
    [
        ("电子烟 after:2021-03 category:金融", "电子烟", Filter(category="金融", after=date(2021, 3, 1))),
        ("before:2021 lit?", "lit?", Filter(before=date(2021, 12, 31))),
        ('author:"Ada B" x  y', "x y", Filter(author="Ada B")),
        ("category：「国际 新闻」 船", "船", Filter(category="国际 新闻")),
        ("AFTER:2021/3/4 x after:2022", "x", Filter(after=date(2022, 1, 1))),
        (
            "the hereafter:2021 http://a.example/?category:x",
            "the hereafter:2021 http://a.example/?category:x",
            Filter(),
        ),
    ],
)
def test_filters_are_taken_out_of_the_question(text: str, question: str, where: Filter) -> None:
    found = narrowed(text)
    assert (found.question, found.where) == (question, where)


@pytest.mark.parametrize("text", ["x after:soon", "x before:2021-13", "x category:", 'x author:""'])
def test_what_cannot_be_understood_is_named(text: str) -> None:
    with pytest.raises(BadFilter, match=r"after|before|category|author"):
        narrowed(text)
