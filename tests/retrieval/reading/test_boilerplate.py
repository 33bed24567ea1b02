"""What a class or an id tells about an element: the furniture of a page, or a heading's own words."""

from __future__ import annotations

import pytest

from retrieval.reading import post
from retrieval.reading.boilerplate import furniture


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<h2 id="social-impact">潮的影响</h2><p>汐</p>', "潮的影响\n汐"),
        ('<h2 id="copyright">版面</h2><p>汐</p>', "版面\n汐"),
        ('<p id="ad-hoc">潮</p>', "潮"),
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
