"""Patterns for paths: what micromatch 4, Ruby and Hugo 0.168 said of them."""

from __future__ import annotations

import pytest

from retrieval.reading.links.globs import matches_hugo, matches_shell

FILES = ("a.md", "a/b.md", "a/b/c.md", "a/.x/c.md")
SHELL = [
    # pattern, which of the files it is for
    ("*", "a.md"),
    ("**", "a.md a/b.md a/b/c.md"),
    ("*.md", "a.md"),
    ("**/*.md", "a.md a/b.md a/b/c.md"),
    ("a/*", "a/b.md"),
    ("a/**", "a/b.md a/b/c.md"),
    ("a/**/c.md", "a/b/c.md"),
    ("a**", "a.md"),
    ("**.md", "a.md"),
    ("a/?.md", "a/b.md"),
    ("a/[a-c].md", "a/b.md"),
    ("a/[^b].md", ""),
    ("{a,b}/{b,c}.md", "a/b.md"),
    ("a", ""),
    ("A.md", ""),
    ("a.m", ""),
    ("a,b", ""),
    ("a/b", ""),
]
HUGO = [
    ("*", "a.md"),
    ("**", "a.md a/b.md a/b/c.md a/.x/c.md"),
    ("a/**", "a/b.md a/b/c.md a/.x/c.md"),
    ("a/**/c.md", "a/b/c.md a/.x/c.md"),
    ("**/c.md", "a/b/c.md a/.x/c.md"),
    ("a**", "a.md a/b.md a/b/c.md a/.x/c.md"),
    ("a/[!c].md", "a/b.md"),
    ("{a,a/**}", "a/b.md a/b/c.md a/.x/c.md"),
    (r"a\.md", "a.md"),
]


@pytest.mark.parametrize(("glob", "expected"), SHELL)
def test_pattern_of_hexo_and_jekyll(glob: str, expected: str) -> None:
    assert [path for path in FILES if matches_shell(glob, path)] == expected.split()


@pytest.mark.parametrize(("glob", "expected"), HUGO)
def test_pattern_of_hugo(glob: str, expected: str) -> None:
    assert [path for path in FILES if matches_hugo(glob, path)] == expected.split()


def test_two_stars_below_a_folder_are_the_folder_too() -> None:
    assert matches_shell("a/**", "a")
    assert matches_shell("**/a", "/site/a")
    assert not matches_hugo("a/**", "a")


@pytest.mark.parametrize("glob", ["!a", "!(a)", "+(a|b)", "{a"])
def test_what_is_no_known_pattern_is_told(glob: str) -> None:
    with pytest.raises(ValueError, match="not supported"):
        matches_shell(glob, "a")
