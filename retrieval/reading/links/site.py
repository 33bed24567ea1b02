"""A site: which generator builds it, where its articles lie, and where its repository is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from retrieval.reading.customs import Customs
from retrieval.reading.frontmatter import FrontMatter
from retrieval.reading.links import hexo, hexo_config, hugo, hugo_config, jekyll, jekyll_config
from retrieval.reading.links.abbrlink import Abbrlink
from retrieval.reading.links.clocks import zone_of
from retrieval.reading.links.configs import UnusableSite, first_file, given_address, load, zone_name
from retrieval.reading.links.hexo import Hexo
from retrieval.reading.links.hugo_site import Hugo
from retrieval.reading.links.hugo_target import Target
from retrieval.reading.links.jekyll import Jekyll
from retrieval.reading.links.link import NoAddress, NotPublic, is_web_url
from retrieval.reading.links.unread import Generator, unread

Rules: TypeAlias = Hexo | Jekyll | Hugo

_NAMES: Mapping[type[Rules], Generator] = {Hexo: "Hexo", Jekyll: "Jekyll", Hugo: "Hugo"}
AT_LAST = datetime(9999, 1, 1, tzinfo=timezone.utc)
"""When all that is dated ahead has come to pass."""
_CONFIG_FILES = ("_config.yml", "_config.yaml", "_config.toml", "_config.json")


@dataclass(frozen=True, slots=True)
class Site:
    """How the addresses of a folder of articles are made."""

    rules: Rules | None = None
    """The generator's; None where only a repository is known."""
    prefix: str = ""
    """Where the articles folder lies below the site's folder: empty, or with a slash at its end."""
    repo_url: str | None = None
    """Address of the articles folder in a repository, with a slash at its end."""

    @property
    def customs(self) -> Customs:
        """How it reads its posts."""
        rules = self.rules
        return Customs(
            zone=zone_of(rules.timezone) if rules and rules.timezone else None,
            hard_breaks=isinstance(rules, Hexo) and rules.breaks,
            blanks_separate=isinstance(rules, Jekyll),
        )

    def page_url(self, path: str, front: Mapping[str, object], now: datetime | None = None) -> str:
        """The address of the page that an article makes; `path` is relative to the articles folder.

        Raises NoAddress where there is no page, or where its address cannot be computed.
        """
        url = self._page_url(self.prefix + path, front, now)
        if not is_web_url(url):
            raise NoAddress(f"{url} is not an address on the web; give the site's with --site-url")
        return url

    def _page_url(self, path: str, front: Mapping[str, object], now: datetime | None) -> str:
        if isinstance(self.rules, Hexo):
            return hexo.url(path, front, self.rules, now)
        if isinstance(self.rules, Jekyll):
            return jekyll.url(path, front, self.rules, now)
        if isinstance(self.rules, Hugo):
            return hugo.url(path, front, self.rules, now)
        raise NoAddress("no link in its front matter, and no rules of a site; see --site and --permalink")

    def withheld(self, path: str, front: Mapping[str, object], now: datetime | None = None) -> str | None:
        """Why the site does not show an article at `now` (else the time of the call), if its dates are the reason."""
        try:
            self._page_url(self.prefix + path, front, now)
        except NotPublic as exc:
            return str(exc)
        except NoAddress:
            return None
        return None

    def unread(self, front: FrontMatter) -> str | None:
        """Why the generator does not read a front matter that is read here, so that the page is not where it says."""
        return None if self.rules is None or not front.form else unread(front, _NAMES[type(self.rules)])

    def file_url(self, path: str) -> str | None:
        """The address of the article's file in the repository; None where there is no repository."""
        return None if self.repo_url is None else self.repo_url + quote(path)


def from_settings(
    site_url: str | None = None,
    permalink: str | None = None,
    *,
    generator: str = "hexo",
    abbrlink: str | None = None,
    repo_url: str | None = None,
    timezone: str | None = None,
    machine_timezone: str | None = None,
) -> Site:
    """A site without its folder: the articles folder stands for `_posts`, or for Hugo's `content`.

    `generator` is hexo, jekyll or hugo, and says what the tokens of `permalink` mean; `abbrlink` is
    `crc16-hex`, `crc32-dec`... Raises UnusableSite for settings that do not fit together.
    """
    if not site_url and not permalink:
        return Site(repo_url=_repository(repo_url))
    if not site_url or not permalink:
        raise UnusableSite("--site-url and --permalink", "one needs the other, unless --site gives the site's folder")
    zone = zone_name(timezone)
    rules, prefix = _bare_rules(generator, given_address(site_url), zone, zone_name(machine_timezone) or zone)
    rules = _overridden(rules, permalink=permalink, abbrlink=abbrlink)
    return Site(rules, prefix, _repository(repo_url))


def _bare_rules(generator: str, base: str, zone: str | None, machine: str | None) -> tuple[Rules, str]:
    if generator == "hexo":
        return Hexo(base, timezone=zone, machine_timezone=machine), "source/_posts/"
    if generator == "jekyll":
        return Jekyll(base, timezone=zone or machine), "_posts/"
    if generator == "hugo":
        return Hugo(base, timezone=zone), "content/"
    raise UnusableSite(generator, "is not a known generator; choose hexo, jekyll or hugo")


def detect(
    folder: Path,
    articles: Path,
    *,
    site_url: str | None = None,
    permalink: str | None = None,
    abbrlink: str | None = None,
    repo_url: str | None = None,
    machine_timezone: str | None = None,
) -> Site:
    """The site whose configuration lies in `folder`; what is given besides beats the configuration.

    An articles folder outside the site's stands for `_posts`, or for Hugo's content folder. Raises
    UnusableSite where `folder` holds no site, or one that cannot be read.
    """
    if not folder.is_dir():
        raise UnusableSite(folder, "is not a folder; give the folder that holds the site's configuration")
    address = given_address(site_url) if site_url else None
    rules, posts = _read_rules(folder, address, machine_timezone)
    rules = _overridden(rules, permalink=permalink, abbrlink=abbrlink)
    if address is not None and not isinstance(rules, Jekyll):
        rules = replace(rules, base=address)
    return Site(rules, _prefix(folder, articles, posts), _repository(repo_url))


def _read_rules(folder: Path, address: str | None, machine: str | None) -> tuple[Rules, str]:
    """The generator's settings, and where its posts lie."""
    config = first_file(folder, *_CONFIG_FILES)
    if first_file(folder, *hugo_config.ROOT_FILES[:4]) or (config is None and _has_hugo_config(folder)):
        hugo_site = hugo_config.structure(folder, hugo_config.from_config(hugo_config.read_config(folder)))
        return hugo_site, hugo_site.mounts[0].source + "/"
    if config is None:
        raise UnusableSite(folder, "holds no configuration of Hexo, Jekyll or Hugo; is it the site's own folder?")
    settings = load(config)
    if _is_hexo(folder, settings):
        plugin = hexo_config.abbrlink_of(settings, folder)
        rules = hexo_config.from_config(settings, abbrlink=plugin, machine_timezone=machine)
        return rules, rules.source_dir.strip("/") + "/_posts/"
    jekyll_site = jekyll_config.from_config(settings, address=address, machine_timezone=machine)
    return jekyll_site, jekyll_site.posts


def _has_hugo_config(folder: Path) -> bool:
    return first_file(folder, *hugo_config.ROOT_FILES) is not None or (folder / "config" / "_default").is_dir()


def _is_hexo(folder: Path, settings: Mapping[str, object]) -> bool:
    manifest = folder / "package.json"
    if manifest.is_file() and any(name.startswith("hexo") for name in hexo_config.dependencies(manifest)):
        return True
    if {"source", "collections_dir"} & settings.keys():
        # Of Jekyll; Octopress keeps its posts where Hexo does.
        return False
    if (folder / str(settings.get("source_dir") or "source") / "_posts").is_dir():
        return True
    if (folder / "Gemfile").is_file() or (folder / "_posts").is_dir():
        return False
    return bool({"new_post_name", "source_dir", "abbrlink", "category_map", "post_asset_folder"} & settings.keys())


def _overridden(rules: Rules, *, permalink: str | None, abbrlink: str | None) -> Rules:
    if isinstance(rules, Hexo):
        plugin = rules.abbrlink if not abbrlink else _named_abbrlink(abbrlink)
        return replace(rules, permalink=permalink or rules.permalink, abbrlink=plugin)
    if abbrlink:
        raise UnusableSite("--abbrlink", "is a plugin of Hexo, and this site is built by another generator")
    if not permalink:
        return rules
    if isinstance(rules, Jekyll):
        posts = rules.collections.get("posts", jekyll.Collection())
        own = replace(posts, permalink=jekyll.STYLES.get(permalink, permalink))
        return replace(rules, permalink=permalink, collections={**rules.collections, "posts": own})
    languages = tuple(replace(language, permalinks=None) for language in rules.languages)
    return replace(rules, permalinks=rules.permalinks.with_first(Target("page"), permalink), languages=languages)


def _named_abbrlink(name: str) -> Abbrlink:
    try:
        return Abbrlink.named(name)
    except ValueError as exc:
        raise UnusableSite("--abbrlink", str(exc)) from exc


def _prefix(folder: Path, articles: Path, posts: str) -> str:
    folder, articles = folder.resolve(), articles.resolve()
    if articles.is_relative_to(folder):
        below = articles.relative_to(folder).as_posix()
        return "" if below == "." else below + "/"
    if folder.is_relative_to(articles):
        raise UnusableSite(articles, f"the articles folder holds the whole site; give {folder / posts} instead")
    return posts


def _repository(url: str | None) -> str | None:
    return given_address(url) + "/" if url else None
