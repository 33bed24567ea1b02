"""Admonitions and tabs of MkDocs: a title, and text that is no code."""

from __future__ import annotations

import pytest

from retrieval.reading import post
from retrieval.reading.admonitions import unfolded


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('!!! note "注意"\n    涨潮了。\n\n    快走。\n外面。', "注意\n涨潮了。\n快走。\n外面。"),
        ('??? tip "怎么办"\n\n    展开看。\n\n???+ danger ""\n    没有标题', "怎么办\n展开看。\n没有标题"),
        ("!!! info inline end\n    旁边\n\n\t又一段", "旁边\n又一段"),
        ('=== "早潮"\n\n    六点\n\n=== "晚潮"\n\n    七点', "早潮\n六点\n晚潮\n七点"),
        (
            '=== "甲"\n    !!! tip "乙"\n        ```py\n        x = 1\n            !!! y\n        ```\n\n'
            "        里面。\n\n    回到甲。\n\n回到外面。",
            "甲\n乙\nx = 1\n    !!! y\n里面。\n回到甲。\n回到外面。",
        ),
        ('1. 走\n\n    !!! info "注"\n        慢走\n\n2. 停', "走\n注\n慢走\n停"),
        ("!!! note\n    说明\n\n        x = 1\n", "说明\nx = 1"),
        # These are none.
        ("!!! 太好了\n\n    x = 1", "!!! 太好了\nx = 1"),
        ("标题\n===\n\n    x = 1", "标题\nx = 1"),
        ('```\n!!! note "注意"\n    涨潮了\n```', '!!! note "注意"\n    涨潮了'),
    ],
)
def test_an_admonition_leaves_its_title_and_its_text(body: str, expected: str) -> None:
    assert post.read("a.md", body).text == expected


def test_other_lines_stay_as_they_are() -> None:
    lines = ["# 潮", "", "    x = 1", "\ty = 2", "- 项", "  续"]
    assert list(unfolded(lines)) == lines
