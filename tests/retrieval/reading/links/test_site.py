"""Recognising a site by its folder, and settings given without one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from retrieval.reading.links.abbrlink import Abbrlink
from retrieval.reading.links.configs import UnusableSite
from retrieval.reading.links.hexo import Hexo
from retrieval.reading.links.hugo_site import Hugo
from retrieval.reading.links.jekyll import Jekyll
from retrieval.reading.links.resolve import resolve
from retrieval.reading.links.site import AT_LAST, detect, from_settings

HEXO = "url: https://ex.com\npermalink: p/:abbrlink.html\nabbrlink: {alg: crc16, rep: hex}\n"


def folder_of(root: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return root


def package(version: str = "^2.2.1") -> str:
    return json.dumps({"dependencies": {"hexo": "^8.0.0", "hexo-abbrlink": version}})


def lock(version: str) -> str:
    return json.dumps({"packages": {"node_modules/hexo-abbrlink": {"version": version}}})


NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
AHEAD = {"date": "2999-01-01"}
WITHHELD = [
    # generator, more of its configuration, front matter, the reason now, the reason at last
    ("jekyll", {}, {"date": "2999-01-01"}, "in the future", None),
    ("jekyll", {"future": True}, {"date": "2999-01-01"}, None, None),
    ("jekyll", {}, {"date": "2021-01-01"}, None, None),
    ("jekyll", {}, {"published": False}, "published: false", "published: false"),
    ("jekyll", {"exclude": ["_posts"]}, {}, "excluded", "excluded"),
    ("hexo", {}, {"date": "2999-01-01"}, None, None),
    ("hexo", {"future": False}, {"date": "2999-01-01"}, "in the future", None),
    ("hexo", {"ignore": ["**/_posts/a.md"]}, {}, "ignore", "ignore"),
    ("hexo", {"skip_render": "_posts/*"}, {}, "skip_render", "skip_render"),
    ("hugo", {}, {"date": "2999-01-01"}, "in the future", None),
    ("hugo", {}, {"publishDate": "2999-01-01"}, "in the future", None),
    ("hugo", {}, {"publishDate": "2999-01-01", "expiryDate": "3000-01-01"}, "in the future", "expiry"),
    ("hugo", {}, {"expiryDate": "2021-01-01"}, "expiry", "expiry"),
    ("hugo", {}, {"expiryDate": "2999-01-01"}, None, "expiry"),
    ("hugo", {"buildExpired": True, "buildFuture": True}, {"date": "2999-01-01"}, None, None),
    ("hugo", {"module": {"mounts": [{"source": "content", "target": "content", "files": "*"}]}}, AHEAD, "future", None),
    ("hugo", {"ignoreFiles": ["posts/a"]}, {}, "ignoreFiles", "ignoreFiles"),
    ("hugo", {"disableKinds": ["page"]}, {}, "disableKinds", "disableKinds"),
    ("hugo", {"cascade": [{"draft": True, "target": {"path": "/posts/**"}}]}, {}, "draft", "draft"),
    ("hugo", {}, {"headless": True}, None, None),
]
FILES = {
    "jekyll": ("_config.yml", "_posts/2021-01-01-a.md"),
    "hexo": ("_config.yml", "source/_posts/a.md"),
    "hugo": ("hugo.json", "content/posts/a.md"),
}


@pytest.mark.parametrize(("generator", "config", "front", "now", "at_last"), WITHHELD)
def test_a_site_withholds_what_its_configuration_keeps_from_being_public(
    generator: str,
    config: Mapping[str, object],
    front: Mapping[str, object],
    now: str | None,
    at_last: str | None,
    tmp_path: Path,
) -> None:
    settings, path = FILES[generator]
    folder_of(tmp_path, {settings: json.dumps({"url": "https://ex.com", "baseURL": "https://ex.com", **config})})
    folder_of(tmp_path, {path: "", "Gemfile": ""} if generator == "jekyll" else {path: ""})
    site = detect(tmp_path, (tmp_path / path).parent)
    for moment, reason in ((NOW, now), (AT_LAST, at_last)):
        found = site.withheld(Path(path).name, front, moment)
        assert found is None if reason is None else reason in str(found)


def test_nothing_is_withheld_where_no_rules_are_known() -> None:
    assert from_settings(repo_url="https://ex.com/r").withheld("a.md", {"date": "2999-01-01"}) is None


TITLE_ONLY = Abbrlink(hexadecimal=True)
DATED = Abbrlink(hexadecimal=True, dated=True)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"package.json": package()}, TITLE_ONLY),
        ({"package.json": package(), "package-lock.json": lock("2.2.1")}, TITLE_ONLY),
        ({"package.json": package("github:ohroy/hexo-abbrlink"), "package-lock.json": lock("2.2.2")}, DATED),
        ({"package.json": package("github:ohroy/hexo-abbrlink")}, None),
        ({"package.json": package("^3.0.0")}, None),
        ({"package.json": json.dumps({"dependencies": {"hexo": "^8", "hexo-abbrlink2": "^1"}})}, None),
        (
            {
                "package.json": package("latest"),
                "yarn.lock": 'hexo-abbrlink@latest:\n  version "2.0.5"\n  resolved "https://registry/x"\n',
            },
            TITLE_ONLY,
        ),
        ({"package.json": package("latest"), "pnpm-lock.yaml": "  /hexo-abbrlink@2.2.1:\n"}, TITLE_ONLY),
        (
            {"package.json": package(), "node_modules/hexo-abbrlink/package.json": '{"version": "2.2.2"}'},
            DATED,
        ),
        ({"source/_posts/a.md": "x"}, TITLE_ONLY),
    ],
)
def test_release_of_the_plugin_is_read_from_the_lock_files(
    tmp_path: Path, files: dict[str, str], expected: Abbrlink | None
) -> None:
    site = detect(folder_of(tmp_path, {"_config.yml": HEXO, **files}), tmp_path / "source" / "_posts")
    assert isinstance(site.rules, Hexo)
    assert site.rules.abbrlink == expected


def test_hexo_site(tmp_path: Path) -> None:
    folder_of(tmp_path, {"_config.yml": HEXO, "package.json": package(), "source/_posts/2022/a.md": ""})
    site = detect(tmp_path, tmp_path / "source" / "_posts" / "2022")
    assert site.prefix == "source/_posts/2022/"
    assert resolve("a.md", {"title": "Hello World"}, site).url == "https://ex.com/p/3eeb.html"


def test_jekyll_site(tmp_path: Path) -> None:
    folder_of(tmp_path, {"_config.yml": "url: https://ex.com\nbaseurl: /b\npermalink: pretty", "_posts/x.md": ""})
    site = detect(tmp_path, tmp_path)
    assert isinstance(site.rules, Jekyll)
    assert resolve("_posts/2022-01-02-a.md", {}, site).url == "https://ex.com/b/2022/01/02/a/"


@pytest.mark.parametrize(
    "files",
    [
        {"hugo.toml": "baseURL = 'https://ex.com'\n[permalinks]\nposts = '/:slug/'"},
        {"config.yaml": "baseurl: https://ex.com/\npermalinks:\n  Posts: '/:slug/'"},
        {"hugo.json": '{"baseURL": "https://ex.com", "permalinks": {"page": {"posts": "/:slug/"}}}'},
        {
            "config/_default/hugo.toml": "baseURL = 'https://old.ex.com'",
            "config/_default/permalinks.yaml": "posts: '/:slug/'",
            "config/production/config.toml": "baseURL = 'https://ex.com'",
        },
        {
            "config/_default/hugo.toml": "baseURL = 'https://ex.com'",
            "config/_default/permalinks.toml": "[[permalinks]]\npattern = '/:slug/'\ntarget.Path = '/posts/*'",
        },
    ],
)
def test_hugo_site(tmp_path: Path, files: dict[str, str]) -> None:
    site = detect(folder_of(tmp_path, files), tmp_path / "content")
    assert isinstance(site.rules, Hugo)
    assert resolve("posts/a.md", {"slug": "S"}, site).url == "https://ex.com/s/"


def test_hugo_content_shows_sections_and_bundles(tmp_path: Path) -> None:
    files = {
        "hugo.toml": "baseURL = 'https://ex.com'",
        "content/posts/_index.md": "---\ncascade:\n  url: /all/:slug/\n---\n",
        "content/posts/b/index.md": "---\nslug: b\n---\n",
    }
    site = detect(folder_of(tmp_path, files), tmp_path / "content" / "posts")
    assert resolve("a.md", {"slug": "s"}, site).url == "https://ex.com/all/s/"
    assert "page bundle" in (resolve("b/other.md", {"slug": "s"}, site).reason or "")


def test_language_files_of_a_configuration_folder(tmp_path: Path) -> None:
    files = {
        "config/_default/hugo.toml": "baseURL = 'https://ex.com'\ndefaultContentLanguage = 'zh'",
        "config/_default/languages.toml": "[zh]\nweight = 1\n[en]\nweight = 2",
        "config/_default/languages.en.toml": "[permalinks]\nposts = '/e/:slug/'",
        "config/_default/permalinks.zh.toml": "posts = '/z/:slug/'",
    }
    site = detect(folder_of(tmp_path, files), tmp_path / "content")
    assert resolve("posts/a.en.md", {"slug": "s"}, site).url == "https://ex.com/en/e/s/"
    assert resolve("posts/a.md", {"slug": "s"}, site).url == "https://ex.com/posts/s/"


@pytest.mark.parametrize(
    ("settings", "default"),
    [
        ("defaultContentLanguage = 'zh-CN'\n[languages.zh-CN]\n[languages.en]", "zh-cn"),
        ("[languages.zh]\n[languages.en]\nweight = 2", "en"),
        ("[languages.zh]\nweight = 1\n[languages.fr]", "zh"),
        ("[languages.zh]\n[languages.fr]", "fr"),
        ("", "en"),
    ],
)
def test_the_language_without_a_folder_of_its_own(tmp_path: Path, settings: str, default: str) -> None:
    site = detect(folder_of(tmp_path, {"hugo.toml": f"baseURL = 'https://ex.com'\n{settings}"}), tmp_path / "content")
    assert isinstance(site.rules, Hugo)
    assert site.rules.default_language == default
    assert resolve("posts/a.md", {"title": "A"}, site).url == "https://ex.com/posts/a/"


def test_articles_elsewhere_stand_for_the_posts(tmp_path: Path) -> None:
    folder_of(tmp_path / "site", {"_config.yml": HEXO, "package.json": package()})
    (tmp_path / "copy").mkdir()
    site = detect(tmp_path / "site", tmp_path / "copy")
    assert resolve("a.md", {"title": "Hello World"}, site).url == "https://ex.com/p/3eeb.html"


def test_what_is_given_beats_the_configuration(tmp_path: Path) -> None:
    folder_of(tmp_path, {"_config.yml": HEXO, "package.json": package()})
    site = detect(
        tmp_path,
        tmp_path / "source" / "_posts",
        site_url="https://new.ex.com/",
        permalink=":abbrlink/",
        abbrlink="crc16-dec",
    )
    assert resolve("a.md", {"title": "Hello World"}, site).url == "https://new.ex.com/16107/"


def test_given_address_of_a_jekyll_site_keeps_its_baseurl(tmp_path: Path) -> None:
    folder_of(tmp_path, {"_config.yml": "baseurl: /b", "_posts/x.md": ""})
    for given in ("https://ex.com", "https://ex.com/b/"):
        site = detect(tmp_path, tmp_path / "_posts", site_url=given)
        assert resolve("2022-01-02-a.md", {}, site).url == "https://ex.com/b/2022/01/02/a.html"


@pytest.mark.parametrize("url", ["http://example.com", "https://www.example.com/blog/", "http://localhost:4000", ""])
def test_site_whose_address_is_not_on_the_web_gives_no_address(tmp_path: Path, url: str) -> None:
    config = f"url: '{url}'\npermalink: ':title/'\nsource_dir: source"
    link = resolve("a.md", {}, detect(folder_of(tmp_path, {"_config.yml": config}), tmp_path / "source/_posts"))
    assert link.url is None
    assert "--site-url" in (link.reason or "")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"_config.yml": "url: [unclosed"}, "cannot be read"),
        ({"_config.yml": "- a\n- b"}, "not a list of settings"),
        ({"hugo.toml": "baseURL = "}, "cannot be read"),
        ({"hugo.toml": "ignoreFiles = ['(']"}, "ignoreFiles"),
        ({"_config.yml": "url: https://ex.com\ntimezone: Mars/Olympus"}, "time zone"),
        ({"readme.txt": "x"}, "no configuration"),
    ],
)
def test_unusable_site_is_told_in_one_line(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    with pytest.raises(UnusableSite, match=reason) as caught:
        detect(folder_of(tmp_path, files), tmp_path)
    assert "\n" not in str(caught.value)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableSite, match="not a folder"):
        detect(tmp_path / "nowhere", tmp_path)


def test_articles_folder_around_the_site_is_refused(tmp_path: Path) -> None:
    folder_of(tmp_path / "site", {"_config.yml": HEXO, "package.json": package()})
    with pytest.raises(UnusableSite, match="holds the whole site"):
        detect(tmp_path / "site", tmp_path)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"site_url": "https://ex.com"}, "one needs the other"),
        ({"permalink": ":title/"}, "one needs the other"),
        ({"site_url": "ex.com", "permalink": ":title/"}, "write it like"),
        ({"site_url": "http://localhost", "permalink": ":title/"}, "write it like"),
        ({"site_url": "https://ex.com", "permalink": ":title/", "abbrlink": "md5"}, "choose"),
        ({"site_url": "https://ex.com", "permalink": "/:title/", "generator": "gatsby"}, "choose"),
        ({"site_url": "https://ex.com", "permalink": "/", "generator": "jekyll", "abbrlink": "crc16-hex"}, "Hexo"),
        ({"site_url": "https://ex.com", "permalink": ":title/", "timezone": "Mars"}, "time zone"),
        ({"repo_url": "git@github.com:o/r"}, "write it like"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings: dict[str, str], reason: str) -> None:
    with pytest.raises(UnusableSite, match=reason):
        from_settings(**settings)


def test_settings_without_a_site_folder() -> None:
    site = from_settings("https://ex.com", ":year/:title/", timezone="Asia/Shanghai")
    assert resolve("a.md", {"date": "Sat, 31 Dec 2022 20:00:00 GMT"}, site).url == "https://ex.com/2023/a/"


def test_no_settings_is_no_rules() -> None:
    assert from_settings(repo_url="https://github.com/o/r/blob/main/").rules is None


@pytest.mark.parametrize(
    "settings", ["source: source", "collections_dir: parts", "{source: src/, collections_dir: parts}"]
)
def test_articles_elsewhere_stand_for_the_posts_of_a_jekyll_site(tmp_path: Path, settings: str) -> None:
    config = yaml.safe_dump({"url": "https://ex.com", **yaml.safe_load(settings)})
    folder_of(tmp_path / "site", {"_config.yml": config, "source/_posts/2022-01-02-a.md": ""})
    (tmp_path / "copy").mkdir()
    site = detect(tmp_path / "site", tmp_path / "copy")
    assert resolve("2022-01-02-a.md", {}, site).url == "https://ex.com/2022/01/02/a.html"


def test_what_a_jekyll_site_excludes_is_withheld(tmp_path: Path) -> None:
    files = {
        "_config.yml": "url: https://ex.com\nexclude: [_posts/private]",
        "_posts/2022-01-02-a.md": "",
        "Gemfile": "",
    }
    site = detect(folder_of(tmp_path, files), tmp_path / "_posts")
    assert site.withheld("private/2022-01-02-b.md", {}) is not None
    assert site.withheld("2022-01-02-a.md", {}) is None


@pytest.mark.parametrize(
    ("path", "front", "url"),
    [
        ("post/a.md", {"slug": "-a-"}, "https://ex.com/post/a/"),
        ("p/a.md", {"title": "学习 C#"}, "https://ex.com/p/学习-c/"),
        ("p/a.md", {"title": "C# vs Java"}, "https://ex.com/p/c%23-vs-java/"),
    ],
)
def test_signs_at_the_ends_of_hugo_names_go(tmp_path: Path, path: str, front: dict[str, object], url: str) -> None:
    files = {"hugo.toml": "baseURL = 'https://ex.com'\n[permalinks]\np = '/p/:title/'", f"content/{path}": ""}
    site = detect(folder_of(tmp_path, files), tmp_path / "content")
    assert unquote(resolve(path, front, site).url or "") == unquote(url)


@pytest.mark.parametrize(
    ("mount", "moved"),
    [
        ("source = 'content'\ntarget = 'content'", False),
        ("source = 'content'\ntarget = 'assets/content'", False),
        ("source = 'content'\ntarget = 'content'\nexcludeFiles = 'x'", True),
        ("source = 'zh'\ntarget = 'content'", True),
    ],
)
def test_a_mount_that_moves_no_content_costs_no_link(tmp_path: Path, mount: str, moved: bool) -> None:
    files = {"hugo.toml": f"baseURL = 'https://ex.com'\n[[module.mounts]]\n{mount}", "content/a.md": ""}
    site = detect(folder_of(tmp_path, files), tmp_path / "content")
    assert (resolve("post/a.md", {}, site).url is None) == moved


def test_sections_and_bundles_are_seen_in_mounted_folders_and_not_among_ignored_files(tmp_path: Path) -> None:
    files = {
        "hugo.toml": "baseURL = 'https://ex.com'\nignoreFiles = ['old/']\n"
        "[permalinks]\ndocs = '/:sections/:filename/'\n[[module.mounts]]\nsource = 'guide'\ntarget = 'content/docs'",
        "guide/new/_index.md": "",
        "guide/old/_index.md": "",
    }
    site = detect(folder_of(tmp_path, files), tmp_path / "guide")
    assert resolve("new/a.md", {}, site).url == "https://ex.com/docs/new/a/"
    assert resolve("new/deep/a.md", {}, site).url == "https://ex.com/docs/new/a/"
    assert isinstance(site.rules, Hugo)
    assert "en:docs/old" not in site.rules.sections


def test_hexo_makes_no_page_of_a_name_in_capitals(tmp_path: Path) -> None:
    site = detect(
        folder_of(tmp_path, {"_config.yml": "url: https://ex.com", "source/_posts/a.md": ""}), tmp_path / "source"
    )
    assert resolve("_posts/Hello.MD", {"date": "2022-01-02"}, site).url is None
