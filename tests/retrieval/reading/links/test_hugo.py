"""Hugo: the addresses that Hugo 0.168.0 gave when it was run on these files."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime, timezone

import pytest

from retrieval.reading import frontmatter
from retrieval.reading.links.hugo import url
from retrieval.reading.links.hugo_config import from_config
from retrieval.reading.links.hugo_site import Hugo
from retrieval.reading.links.link import NoAddress, NotPublic

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
BY_DAY = "permalinks.posts = '/:year/:month/:day/:slug/'"
TITLED = "permalinks.posts = '/t/:title/'"
TWO = "languages.en.contentdir = 'content/en'\nlanguages.zh.contentdir = 'content/zh'"
MOUNTED = "[[module.mounts]]\nsource = 'content'\ntarget = 'content'\n"
RULES = "[[permalinks]]\npattern = '/r/:slug/'\n[permalinks.target]\n"
STUDY = "%E6%B7%B1%E5%BA%A6%E5%AD%A6%E4%B9%A0"
COLON = "its%E6%8B%AC%E5%8F%B7%E5%86%92%E5%8F%B7"
TOML = "+++\ntitle = 'Hello Title'\ndate = 2022-07-28T03:05:09+08:00\n+++\n"


def yaml_block(text: str) -> str:
    return f"---\n{text}\n---\n"


def site_of(config: str, pages: Mapping[str, Mapping[str, object]] | None = None) -> Hugo:
    settings = {"baseurl": "https://ex.com", **tomllib.loads(config)}
    return from_config(settings).with_pages((pages or {}).items())


GOLDEN = [
    # path below content/, file, configuration, address after https://ex.com
    ("posts/hello-world.md", TOML, "", "/posts/hello-world/"),
    ("posts/hello-world.md", TOML, BY_DAY, "/2022/07/28/hello-title/"),
    (
        "posts/My Post_Name & C++ #1.md",
        yaml_block("title: 'C++ & Rust: 100%?'"),
        "",
        "/posts/my-post_name--c++-%231/",
    ),
    ("posts/My Post_Name & C++ #1.md", yaml_block("title: 'C++ & Rust: 100%?'"), TITLED, "/t/c-rust-100/"),
    (
        "posts/深度学习 入门.md",
        yaml_block("title: 深度学习 入门！"),
        "",
        f"/posts/{STUDY}-%E5%85%A5%E9%97%A8/",
    ),
    (
        "posts/深度学习 入门.md",
        yaml_block("title: 深度学习 入门！"),
        TITLED,
        f"/t/{STUDY}-%E5%85%A5%E9%97%A8/",
    ),
    ("posts/json.md", '{"slug": "My Slug!/x"}\n', "", "/posts/my-slug/x/"),
    ("posts/İÇ.md", "{}\n", "", "/posts/i%C3%A7/"),
    ("posts/u.md", yaml_block("url: /abs/Path/"), "", "/abs/Path/"),
    ("posts/u.md", yaml_block("url: rel/page.html"), "", "/rel/page.html"),
    ("posts/u.md", yaml_block("url: 中文 路径"), "", "/%E4%B8%AD%E6%96%87%20%E8%B7%AF%E5%BE%84/"),
    ("posts/u.md", yaml_block("url: '/:year/:slug'\ntitle: U\ndate: 2022-01-02"), "", "/2022/u/"),
    ("posts/bundle/index.md", yaml_block("title: B\ndate: 2022-01-02"), "", "/posts/bundle/"),
    (
        "posts/bundle/index.md",
        yaml_block("title: B\ndate: 2022-01-02"),
        f"baseurl = 'https://ex.com/sub'\nuglyurls = true\n{BY_DAY}",
        "/sub/2022/01/02/b.html",
    ),
    ("posts/2022-03-04-dated.md", yaml_block("title: D"), "", "/posts/2022-03-04-dated/"),
    (
        "posts/2022-03-04-dated.md",
        yaml_block("title: D"),
        "frontmatter.date = [':filename', ':default']\npermalinks.posts = '/a/:06/:1/:2/:title'",
        "/a/22/3/4/d/",
    ),
    ("zh/posts/a.md", yaml_block("title: x"), TWO, "/zh/posts/a/"),
    ("zh/posts/u.md", yaml_block("url: rel/x"), TWO, "/zh/rel/x/"),
    ("en/posts/a.md", yaml_block("title: x"), TWO, "/posts/a/"),
    (
        "en/posts/a.md",
        yaml_block("title: x"),
        f"baseurl = 'https://ex.com/s/'\ndefaultcontentlanguageinsubdir = true\n{TWO}",
        "/s/en/posts/a/",
    ),
    ("posts/it's（括号）：冒号！.md", yaml_block("title: x"), "", f"/posts/{COLON}/"),
    ("posts/x.md", yaml_block("title: it's（括号）：冒号！"), TITLED, f"/t/{COLON}/"),
    ("posts/Ünïcode é.md", yaml_block("title: x"), "", "/posts/%C3%BCn%C3%AFcode-%C3%A9/"),
    (
        "posts/Ünïcode é.md",
        yaml_block("title: x"),
        "removepathaccents = true\npermalinks.posts = '/f/:filename/'",
        "/f/unicode-e/",
    ),
    (
        "posts/slug.md",
        yaml_block("slug: 自定义 Slug"),
        "",
        "/posts/%E8%87%AA%E5%AE%9A%E4%B9%89-slug/",
    ),
    ("posts/Case/UPPER.md", yaml_block("title: x"), "", "/posts/case/upper/"),
    (
        "posts/a.fr.md",
        yaml_block("title: x"),
        "languages.en.weight = 1\nlanguages.zh.weight = 2",
        "/posts/a.fr/",
    ),
    (
        "posts/b/index.zh-cn.md",
        yaml_block("title: x"),
        "languages.en.weight = 1\nlanguages.zh.weight = 2\nlanguages.zh-cn.weight = 3",
        "/zh-cn/posts/b/",
    ),
    ("posts/bom.md", yaml_block("slug: bomslug"), BY_DAY, "/1/01/01/bomslug/"),
    # seen in other runs of the same version
    ("posts/a  b -- c.md", yaml_block("title: x"), "", "/posts/a--b----c/"),
    ("posts/A  B.md", yaml_block("title: x"), "disablepathtolower = true", "/posts/A-B/"),
    ("posts/a~b@c+d.md", yaml_block("title: x"), "", "/posts/a~b@c+d/"),
    ("posts/100%.md", yaml_block("title: x"), "", "/posts/100/"),
    ("posts/per%20cent.md", yaml_block("title: x"), "", "/posts/per%20cent/"),
    ("posts/v.md", yaml_block("url: /v1.0/intro"), "", "/v1.0/intro"),
    ("posts/v.md", yaml_block("url: /v1.0/intro.x/"), "", "/v1.0/intro.x/"),
    ("posts/v.md", yaml_block("url: /v1.0/index.html"), "", "/v1.0/"),
    ("posts/v.md", yaml_block("url: my-index.html"), "", "/my-index.html"),
    ("posts/v.md", yaml_block("url: /中(文)"), "", "/%E4%B8%AD%28%E6%96%87%29/"),
    ("posts/v.md", yaml_block("url: /x//y/../z/"), "", "/x/z/"),
    (
        "posts/v.md",
        yaml_block("url: '/:title/Fixed/:year.html'\ntitle: V Seven"),
        "",
        "/v-seven/Fixed/1.html",
    ),
    ("root page.md", yaml_block("title: Root Page"), "permalinks.'/' = '/r/:slug/'", "/r/root-page/"),
    ("posts/a.md", yaml_block("title: My  Title -- X+Y"), TITLED, "/t/my-title--x-y/"),
    (
        "posts/a.md",
        yaml_block("title: x"),
        "permalinks.posts = '/Fixed Text/:section/'",
        "/fixed-text/posts/",
    ),
    (
        "g/one.md",
        yaml_block("title: T\ndate: 2022-03-04 05:06:07"),
        "permalinks.g = '/:monthname/:weekday/:weekdayname/:yearday/:2006-01/:Jan/:20060102/:15:04:05/:filename'",
        "/march/5/friday/63/2022-01/mar/20220304/050607/one/",
    ),
    ("_index.md", yaml_block("title: x"), "", "/"),
    ("posts/_index.md", yaml_block("title: x"), "", "/posts/"),
    ("posts/_index.md", yaml_block("title: x"), "permalinks.section.posts = '/all-posts/'", "/all-posts/"),
    ("posts/_index.md", yaml_block("title: x"), "uglyurls = true", "/posts/index.html"),
    (
        "f/2022-03-05-dated.md",
        yaml_block("slug: own\ndate: 2021-01-01"),
        "frontmatter.date = [':filename', ':default']\npermalinks.page.f = '/f/:year/:slug/:filename'",
        "/f/2022/own/2022-03-05-dated/",
    ),
    ("f/2022-03-04-a b.md", yaml_block("title: x"), "frontmatter.date = [':filename']", "/f/a-b/"),
    ("f/a.md", yaml_block("title: x\nlastmod: 2020-05-06"), "permalinks.f = '/:year/:title'", "/2020/x/"),
    ("posts/sub/a.md", yaml_block("title: x"), "permalinks.'posts/sub' = '/s/:slug/'", "/s/x/"),
    ("My Posts/a.md", yaml_block("title: x"), "permalinks.my-posts = '/:section/:sections[4]/:slug/'", "/my-posts/x/"),
    ("posts/a.md", yaml_block("title: x"), "permalinks.'p*' = '/any/:slug/'", "/any/x/"),
    ("posts/_index.md", yaml_block("title: x"), "permalinks.section.'/' = '/all/:title/'", "/all/x/"),
    ("p/q/r/a.md", yaml_block("title: x"), "permalinks.p = '/:sections/:title/'", "/p/x/"),
    ("posts/a.md", yaml_block("title: x"), f"{RULES}path = '/posts/**'", "/r/x/"),
    ("posts/a.md", yaml_block("title: x"), f"{RULES}path = '/{{posts,p}}/[!b]'\nkind = '{{page,home}}'", "/r/x/"),
    ("posts/a.md", yaml_block("title: x"), f"{RULES}path = '/*'", "/posts/a/"),
    ("posts/a.md", yaml_block("title: x"), f"{RULES}kind = 'section'", "/posts/a/"),
    ("posts/a.md", yaml_block("title: x"), f"{RULES}environment = 'development'", "/posts/a/"),
    ("posts/a.md", yaml_block("title: x"), f"{RULES}lang = 'zh'", "/r/x/"),
    ("posts/a.md", yaml_block("title: x"), "[[languages.en.permalinks]]\npattern = '/x/'", "/posts/a/"),
    ("posts/a.md", yaml_block("title: x"), f"{RULES}sites.matrix.languages = ['zh']", "/posts/a/"),
    ("posts/a.md", yaml_block("title: x"), f"{RULES}\n[[permalinks]]\npattern = '/second/'", "/r/x/"),
    ("_index.md", yaml_block("url: /start/"), "", "/"),
    ("posts/A b.md", yaml_block("title: x"), "uglyurls.posts = true", "/posts/a-b.html"),
    ("notes/a.md", yaml_block("title: x"), "uglyurls.posts = true", "/notes/a/"),
    ("tags/go/_index.md", yaml_block("title: Go Lang"), "permalinks.tags = '/t/:slug/'", "/t/go-lang/"),
    ("tags/go/_index.md", yaml_block("title: x"), "uglyurls = true", "/tags/go.html"),
    ("tags/_index.md", yaml_block("title: x"), "permalinks.taxonomy.tags = '/all-tags/'", "/all-tags/"),
    ("tags/go/_index.md", yaml_block("title: x"), "taxonomies = {}\npermalinks.term.tags = '/t/:slug/'", "/tags/go/"),
    ("posts/a.md", yaml_block("date: 2999-01-01\npublishDate: 2020-01-01"), "", "/posts/a/"),
    ("posts/2999-01-01-a.md", yaml_block("date: 2020-01-01"), "frontmatter.date = [':filename']", "/posts/a/"),
    ("posts/a.md", yaml_block("title: x"), "frontmatter.date = [':git', 'lastmod']", "/posts/a/"),
    ("posts/a.md", yaml_block("build: {list: never}\noutputs: [HTML, JSON]"), "", "/posts/a/"),
]


@pytest.mark.parametrize(("path", "file", "config", "expected"), GOLDEN)
def test_address_is_the_one_that_hugo_makes(path: str, file: str, config: str, expected: str) -> None:
    front = frontmatter.split(file)[0].values
    assert url(f"content/{path}", front, site_of(config), NOW) == f"https://ex.com{expected}"


def test_cascade_reaches_pages_and_bundles_below() -> None:
    pages: dict[str, Mapping[str, object]] = {
        "content/posts/_index.md": {"cascade": {"url": "/casc/:slug/"}},
        "content/posts/q.md": {"slug": "qq"},
        "content/posts/bundle/index.md": {"slug": "bs"},
    }
    site = site_of("", pages)
    assert url("content/posts/q.md", pages["content/posts/q.md"], site) == "https://ex.com/casc/qq/"
    bundle = "content/posts/bundle/index.md"
    assert url(bundle, pages[bundle], site) == "https://ex.com/casc/bs/"


CASCADES = [
    # cascade of content/_index.md, of content/posts/_index.md, of the configuration; the address of content/posts/a.md
    ({"url": "/home/:slug/"}, None, {"url": "/site/:slug/"}, "/home/s/"),
    ({"url": "/home/:slug/"}, [{"url": "/near/:slug/"}, {"url": "/last/:slug/"}], None, "/near/s/"),
    (None, None, {"url": "/z/:slug/", "target": {"path": "/posts/**"}}, "/z/s/"),
    (None, None, {"url": "/z/:slug/", "target": {"path": "/docs/**"}}, "/posts/s/"),
    (None, {"url": "/z/:slug/", "_target": {"kind": "section"}}, None, "/posts/s/"),
    (None, None, {"url": "/z/:slug/", "target": {"lang": "zh"}}, "/posts/s/"),
    (None, None, {"slug": "x", "target": {"kind": "page"}}, "/posts/s/"),
]


@pytest.mark.parametrize(("home", "section", "config", "expected"), CASCADES)
def test_the_nearest_cascade_counts_and_of_several_the_first(
    home: object, section: object, config: object, expected: str
) -> None:
    pages = {"content/_index.md": {"cascade": home}, "content/posts/_index.md": {"cascade": section}}
    site = from_config({"baseurl": "https://ex.com", "cascade": config}).with_pages(pages.items())
    assert url("content/posts/a.md", {"slug": "s"}, site, NOW) == f"https://ex.com{expected}"


@pytest.mark.parametrize(
    ("cascade", "withheld"),
    [
        ({"draft": True}, True),
        ({"date": "2999-01-01"}, True),
        ({"build": {"render": "never"}}, False),
        ({"headless": True}, False),
    ],
)
def test_what_a_cascade_keeps_from_being_published_has_no_address(cascade: dict[str, object], withheld: bool) -> None:
    site = site_of("", {"content/posts/_index.md": {"cascade": cascade}})
    with pytest.raises(NoAddress) as caught:
        url("content/posts/a.md", {"title": "x"}, site, NOW)
    assert isinstance(caught.value, NotPublic) == withheld
    assert url("content/notes/a.md", {"title": "x"}, site, NOW) == "https://ex.com/notes/a/"


MOUNTS = [
    ("source = 'docs'\ntarget = 'content/guide'", "docs/Some Where/a.md", "/guide/some-where/a/"),
    ("source = 'README.md'\ntarget = 'content/_index.md'", "README.md", "/"),
    ("source = './c/zh'\ntarget = 'content'\nlang = 'zh'", "c/zh/posts/a.md", "/zh/posts/a/"),
    ("source = 'c/zh'\ntarget = 'content'\nsites.matrix.languages = ['zh']", "c/zh/a/index.md", "/zh/a/"),
    ("source = 'c'\ntarget = 'content'", "c/a.zh.md", "/zh/a/"),
    ("source = 'x'\ntarget = 'assets/content'", "content/a.md", "/a/"),
]


@pytest.mark.parametrize(("mount", "path", "expected"), MOUNTS)
def test_content_may_be_mounted_from_elsewhere(mount: str, path: str, expected: str) -> None:
    site = site_of(f"languages.en.weight = 1\nlanguages.zh.weight = 2\n[[module.mounts]]\n{mount}")
    assert url(path, {"title": "x"}, site, NOW) == f"https://ex.com{expected}"


def test_language_with_its_own_base_needs_no_prefix() -> None:
    site = site_of(TWO + "\nlanguages.zh.baseurl = 'https://zh.ex.com'")
    assert url("content/zh/posts/a.md", {}, site) == "https://zh.ex.com/posts/a/"


def test_permalinks_of_a_language_replace_those_of_the_site() -> None:
    site = site_of(f"{TWO}\npermalinks.page.notes = '/n/:slug/'\nlanguages.zh.permalinks.posts = '/z/:slug/'")
    assert url("content/zh/notes/a.md", {"slug": "s"}, site) == "https://ex.com/zh/notes/s/"
    assert url("content/en/notes/a.md", {"slug": "s"}, site) == "https://ex.com/n/s/"


SECTIONS = {"content/s/_index.md": {"slug": "other"}, "content/b/index.md": {}, "content/p/_index.md": {}}


@pytest.mark.parametrize(
    ("path", "front", "config", "reason"),
    [
        ("posts/a.md", {"draft": True}, "", "draft"),
        ("posts/a.md", {"date": date(2027, 1, 1)}, "", "in the future"),
        ("posts/a.md", {"PublishDate": "2027-01-01"}, "", "in the future"),
        ("posts/a.md", {"expiryDate": date(2020, 1, 1)}, "", "expiry"),
        ("posts/a.md", {"headless": True}, "", "no page is made"),
        ("posts/a.md", {"build": {"render": "never"}}, "", "no page is made"),
        ("posts/a.md", {"build": {"Render": "link"}}, "", "no page is made"),
        ("posts/a.md", {"headless": "true"}, "", "no page is made"),
        ("posts/a.md", {"outputs": ["JSON"]}, "", "other forms"),
        ("posts/a.md", {"pubdate": "2027-01-01"}, "", "in the future"),
        ("posts/a.md", {"lastmod": "2027-01-01"}, "", "in the future"),
        ("posts/a.md", {"unpublishdate": "2020-01-01"}, "", "expiry"),
        ("posts/2999-01-01-a.md", {}, "frontmatter.date = [':filename']", "in the future"),
        ("posts/a.md", {}, "disablekinds = ['page', 'RSS']", "kind page"),
        ("tags/a/_index.md", {}, "disablekinds = ['term']", "kind term"),
        ("posts/sub/a.md", {}, "ignorefiles = ['content/.*/sub/']", "ignoreFiles"),
        ("posts/a/b.md", {"title": "x"}, "permalinks.posts = '/:slug/'\npermalinks.'posts/a' = '/a/'", "any of them"),
        ("posts/a.md", {}, "[[permalinks]]\npattern = '/x/'\ntarget.path = '{'", "not supported"),
        ("posts/a.md", {"date": "2022/07/28"}, "", "stops at the date"),
        ("posts/a.md", {"date": "2022-07-28 23:30"}, "", "stops at the date"),
        ("posts/a.md", {"url": "https://ex.com/x"}, "", "stops at a url"),
        ("posts/a.md", {"url": "/a?b"}, "", "question mark"),
        ("posts/a.md", {"slug": "！？"}, "", "leaves nothing"),
        ("posts/a.md", {"slug": "../up"}, "", "leaves nothing"),
        ("posts/a.md", {"title": "A/B"}, TITLED, "slash"),
        ("posts/a.md", {"title": 80}, TITLED, "put it in quotes"),
        ("posts/a.md", {}, TITLED, "there is none"),
        ("posts/a.md", {}, "permalinks.posts = '/:nonsense/'", "not supported"),
        ("posts/a.md", {}, "frontmatter.date = [':git']\npermalinks.posts = '/:year/'", "date is not known here"),
        ("s/a.md", {}, "", "section has a slug"),
        ("posts/a.md", {}, "cascade.slug = 'x'", "section has a slug"),
        ("b/other.md", {}, "", "page bundle"),
        ("b/deep/other.md", {}, "", "page bundle"),
        ("posts/a.txt", {}, "", "does not render"),
        ("zh/a.md", {}, f"{TWO}\ndisablelanguages = ['zh']", "disabled"),
        ("a.md", {}, TWO, "outside"),
        ("posts/a.md", {}, "baseurl = ''", "not configured"),
        ("posts/a.md", {}, "[[module.mounts]]\nsource = 'docs'\ntarget = 'content'", "outside"),
        ("posts/a.md", {}, f"{MOUNTED}excludefiles = '*.tmp'", "some files"),
        ("posts/a.md", {}, f"{MOUNTED}lang = 'zh'", "not among its own"),
    ],
)
def test_no_address_where_it_cannot_be_known(path: str, front: dict[str, object], config: str, reason: str) -> None:
    with pytest.raises(NoAddress, match=reason):
        url(f"content/{path}", front, site_of(config, SECTIONS), NOW)


def test_sections_are_the_folders_that_have_an_index_file() -> None:
    site = site_of(
        "permalinks.p = '/:sections[last]/:sections[1:]/:title/'",
        {"content/p/_index.md": {}, "content/p/q/_index.md": {}},
    )
    assert url("content/p/q/a.md", {"title": "x"}, site) == "https://ex.com/q/q/x/"
