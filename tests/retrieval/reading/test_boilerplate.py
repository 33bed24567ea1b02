"""What stands around an article: credits, and what a class or an id tells about an element."""

from __future__ import annotations

import pytest

from retrieval.reading import post
from retrieval.reading.boilerplate import furniture, without_boilerplate
from retrieval.reading.lines import Line


@pytest.mark.parametrize(
    "text",
    [
        "(C) 7",
        "(c) 2019",
        "(c) give three months' notice.",
        "Copyright law in Japan changed in 2019.",
        "扫描二维码登录是如今常见的登录方式。",
        "识别图片中的二维码，可以使用 zxing 库。",
        "扫码支付的安全受到关注。",
        "识别出的船只是港口关注的重点。",
        "编辑：修改一行",
        "编辑：打开潮汐表",
    ],
)
def test_an_ordinary_sentence_is_no_credit(text: str) -> None:
    assert without_boilerplate([Line(text)], frozenset()) == ([Line(text)], [])


@pytest.mark.parametrize(
    "text",
    [
        "© 港口日报",
        "(c) 2019 Harbour Press",
        "(C) 2017-2019, Harbour Press",
        "(c) Copyright Harbour Press",
        "Copyright 2019 Harbour Press",
        "Copyright (c) Harbour Press",
        "Copyright by Harbour Press",
        "扫描下方二维码",
        "长按识别二维码，关注港口日报",
        "掃描二維碼訂閱",
        "扫码关注港口日报公众号",
        "编辑：罗怀安 校对：林舟",
        "校对｜罗怀安（港口日报社）",
        "（责任编辑：罗怀安。）",
    ],
)
def test_a_credit_is_left_out(text: str) -> None:
    kept, left_out = without_boilerplate([Line(text)], frozenset())
    assert not kept
    assert [line.rule for line in left_out] == ["credit"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<h2 id="social-impact">潮的影响</h2><p>汐</p>', "潮的影响\n汐"),
        ('<h2 id="copyright">版面</h2><p>汐</p>', "版面\n汐"),
        ('<p id="ad-hoc">潮</p>', "潮"),
        ('<h2 id="mermaid">画图</h2><p>汐</p>', "画图\n汐"),
        ('<div id="sharing-data" class="section level2"><h2>分潮</h2><p>汐</p></div>', "分潮\n汐"),
        ('<div id="share" class="section level2"><h2>分潮</h2><p>汐</p></div>', "分潮\n汐"),
        ('<section id="social" class="level2"><h2>众人</h2><p>汐</p></section>', "众人\n汐"),
        ('<dl><dt id="qr">码头</dt><dd>船靠的地方</dd></dl>', "码头\n船靠的地方"),
    ],
)
def test_an_id_of_a_heading_s_words_drops_nothing(body: str, expected: str) -> None:
    found = post.read("a.html", body)
    assert "\n".join(passage.text for passage in found.passages) == expected
    assert not found.left_out


@pytest.mark.parametrize(
    ("classes", "identifier", "expected"),
    [
        (None, "share", "id share"),
        (None, "share-buttons", "id share"),
        (None, "post-copyright", "id copyright"),
        (None, "article_QRcode", "id qrcode"),
        (None, "ad-1", "id ad"),
        (None, "social-share-bar", "id social"),
        (None, "social-impact", None),
        (None, "copyright-law", None),
        ("social-links", "x", "class social"),
        ("my-share-widget", "ad-hoc", "class share"),
        (None, "markdown-toc", "table of contents"),
    ],
)
def test_furniture_is_known_by_a_word_of_its_class_or_by_its_whole_id(
    classes: str | None, identifier: str, expected: str | None
) -> None:
    assert furniture("div", classes, identifier, 20) == expected


def test_the_language_of_code_is_no_furniture() -> None:
    assert furniture("code", "language-ad-note", None, 20) is None
    assert furniture("code", "language-mermaid", None, 20) == "source of a diagram"
