"""Jekyll: the addresses that Jekyll 4.3.1 gave when it was run on these files."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import yaml

from retrieval.reading.links.jekyll import relative_url, url
from retrieval.reading.links.jekyll_config import from_config
from retrieval.reading.links.link import NoAddress

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
HELLO = "_posts/2022-07-28-hello-world.md"
ODD = "_posts/2022-07-28-Hello_World & C++ 100%.md"
SHANGHAI = "timezone: Asia/Shanghai"
R = "date: Thu, 28 Jul 2022 20:50:54 GMT"
DOCS = "collections: {docs: {output: true}}"
UNPUBLISHED = "defaults: [{scope: {path: ''}, values: {published: false}}]"
GLOB = "defaults: [{scope: {path: '_posts/*/deep'}, values: {permalink: '/glob/:title'}}]"

GOLDEN = [
    # path from the site's root, front matter, configuration, page.url
    (HELLO, "title: X", "", "/2022/07/28/hello-world.html"),
    (HELLO, "title: X", "permalink: pretty", "/2022/07/28/hello-world/"),
    (HELLO, "title: X", "permalink: ordinal", "/2022/209/hello-world.html"),
    (HELLO, "title: X", "permalink: none", "/hello-world.html"),
    (HELLO, "title: X", "permalink: '/:year_:title.html'", "/2022_hello-world.html"),
    (HELLO, "title: X", "permalink: '/:categories/:name:output_ext'", "/2022-07-28-hello-world.html"),
    (ODD, "title: X", "", "/2022/07/28/Hello_World-&-C++-100.html"),
    (
        ODD,
        "title: X",
        "permalink: '/:slugified_categories/:year-:i_month-:i_day/:short_year:hour:minute:second/:slug'",
        "/2022-7-28/22000000/hello-world-c-100",
    ),
    (
        "_posts/2022-7-8-深度学习 入门.md",
        "categories: [Tech Stuff, 技术]",
        "",
        "/tech%20stuff/%E6%8A%80%E6%9C%AF/2022/07/08/%E6%B7%B1%E5%BA%A6%E5%AD%A6%E4%B9%A0-%E5%85%A5%E9%97%A8.html",
    ),
    (
        "_posts/2022-01-01-week.md",
        "{category: Foo Bar, categories: a b}",
        "permalink: weekdate",
        "/a/b/foo%20bar/2022/W52/Sat/week.html",
    ),
    (
        "_posts/2022-01-02-datenaive.md",
        "date: 2022-03-04 23:30:00",
        f"permalink: ordinal\n{SHANGHAI}",
        "/2022/064/datenaive.html",
    ),
    ("_posts/2022-01-02-daters.md", R, "permalink: pretty", "/2022/07/28/daters/"),
    ("_posts/2022-01-02-daters.md", R, f"permalink: ordinal\n{SHANGHAI}", "/2022/210/daters.html"),
    ("_posts/2022-01-02-slug.md", "slug: My Slug!", "", "/2022/01/02/My-Slug!.html"),
    ("_posts/2022-01-02-perm.md", "permalink: '/x/:year/:title/'", "permalink: pretty", "/x/2022/perm/"),
    ("_posts/2022-01-02-perm.md", "permalink: foo/bar", "", "/foo/bar"),
    ("_posts/2022-01-01-frac.md", "permalink: '/中文/a b/:title'", "", "/中文/a b/frac"),
    (
        "blog/_posts/2022-01-02-superdir.md",
        "categories: [z]",
        "permalink: pretty",
        "/blog/z/2022/01/02/superdir/",
    ),
    ("_posts/sub/dir/2022-01-02-nested.md", "title: x", "", "/2022/01/02/nested.html"),
    ("_posts/2022-01-02-hash#q?.md", "title: x", "", "/2022/01/02/hash-q.html"),
    (
        "_posts/en/2022-01-01-b.md",
        "title: x",
        "defaults: [{scope: {path: _posts/en}, values: {permalink: '/en/:title/'}}]",
        "/en/b/",
    ),
    ("about.md", "title: x", DOCS, "/about.html"),
    ("sec/index.md", "title: x", DOCS, "/sec/"),
    ("_docs/guide/intro page.md", "title: x", DOCS, "/docs/guide/intro%20page.html"),
    ("about.md", "title: x", f"permalink: pretty\n{DOCS}", "/about/"),
    ("sec/index.md", "title: x", f"permalink: pretty\n{DOCS}", "/sec/"),
    ("_docs/guide/intro page.md", "title: x", f"permalink: pretty\n{DOCS}", "/docs/guide/intro%20page/"),
    # of the rules, rather than of the table
    ("_posts/2022-01-02-a.md", "categories: 'A, B'", "permalink: none", "/a,/b/a.html"),
    ("_posts/2022-01-02-a.md", "date: '2022-03-04'", SHANGHAI, "/2022/03/04/a.html"),
    ("_posts/2022-01-02-a.md", "date: 2022/03/04 23:30:00", SHANGHAI, "/2022/03/04/a.html"),
    ("_posts/2022-01-02-a.md", "title: x", "collections: {posts: {permalink: '/p/:slug'}}", "/p/a"),
    (
        "_posts/2022-01-02-a.md",
        "title: x",
        "defaults: [{scope: {path: '', type: posts}, values: {categories: [n]}},"
        " {scope: {path: '', type: pages}, values: {categories: [m]}}]",
        "/n/2022/01/02/a.html",
    ),
    ("_posts/2022-01-02-a.md", "categories: [2022, X]", "permalink: none", "/2022/x/a.html"),
    ("_posts/zh/deep/2022-01-02-a.md", "title: x", GLOB, "/glob/a"),
    ("_posts/zh/2022-01-02-a.md", "title: x", GLOB, "/2022/01/02/a.html"),
    ("about.md", "title: x", UNPUBLISHED, "/about.html"),
    ("_posts/2022-01-02-a.md", "published: true", UNPUBLISHED, "/2022/01/02/a.html"),
    ("_posts/2022-01-02-a.md", "title: x", f"unpublished: true\n{UNPUBLISHED}", "/2022/01/02/a.html"),
    ("parts/_posts/2022-01-02-a.md", "title: x", "collections_dir: parts", "/2022/01/02/a.html"),
    ("parts/_docs/b.md", "title: x", f"collections_dir: parts\n{DOCS}", "/docs/b.html"),
    ("parts/page.md", "title: x", "collections_dir: parts", "/parts/page.html"),
    ("_pages/b.md", "title: x", "include: [_pages/]", "/_pages/b.html"),
    ("notebook/x.md", "title: x", "{exclude: [notebook], include: [notebook]}", "/notebook/x.html"),
]


@pytest.mark.parametrize(("path", "front", "config", "expected"), GOLDEN)
def test_address_is_the_one_that_jekyll_makes(path: str, front: str, config: str, expected: str) -> None:
    site = from_config({"url": "https://ex.com", **(yaml.safe_load(config) or {})})
    assert relative_url(path, yaml.safe_load(front), site, NOW) == expected


@pytest.mark.parametrize(
    ("config", "front", "expected"),
    [
        ({"baseurl": "/blog"}, {}, "https://ex.com/blog/2022/07/28/hello-world.html"),
        ({"baseurl": "blog/"}, {}, "https://ex.com/blog/2022/07/28/hello-world.html"),
        ({}, {"permalink": "/中文/a b/:title"}, "https://ex.com/%E4%B8%AD%E6%96%87/a%20b/hello-world"),
    ],
)
def test_whole_address_is_url_and_baseurl_and_path(
    config: dict[str, object], front: dict[str, object], expected: str
) -> None:
    assert url(HELLO, front, from_config({"url": "https://ex.com", **config}), NOW) == expected


def test_a_pattern_among_the_defaults_does_no_harm_where_no_address_is_made_of_it() -> None:
    defaults = [{"scope": {"path": "assets/**/*.png"}, "values": {"image": True}}]
    site = from_config({"url": "https://ex.com", "defaults": defaults})
    assert url(HELLO, {}, site, NOW) == "https://ex.com/2022/07/28/hello-world.html"


@pytest.mark.parametrize(
    ("path", "front", "config", "reason"),
    [
        ("_posts/undated.md", "title: x", "", "begins with its date"),
        ("_posts/2022-13-45-x.md", "title: x", "", "stops at the date"),
        ("_posts/2022-01-02-x.md", "date: 2022年7月28日", "", "stops at the date"),
        ("_posts/2022-01-02-x.md", "published: false", "", "published: false"),
        ("_posts/2027-01-02-x.md", "title: x", "", "in the future"),
        ("_posts/2022-01-02-x.md", "title: x", "permalink: '/:nonsense/'", "unknown :nonsense"),
        ("_posts/2022-01-02-x.md", "categories: [[a, b], c]", "", "list within a list"),
        ("_posts/2022-01-02-x.md", "slug: 12", "", "slug is not text"),
        ("_posts/2022-01-02-x.md", "permalink: 12", "", "permalink is not text"),
        ("_posts/2022-01-02-x.md", "categories: ['a?']", "", "question mark"),
        ("_posts/2022-01-02-x.txt", "title: x", "", "does not render"),
        ("_drafts/x.md", "title: x", "", "not published"),
        ("_docs/x.md", "title: x", "collections: [docs]", "output: true"),
        ("README.md", "{}", "", "without front matter"),
        ("notes/x.md", "title: x", "exclude: [notes]", "excluded"),
        ("x.md", "title: x", "source: src", "outside"),
        (HELLO, "title: x", "url: ''", "not configured"),
        (
            HELLO,
            "title: x",
            "defaults: [{scope: {path: '_posts/{*'}, values: {permalink: /x}}]",
            "not supported",
        ),
        ("_posts/2022-01-02-x.md", "published: ", "", "published: false"),
        ("_posts/2022-01-02-x.md", "title: x", UNPUBLISHED, "published: false"),
        ("_posts/2022-01-02-x.md", "categories: 2022", "permalink: '/:title'", "neither text nor a list"),
        ("_posts/2022-01-02-x.md", "title: x", "limit_posts: 5", "newest posts only"),
        ("_posts/2022-01-02-x.md", "title: x", "collections_dir: parts", "not published"),
        ("_posts/_old/2022-01-02-x.md", "title: x", "", "not published"),
        ("_old/_posts/2022-01-02-x.md", "title: x", "", "not published"),
        ("_docs/a/_x.md", "title: x", DOCS, "not published"),
        ("notebook/x.md", "title: x", "exclude: [/note]", "excluded"),
        ("vendor/bundle/gem/x.md", "title: x", "", "excluded"),
    ],
)
def test_no_address_where_it_cannot_be_known(path: str, front: str, config: str, reason: str) -> None:
    site = from_config({"url": "https://ex.com", **(yaml.safe_load(config) or {})})
    with pytest.raises(NoAddress, match=reason):
        url(path, yaml.safe_load(front), site, NOW)


def test_future_posts_are_published_where_the_site_says_so() -> None:
    site = from_config({"url": "https://ex.com", "future": True})
    assert url("_posts/2027-01-02-x.md", {}, site, NOW) == "https://ex.com/2027/01/02/x.html"
