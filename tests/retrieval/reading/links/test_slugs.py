"""Path segments as each generator makes them."""

from __future__ import annotations

import pytest

from retrieval.reading.links.slugs import sanitize, slugify, slugize, without_accents


@pytest.mark.parametrize(
    ("text", "case", "expected"),
    [
        ("C++/Node.js (前端)", 0, "C-Node-js-前端"),
        ("  Hello,  World! ", 1, "hello-world"),
        ("Straße Ærø", 0, "Strase-AEro"),
        ("a　b", 0, "a-b"),
        ("（全角）·€😀“引”", 0, "（全角）·€😀“引”"),
        ("tab\there", 0, "tabhere"),
        ("ＡＢＣ①", 2, "ABC①"),
        ("e\u0301", 0, "e\u0301"),
        ("--", 0, ""),
    ],
)
def test_hexo(text: str, case: int, expected: str) -> None:
    assert slugize(text, case) == expected


@pytest.mark.parametrize(
    ("text", "pretty", "expected"),
    [
        ("Hello_World & C++ 100%", True, "Hello_World-&-C++-100"),
        ("Hello_World & C++ 100%", False, "Hello-World-C-100"),
        ("深度学习 入门！", False, "深度学习-入门"),
        ("!", False, ""),
    ],
)
def test_jekyll(text: str, pretty: bool, expected: str) -> None:
    assert slugify(text, pretty=pretty, keep_case=True) == expected
    assert slugify(text, pretty=pretty) == expected.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  b", "a-b"),
        ("a - b", "a-b"),
        ("a--b", "a--b"),
        ("C++ & Rust: 100%?", "C++-Rust-100"),
        (" edge ", "edge"),
        ("%20%zz", "%20zz"),
        ("（全角）。", "全角"),
    ],
)
def test_hugo(text: str, expected: str) -> None:
    assert sanitize(text) == expected


def test_hugo_without_accents() -> None:
    assert without_accents("Ünïcode é 中 한") == "Unicode e 中 한"
