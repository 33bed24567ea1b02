"""Hexo: the addresses that Hexo 8.1.2 gave when it was run on these posts."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import yaml

from retrieval.reading.links.abbrlink import Abbrlink
from retrieval.reading.links.hexo import url
from retrieval.reading.links.hexo_config import from_config
from retrieval.reading.links.link import NoAddress

D = "date: 2022-07-28 03:05:09"
R = "date: Thu, 28 Jul 2022 20:50:54 GMT"
CLOCK = "permalink: ':year/:month/:day/:hour:minute:second/:title/'"
SHANGHAI = "timezone: Asia/Shanghai"
NAMED = "url: https://ex.com/blog/\npermalink: ':category/:name.html'\nnew_post_name: ':year-:month-:day-:title.md'"
CATEGORY = "permalink: ':category/:title/'"
STUDY = "%E6%B7%B1%E5%BA%A6%E5%AD%A6%E4%B9%A0"

GOLDEN = [
    # path below source/_posts, front matter, configuration, machine's zone, address after https://ex.com
    ("hello-world.md", D, "", None, "/2022/07/28/hello-world/"),
    ("hello-world.md", D, f"{CLOCK}\n{SHANGHAI}", "UTC", "/2022/07/27/190509/hello-world/"),
    ("hello-world.md", D, f"{CLOCK}\n{SHANGHAI}", "Asia/Shanghai", "/2022/07/28/030509/hello-world/"),
    ("rfc.md", R, CLOCK, "Asia/Shanghai", "/2022/07/29/045054/rfc/"),
    ("rfc.md", R, f"{CLOCK}\n{SHANGHAI}", "Asia/Shanghai", "/2022/07/29/045054/rfc/"),
    ("rfc.md", R, f"{CLOCK}\n{SHANGHAI}", "UTC", "/2022/07/28/125054/rfc/"),
    ("off.md", "date: 2022-07-28T03:00:00+08:00", CLOCK, "Asia/Shanghai", "/2022/07/27/190000/off/"),
    (
        "off.md",
        "date: 2022-07-28T03:00:00+08:00",
        f"{CLOCK}\n{SHANGHAI}",
        "Asia/Shanghai",
        "/2022/07/27/190000/off/",
    ),
    (
        "sub dir/深度学习 入门.md",
        "date: 2022-07-28 23:50:54",
        "",
        None,
        f"/2022/07/28/sub%20dir/{STUDY}%20%E5%85%A5%E9%97%A8/",
    ),
    ("2021-03-04-dated.md", "title: x", NAMED, None, "/blog/uncategorized/dated.html"),
    (
        "2021-03-04-sub/c.md",
        "date: 2022-01-02",
        "new_post_name: ':year-:month-:day-:title.md'",
        None,
        "/2022/01/02/sub/c/",
    ),
    (
        "sub dir/深度学习 入门.md",
        "categories: [[生活]]",
        NAMED,
        None,
        f"/blog/%E7%94%9F%E6%B4%BB/sub-dir-{STUDY}-%E5%85%A5%E9%97%A8.html",
    ),
    (
        "hello-world.md",
        "categories: [Tech Stuff, Web]",
        "permalink: ':category/:undefinedkey/:title'\npost_asset_folder: true\nfilename_case: 1\n"
        "category_map: {Web: WWW}",
        None,
        "/tech-stuff/www/undefined/hello-world/",
    ),
    ("c.md", "categories: C++/Node.js (前端)", CATEGORY, None, "/C-Node-js-%E5%89%8D%E7%AB%AF/c/"),
    ("d.md", "categories: ['C#', 'F#', 2022]", CATEGORY, None, "/C/F/2022/d/"),
    (
        "en/foo.md",
        "lang: fr",
        "permalink: ':lang/:title/'\nnew_post_name: ':lang/:title.md'",
        None,
        "/en/foo/",
    ),
    (
        "hello-world.md",
        f"{D}\ntitle: Hello World",
        "permalink: ':lang/:post_title-:i_month-:i_day-:timestamp/index.html'\npermalink_defaults: {lang: en}\n"
        "pretty_urls: {trailing_index: false}",
        None,
        "/en/hello-world-7-28-1658977509/",
    ),
    (
        "hello-world.md",
        D,
        "root: /r/\npermalink: 'a/:hash_:title.html'\npretty_urls: {trailing_html: false}",
        None,
        "/a/7fc57e06a995_hello-world",
    ),
    ("Ünïcode.md", "date: 2022-05-06", "", None, "/2022/05/06/%C3%9Cn%C3%AFcode/"),
    ("c#.md", "date: 2022-05-06", "permalink: ':year/:title.html'", None, "/2022/c#.html"),
    ("a%20b.md", "date: 2022-05-06", "permalink: ':year/:title.html'", None, "/2022/a%20b.html"),
    (
        "it's (1)~!*.md",
        "date: 2022-05-06",
        "permalink: ':year/:title.html'",
        None,
        "/2022/it's%20(1)~!*.html",
    ),
    ("x.md", "permalink: custom/page", "", None, "/custom/page"),
    ("x.md", "permalink: custom/path/", "", None, "/custom/path/"),
    ("x.md", "permalink: /custom/页面.html", "", None, "/custom/%E9%A1%B5%E9%9D%A2.html"),
    ("x.md", "permalink: ':year/:title/'", "", None, "/:year/:title/"),
    ("tide-2.md", D, "permalink: ':title.html'\npermalink_pinyin: {enable: true}", None, "/tide-2.html"),
    ("Tide.md", D, "permalink: ':title.html'\npermalink_pinyin: {enable: false}", None, "/Tide.html"),
]


@pytest.mark.parametrize(("path", "front", "config", "machine", "expected"), GOLDEN)
def test_address_is_the_one_that_hexo_makes(
    path: str, front: str, config: str, machine: str | None, expected: str
) -> None:
    settings = {"url": "https://ex.com", **(yaml.safe_load(config) or {})}
    site = from_config(settings, machine_timezone=machine)
    assert url(f"source/_posts/{path}", yaml.safe_load(front), site) == f"https://ex.com{expected}"


FEED = "categories: [金融, 新浪财经]\ndate: Thu, 28 Jul 2022 11:50:54 GMT\ntitle: "
SUMMED = [
    ("a1.md", "'Hello World'", "crc16-hex", "3eeb"),
    ("2022-07-28-新闻.md", "派早报：苹果发布 iOS 16 测试版", "crc16-hex", "b55c"),
    ("2022-07-28-新闻.md", "派早报：苹果发布 iOS 16 测试版", "crc16-dec", "46428"),
    ("2022-07-28-新闻.md", "派早报：苹果发布 iOS 16 测试版", "crc32-hex", "3eb6dde2"),
    ("2022-07-28-新闻.md", "派早报：苹果发布 iOS 16 测试版", "crc16-hex-dated", "b34b"),
    ("x.md", "'A &#123;x&#125; &amp; B'", "crc16-hex", "6a7b"),
    ("x.md", "'1:20'", "crc16-hex", "853b"),
    ("x.md", "1.10", "crc16-hex", "bb8d"),
    ("x.md", "'it''s'", "crc16-hex", "9307"),
    ("q1.md", "Same Title", "crc16-hex", "6a22"),
]


@pytest.mark.parametrize(("path", "title", "plugin", "code"), SUMMED)
def test_address_from_the_checksum_of_the_title(path: str, title: str, plugin: str, code: str) -> None:
    config = {"url": "https://news.zfe.space", "permalink": "p/:abbrlink.html"}
    site = from_config(config, abbrlink=Abbrlink.named(plugin))
    front = yaml.safe_load(FEED + title)
    assert url(f"source/_posts/{path}", front, site) == f"https://news.zfe.space/p/{code}.html"


MULTIPLE = "of several categories"
UNKNOWN = [
    # path below source, front matter, configuration, part of the reason
    ("_posts/a.md", "categories: [[X], [Y]]", CATEGORY, MULTIPLE),
    ("_posts/a.md", "categories: [X, [Y]]", CATEGORY, MULTIPLE),
    ("_posts/a.md", "title: x", "", "it has none"),
    ("_posts/a.md", "date: 2022年7月28日", "", "is none that Hexo is known to read"),
    ("_posts/a.md", "date: 28/07/2022", "", "is none that Hexo is known to read"),
    ("_posts/a.md", "date: Invalid Date", "", "is none that Hexo is known to read"),
    ("_posts/a.md", "title: x", "permalink: ':id/'", "random"),
    ("_posts/a.md", "title: x", "permalink: ':uuid/'", "random"),
    ("_posts/灯塔.md", "title: x", "permalink: ':title/'\npermalink_pinyin: {enable: true}", "pinyin"),
    ("_posts/Tide-Table.md", "title: x", "permalink: ':title/'\npermalink_pinyin: {enable: true}", "pinyin"),
    ("_posts/a_b.md", "title: x", "permalink: ':title/'\npermalink_pinyin: {enable: true}", "pinyin"),
    ("_posts/a--b.md", "title: x", "permalink: ':title/'\npermalink_pinyin: {enable: true}", "pinyin"),
    ("_posts/a-b.md", "title: x", "permalink: ':title/'\npermalink_pinyin: {enable: true, separator: _}", "pinyin"),
    ("_posts/a.md", "permalink: 灯塔/", "permalink_pinyin: {enable: true}", "pinyin"),
    ("_posts/a.md", "title: x", "permalink: ':abbrlink/'", "--abbrlink"),
    ("_posts/a.md", "title: 80", "permalink: ':post_title/'", "put it in quotes"),
    ("_posts/a.md", "lang: no", "permalink: ':lang/'", "put it in quotes"),
    ("_posts/a.md", "when: 2022-01-02", "permalink: ':when/'", "put it in quotes"),
    ("_posts/a.md", "permalink: 123", "", "put it in quotes"),
    ("_posts/100%.md", "date: 2022-01-02", "", "lone %"),
    ("_posts/what?.md", "date: 2022-01-02", "", "does not survive"),
    ("_posts/a:b.md", "title: x", "permalink: ':title.html'", "does not survive"),
    ("_posts/a.md", "date: 2022-01-02", "permalink: ':updated/'", "no part of an address"),
    ("_posts/a.md", "{date: 2022-01-02, published: false}", "", "not published"),
    ("_drafts/a.md", "date: 2022-01-02", "", "not published"),
    ("_posts/_a.md", "date: 2022-01-02", "", "not published"),
    ("_posts/.x/a.md", "date: 2022-01-02", "", "not published"),
    ("_posts/a.txt", "date: 2022-01-02", "", "does not render"),
    ("_posts/a.md", "date: 2999-01-02", "future: false", "in the future"),
    ("_posts/demo/a.html", D, "post_asset_folder: true", "asset of a post"),
    ("_posts/in/a.md", D, "ignore: ['**/_posts/in']", "ignore"),
    ("about/a.md", "title: x", "ignore: '**/a.md'", "ignore"),
    ("_posts/a.md", D, "skip_render: ['_posts/*.md']", "skip_render"),
    ("_drafts/a.md", D, "{skip_render: ['_drafts/**'], render_drafts: true}", "skip_render"),
    ("README.md", "title: x", "skip_render: README.md", "copied as it is"),
    ("README.md", "title: x", "exclude: ['*.md']", "exclude"),
    ("_data/a.md", "title: x", "include: ['_other/**']", "not published"),
    ("a.md", "title: x", "skip_render: ['!(b).md']", "not supported"),
    ("_posts/a.md", "date: 2022-01-02", "url: http://example.com", "not configured"),
]


@pytest.mark.parametrize(("path", "front", "config", "reason"), UNKNOWN)
def test_no_address_where_it_cannot_be_known(path: str, front: str, config: str, reason: str) -> None:
    site = from_config({"url": "https://ex.com", **(yaml.safe_load(config) or {})})
    with pytest.raises(NoAddress, match=reason):
        url(f"source/{path}", yaml.safe_load(front), site, datetime(2026, 1, 1, tzinfo=timezone.utc))


def test_file_outside_the_source_folder_has_no_page() -> None:
    with pytest.raises(NoAddress, match="outside"):
        url("README.md", {}, from_config({"url": "https://ex.com"}))


@pytest.mark.parametrize(
    ("path", "front", "expected"),
    [
        ("about/index.md", {}, "/about/index.html"),
        ("links.md", {"permalink": "friends/"}, "/friends/index.html"),
        ("links.md", {"permalink": "friends"}, "/friends.html"),
    ],
)
def test_pages_outside_posts_keep_their_path(path: str, front: dict[str, object], expected: str) -> None:
    assert url(f"source/{path}", front, from_config({"url": "https://ex.com"})) == f"https://ex.com{expected}"


@pytest.mark.parametrize(
    ("path", "config", "expected"),
    [
        ("_posts/a.md", "ignore: ['source/_posts/a.md', '_posts/**']", "/2022/07/28/a/"),
        ("_posts/a.md", "{exclude: ['_posts/**'], skip_render: ['*.md', a.md]}", "/2022/07/28/a/"),
        ("_posts/a.md", "{ignore: , skip_render: , exclude: , include: }", "/2022/07/28/a/"),
        ("demo/in/a.html", "skip_render: ['demo/**/*']", "/demo/in/a.html"),
        ("_data/a.md", "include: ['_data/*']", "/_data/a.html"),
    ],
)
def test_patterns_of_the_configuration_leave_other_files_alone(path: str, config: str, expected: str) -> None:
    site = from_config({"url": "https://ex.com", **yaml.safe_load(config)})
    assert url(f"source/{path}", yaml.safe_load(D), site) == f"https://ex.com{expected}"


def test_a_page_that_is_not_rendered_has_no_front_matter() -> None:
    site = from_config({"url": "https://ex.com", "skip_render": "demo/*"})
    assert url("source/demo/a.html", {"permalink": "/elsewhere/"}, site) == "https://ex.com/demo/a.html"


def test_written_abbrlink_is_kept_even_where_the_plugin_is_unknown() -> None:
    site = from_config({"url": "https://ex.com", "permalink": "p/:abbrlink.html"})
    assert url("source/_posts/a.md", {"abbrlink": "1e5"}, site) == "https://ex.com/p/1e5.html"


def test_only_posts_of_the_layout_post_get_an_abbrlink() -> None:
    config = {"url": "https://ex.com", "permalink": "p/:abbrlink.html"}
    site = from_config(config, abbrlink=Abbrlink.named("crc16-hex"))
    with pytest.raises(NoAddress, match="layout"):
        url("source/_posts/a.md", {"title": "x", "layout": "photo"}, site)


def test_date_in_the_file_name_serves_a_post_without_one() -> None:
    site = from_config({"url": "https://ex.com", "new_post_name": ":year-:month-:day-:title.md"})
    assert url("source/_posts/2021-03-04-x.md", {}, site) == "https://ex.com/2021/03/04/x/"


def test_international_host_stays_as_it_is_written() -> None:
    site = from_config({"url": "https://博客.中国/子", "permalink": ":title/"})
    assert url("source/_posts/x.md", {}, site) == "https://博客.中国/%E5%AD%90/x/"
