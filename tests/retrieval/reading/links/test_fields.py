"""Link fields of the front matter: which are believed, and which values are refused."""

from __future__ import annotations

import pytest

from retrieval.reading.links.fields import own_url

PAGE = "https://blog.lakeside.net/posts/tea"


@pytest.mark.parametrize(
    "key",
    [
        "link", "canonical_url", "canonicalURL", "canonicalUrl", "original_url", "originalUrl", "originallink",
        "originalLink", "origininallink", "externalUrl", "externalLink", "external-url", "external_url",
        "redirect_to", "wordpress_url", "tumblr_url", "blogger_orig_url", "source_url", "source",
        "copyright_url", "permalink", "url",
    ],
)  # fmt: skip
def test_field_gives_the_address(key: str) -> None:
    assert own_url({"title": "x", key: PAGE}) == PAGE


@pytest.mark.parametrize(
    "key",
    ["guid", "external_link", "authorlink", "headimg", "cover", "thumbnail", "aliases", "redirect_from", "joomla_url"],
)
def test_field_is_not_believed(key: str) -> None:
    assert own_url({key: PAGE}) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        False,
        80,
        {"a": 1},
        [],
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://blog.lakeside.net/x",
        "//blog.lakeside.net/x",
        "/posts/tea",
        "posts/tea",
        "tg",
        "http://localhost/?p=53",
        "http://localhost:4000/posts/tea",
        "http://127.0.0.1/posts/tea",
        "http://192.168.1.7/posts/tea",
        "http://[::1]/posts/tea",
        "http://intranet/posts/tea",
        "http://0x7f.1/posts/tea",
        "http://127.0x1/posts/tea",
        "https://аррle.com/posts/tea",
        "https://раура.com/posts/tea",
        "https://blοg.lakeside.net/posts/tea",
        "https://ⓑlog.lakeside.net/posts/tea",
        "https://blog.lake\u200bside.net/posts/tea",
        "https://blog.lake\u00adside.net/posts/tea",
        "https://blog\u2044.lakeside.net/posts/tea",
        "https://bank.example@blog.lakeside.net/posts/tea",
        "https://user:pass@blog.lakeside.net/posts/tea",
        "https://bank.example\\@blog.lakeside.net/posts/tea",
        "https://blog.lakeside.net\nx/posts/tea",
        "https://example.com/posts/tea",
        "https://www.example.org/posts/tea",
        "https://blog.lakeside.net",
        "https://blog.lakeside.net/",
        "https://blog.lakeside.net/?p=1539",
        "https://user:word@blog.lakeside.net/posts/tea",
        "https://blog.lakeside.net/posts/tea leaf",
        "https://blog.lakeside.net/posts/<tea>",
        "https://blog.lakeside.net:port/posts/tea",
        "https://github.com/lakeside/tea",
        "java\nscript:https://blog.lakeside.net/x",
    ],
)
def test_value_is_refused(value: object) -> None:
    assert own_url({"link": value}) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"  '{PAGE}' ", PAGE),
        ([PAGE, "https://blog.lakeside.net/other"], PAGE),
        ("https://blog.lakeside.net/茶 ".strip(), "https://blog.lakeside.net/%E8%8C%B6"),
        ("https://茶.中国/a%20b?q=茶#x", "https://茶.中国/a%20b?q=%E8%8C%B6#x"),
    ],
)
def test_value_is_tidied(value: object, expected: str) -> None:
    assert own_url({"link": value}) == expected


def test_canonical_address_beats_a_link() -> None:
    assert own_url({"link": "https://blog.lakeside.net/other", "canonical_url": PAGE}) == PAGE


def test_refused_value_leaves_the_next_field_its_turn() -> None:
    assert own_url({"canonical_url": "", "link": PAGE}) == PAGE
