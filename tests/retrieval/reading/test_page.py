"""Whole pages: the article, and not what the site puts around it."""

from __future__ import annotations

import pytest

from retrieval.reading import post

PAGE = (
    "<html><head><title>潮汐表</title></head><body><header>海岸博客</header>{}"
    "<aside>近期文章</aside><ol><li>评论：写得好</ol></body></html>"
)
TEXT = "<h1>潮汐表的来历</h1><p>港口的潮汐表从今天起贴在灯塔的门上。</p>"
SHOWN = "潮汐表的来历\n港口的潮汐表从今天起贴在灯塔的门上。"


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (f"<main><article>{TEXT}</article><p>上一篇</p></main>", "outside of <article>"),
        (f"<main>{TEXT}</main>", "outside of <main>"),
        (f"<main>{TEXT}<article>一</article><article>二</article></main>", "outside of <main>"),
    ],
)
def test_what_stands_around_the_article_is_left_out_and_told(body: str, rule: str) -> None:
    found = post.read("a.html", PAGE.format(body))
    assert found.text.startswith(SHOWN)
    assert "博客" not in found.text
    assert "评论" not in found.text
    assert [left.rule for left in found.left_out] == [rule, rule]
    assert found.left_out[0].text == "海岸博客"
    assert found.left_out[1].text.endswith("近期文章 评论：写得好")
    assert found.article.title == "潮汐表"


@pytest.mark.parametrize(
    "page",
    [
        PAGE.format(TEXT),
        PAGE.format(f"{TEXT}<article>一</article>"),
        PAGE.format(f"<article>{TEXT}</article><article>{TEXT}</article>"),
        f"<p>海岸博客</p><article>{TEXT}</article><p>评论：写得好</p>",
    ],
    ids=["none", "a small one", "two", "no page"],
)
def test_without_one_article_all_is_read(page: str) -> None:
    found = post.read("a.html", page)
    assert "海岸博客" in found.text
    assert "评论：写得好" in found.text
    assert not found.left_out


def test_an_article_that_never_ends_is_read() -> None:
    assert post.read("a.html", f"<body>海岸博客<article>{TEXT}").text == SHOWN
