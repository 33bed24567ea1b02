"""The order of an article's addresses, and what several articles do to one another's."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from retrieval.reading.links.resolve import resolve, resolve_all
from retrieval.reading.links.site import Site, from_settings

REPOSITORY = "https://github.com/o/r/blob/main/source/_posts/"
PAGE = "https://blog.lakeside.net/posts/tea"


def abbrlink_site(form: str, repo_url: str | None = None) -> Site:
    return from_settings("https://ex.com", "p/:abbrlink.html", abbrlink=form, repo_url=repo_url)


def test_own_link_comes_first() -> None:
    assert resolve("a.md", {"title": "x", "link": PAGE}, abbrlink_site("crc16-hex", REPOSITORY)).url == PAGE


def test_rules_of_the_site_come_second() -> None:
    link = resolve("a.md", {"title": "Hello World"}, abbrlink_site("crc16-hex", REPOSITORY))
    assert (link.url, link.reason) == ("https://ex.com/p/3eeb.html", None)


def test_file_in_the_repository_comes_third_with_the_reason() -> None:
    link = resolve("子 目录/a.md", {"title": 80}, abbrlink_site("crc16-hex", REPOSITORY))
    assert link.url == REPOSITORY + "%E5%AD%90%20%E7%9B%AE%E5%BD%95/a.md"
    assert link.reason is not None
    assert "quotes" in link.reason


def test_nothing_known_gives_no_address_and_a_reason() -> None:
    link = resolve("a.md", {"title": "x"})
    assert link.url is None
    assert link.reason is not None
    assert "--permalink" in link.reason


@pytest.mark.parametrize("url", ["https://ex.com/a", "/a"])
def test_url_of_a_hugo_page_is_a_path_of_the_site(url: str) -> None:
    site = from_settings("https://hugo.lakeside.net", "/:slug/", generator="hugo")
    expected = "https://hugo.lakeside.net/a/" if url == "/a" else None
    assert resolve("a.md", {"url": url, "link": PAGE}, site).url == expected


def test_posts_that_share_a_checksum_have_no_address() -> None:
    articles = [("q1.md", {"title": "Same"}), ("q2.md", {"title": "Same"}), ("q3.md", {"title": "Other"})]
    links = resolve_all(articles, abbrlink_site("crc16-hex"))
    assert [links[path].url is None for path, _ in articles] == [True, True, False]
    assert "same address" in (links["q1.md"].reason or "")


def test_post_that_a_moved_number_may_displace_has_no_address() -> None:
    # 5 is taken twice, so one of the two moves to 6, or to 7.
    articles: list[tuple[str, dict[str, object]]] = [
        ("written.md", {"abbrlink": 22325, "title": "x"}),
        ("same.md", {"title": "深度学习入门"}),
        ("far.md", {"title": "Hello World"}),
    ]
    links = resolve_all(articles, abbrlink_site("crc16-dec", REPOSITORY))
    assert links["far.md"].url == "https://ex.com/p/16107.html"
    assert links["same.md"].url == f"{REPOSITORY}same.md"
    assert "varies by build" in (links["same.md"].reason or "")


def test_own_links_may_be_the_same() -> None:
    links = resolve_all([("a.md", {"link": PAGE}), ("b.md", {"link": PAGE})])
    assert [link.url for link in links.values()] == [PAGE, PAGE]


def test_hugo_bundles_and_sections_are_seen_among_the_articles() -> None:
    site = from_settings("https://ex.com", "/:sections/:slug/", generator="hugo")
    articles: list[tuple[str, dict[str, object]]] = [
        ("a/b/_index.md", {}),
        ("a/b/leaf/index.md", {"slug": "l"}),
        ("a/b/leaf/more.md", {"slug": "m"}),
    ]
    links = resolve_all(articles, site)
    assert links["a/b/leaf/index.md"].url == "https://ex.com/a/b/l/"
    assert links["a/b/leaf/more.md"].url is None


def test_post_of_the_future_has_no_page_yet() -> None:
    site = from_settings("https://ex.com", "pretty", generator="jekyll")
    path = "2026-05-01-x.md"
    assert resolve(path, {}, site, datetime(2026, 4, 1, tzinfo=timezone.utc)).url is None
    assert resolve(path, {}, site, datetime(2026, 6, 1, tzinfo=timezone.utc)).url == "https://ex.com/2026/05/01/x/"
