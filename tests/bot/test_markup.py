"""The pieces of a reply and their HTML."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tdlib import parse_html

from bot.markup import Quote, Span, to_html, visible, web_link


def test_text_of_an_article_never_becomes_markup() -> None:
    assert to_html([Span('<b>1 < 2 && "x"</b>')]) == '&lt;b&gt;1 &lt; 2 &amp;&amp; "x"&lt;/b&gt;'


def test_telegram_sees_looks_links_and_quotes() -> None:
    parts = [
        Span("Title", bold=True, url="https://e.example/?a=1&b=2#:~:text=%22x%22"),
        Span("\n"),
        Quote((Span("before "), Span("best", bold=True), Span(" after")), expandable=True),
    ]
    message = parse_html(to_html(parts))
    assert message.text == visible(parts) == "Title\nbefore best after"
    assert message.shown("Bold") == ["Title", "best"]
    assert message.shown("ExpandableBlockQuote") == ["before best after"]
    assert message.links() == ["https://e.example/?a=1&b=2#:~:text=%22x%22"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://e.example/x",
        "/relative",
        "https://",
        "https:///path",
        "http://[::1",
        "http://e.example:port/",
        "https://e.example/a b",
        "https://e.example/\x00",
        "https://e.example/\ud800",
        "https://e.example/" + "x" * 3000,
        "",
        None,
    ],
)
def test_what_a_browser_cannot_open_is_no_link(url: str | None) -> None:
    assert web_link(url) is None


def test_the_first_usable_address_is_taken() -> None:
    assert web_link("mailto:a@e.example", None, "HTTPS://e.example/文章/") == "HTTPS://e.example/文章/"


@given(st.text())
def test_any_address_is_refused_or_stands_safely_in_the_html(url: str) -> None:
    link = web_link("https://e.example/" + url)
    assert parse_html(to_html([Span("x", url=link)])).text == "x"


@pytest.mark.parametrize("host", ["http://localhost:4000/", "http://intranet/", "https://e.com:/", "https://e%20.com/"])
def test_what_telegram_would_refuse_in_a_button_is_no_link(host: str) -> None:
    assert web_link(host) is None


AWKWARD = st.text(st.sampled_from("ab.é.例:/?#@[]%\\-_!$&'()*+,;=~^|`{}<>\"0129 \u200b\u202e😀"), max_size=25)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(["http://", "https://e.com", "HTTPS://e.", "https://[", "https://e.com:", "https://e.com/"]),
    AWKWARD,
)
def test_telegram_opens_every_link(start: str, rest: str) -> None:
    url = web_link(start + rest)
    if url:
        assert parse_html(f'<a href="{escape(url)}">x</a>').links()
