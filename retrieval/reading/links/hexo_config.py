"""A Hexo site's settings, and which release of hexo-abbrlink it uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from posixpath import splitext

from retrieval.reading.links.abbrlink import Abbrlink
from retrieval.reading.links.configs import UnusableSite, load, site_address, table, text, zone_name
from retrieval.reading.links.hexo import DEFAULT_PERMALINK, Hexo
from retrieval.reading.links.hexo_files import Choice

_LOCKED = re.compile(
    r"""["/']?hexo-abbrlink@[^\n]*:\n\s+version:?\s+"?(\d+\.\d+\.\d+)|hexo-abbrlink[@/](\d+\.\d+\.\d+)"""
)
_RELEASED = re.compile(r"[\^~>=v\s]*(\d+)(?:\.(\d+))?(?:\.(\d+))?")


def from_config(
    config: Mapping[str, object], *, abbrlink: Abbrlink | None = None, machine_timezone: str | None = None
) -> Hexo:
    """The settings in `_config.yml`. The machine that builds the site is taken to keep the site's time."""
    zone = zone_name(text(config, "timezone"))
    pretty = table(config, "pretty_urls")
    return Hexo(
        base=site_address(text(config, "url")),
        permalink=text(config, "permalink") or DEFAULT_PERMALINK,
        abbrlink=abbrlink,
        timezone=zone,
        machine_timezone=zone_name(machine_timezone) or zone,
        new_post_name=text(config, "new_post_name") or ":title.md",
        permalink_defaults=table(config, "permalink_defaults"),
        default_category=text(config, "default_category", "uncategorized"),
        category_map=table(config, "category_map"),
        filename_case=_case(config.get("filename_case")),
        post_asset_folder=bool(config.get("post_asset_folder")),
        trailing_index=pretty.get("trailing_index") is not False,
        trailing_html=pretty.get("trailing_html") is not False,
        source_dir=text(config, "source_dir") or "source",
        files=_choice(config),
        render_drafts=bool(config.get("render_drafts")),
        future=config.get("future") is not False,
        titlecase=bool(config.get("titlecase")),
        pinyin=_pinyin(table(config, "permalink_pinyin")),
        title_from_slug=bool(config.get("use_slug_as_post_title")),
        breaks=table(config, "marked").get("breaks") is not False,
    )


def _choice(config: Mapping[str, object]) -> Choice:
    own = splitext(text(config, "new_post_name") or ":title.md")[1]
    return Choice(
        ignore=_patterns(config.get("ignore")),
        skip_render=_patterns(config.get("skip_render")),
        exclude=_patterns(config.get("exclude")),
        include=_patterns(config.get("include")),
        post_suffix=own if config.get("post_asset_folder") else None,
    )


def _patterns(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in (value if isinstance(value, list) else [value]) if item)


def _pinyin(plugin: Mapping[str, object]) -> str | None:
    return text(plugin, "separator", "-") if plugin.get("enable") else None


def _case(value: object) -> int:
    return value if isinstance(value, int) and value in (1, 2) else 0


def abbrlink_of(config: Mapping[str, object], folder: Path) -> Abbrlink | None:
    """The plugin's settings; None where it is absent, or where its version is not known.

    Up to 2.2.1, the last one published, it sums the title alone; 2.2.2 sums title and date.
    """
    version = _version(folder)
    if version is None and ((folder / "package.json").is_file() or "abbrlink" not in config):
        return None
    if version is not None and version > (2, 2, 2):
        return None
    settings = table(config, "abbrlink")
    return Abbrlink(
        crc32=settings.get("alg") == "crc32",
        hexadecimal=settings.get("rep") == "hex",
        dated=version == (2, 2, 2),
        force=bool(settings.get("force")),
    )


def _version(folder: Path) -> tuple[int, ...] | None:
    """The installed release, from the installation, a lock file, or the range that package.json asks for."""
    found = _installed(folder) or _locked(folder)
    if found is None:
        match = _RELEASED.match(_range(folder))
        found = ".".join(part or "0" for part in match.groups()) if match else None
    return None if found is None else tuple(map(int, found.split(".")[:3]))


def _installed(folder: Path) -> str | None:
    manifest = folder / "node_modules" / "hexo-abbrlink" / "package.json"
    return text(load(manifest), "version") or None if manifest.is_file() else None


def _locked(folder: Path) -> str | None:
    lock = folder / "package-lock.json"
    if lock.is_file():
        content = load(lock)
        entry = table(table(content, "packages"), "node_modules/hexo-abbrlink")
        entry = entry or table(table(content, "dependencies"), "hexo-abbrlink")
        return text(entry, "version") or None
    for other in (folder / "yarn.lock", folder / "pnpm-lock.yaml"):
        if other.is_file() and (match := _LOCKED.search(_read(other))):
            return match[1] or match[2]
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError as exc:
        raise UnusableSite(path, f"cannot be read: {exc.strerror}") from exc


def _range(folder: Path) -> str:
    manifest = folder / "package.json"
    return text(dependencies(manifest), "hexo-abbrlink") if manifest.is_file() else ""


def dependencies(manifest: Path) -> dict[str, object]:
    """All packages that a package.json asks for."""
    content = load(manifest)
    return {**table(content, "devDependencies"), **table(content, "dependencies")}
