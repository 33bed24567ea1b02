"""A Hugo site's settings, from one file or from a folder of them; keys in any case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path

from retrieval.reading.frontmatter import split
from retrieval.reading.links.configs import UnusableSite, first_file, items, load, site_address, table, text, zone_name
from retrieval.reading.links.hugo_page import RENDERED
from retrieval.reading.links.hugo_site import DATE_FIELDS, PUBLISH_FIELDS, Hugo, Language, Mount
from retrieval.reading.links.hugo_target import languages_of, permalinks

_FORMATS = (".toml", ".yaml", ".yml", ".json")
_FILTERS = {"files", "includefiles", "excludefiles"}
ROOT_FILES = tuple(f"{name}{suffix}" for name in ("hugo", "config") for suffix in _FORMATS)


def read_config(folder: Path) -> dict[str, object]:
    """All settings of the site at `folder` for a production build; empty where there are none."""
    root = first_file(folder, *ROOT_FILES)
    layers = [_lowered(load(root))] if root else []
    for environment in ("_default", "production"):
        layers += _layers(folder / "config" / environment)
    merged: dict[str, object] = {}
    for layer in layers:
        merged = _merged(merged, layer)
    return merged


def _layers(folder: Path) -> Iterator[dict[str, object]]:
    paths = sorted(folder.glob("*")) if folder.is_dir() else []
    for path in sorted(paths, key=lambda path: path.stem.lower() not in ("hugo", "config")):
        if path.suffix in _FORMATS:
            content, keys = _lowered(load(path)), _keys(path.stem.lower())
            # Hugo takes permalinks.toml with a table [permalinks] for one without.
            inner: object = content[keys[-1]] if keys and list(content) == keys[-1:] else content
            for key in reversed(keys):
                inner = {key: inner}
            yield table({"all": inner}, "all")


def _keys(stem: str) -> list[str]:
    """Where a file's settings belong: `languages.zh` are those of the language zh, `params.zh` its parameters."""
    name, _, language = stem.partition(".")
    own = ["languages", language] if language else []
    apart = name in ("menus", "params") if language else name not in ("hugo", "config")
    return [*own, name] if apart else own


def _lowered(value: Mapping[str, object]) -> dict[str, object]:
    return {str(key).lower(): _lowered_within(item) for key, item in value.items()}


def _lowered_within(item: object) -> object:
    if isinstance(item, list):
        return [_lowered_within(each) for each in item]
    return _lowered(item) if isinstance(item, dict) else item


def _merged(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in over.items():
        mine = merged.get(key)
        merged[key] = _merged(mine, value) if isinstance(mine, dict) and isinstance(value, dict) else value
    return merged


def from_config(config: Mapping[str, object]) -> Hugo:
    """The settings that `read_config` gives."""
    default = _default_language(config)
    languages = tuple(_languages(config, default))
    mounts = tuple(_mounts(config)) or tuple(_content_folders(config, default))
    return Hugo(
        base=site_address(text(config, "baseurl")),
        languages=languages,
        mounts=mounts,
        default_language=default,
        default_in_subdir=bool(config.get("defaultcontentlanguageinsubdir")),
        permalinks=permalinks(config),
        problem=_problem(config, default, languages, mounts),
        ugly=_ugly(config.get("uglyurls")),
        lower=not config.get("disablepathtolower"),
        keep_accents=not config.get("removepathaccents"),
        date_fields=tuple(_date_fields(config, "date", DATE_FIELDS)),
        publish_fields=tuple(_date_fields(config, "publishdate", PUBLISH_FIELDS)),
        timezone=zone_name(text(config, "timezone")),
        drafts=bool(config.get("builddrafts")),
        future=bool(config.get("buildfuture")),
        expired=bool(config.get("buildexpired")),
        taxonomies=_taxonomies(config),
        disabled_kinds=frozenset(str(kind).lower() for kind in items(config, "disablekinds")),
        ignored=_ignored(config),
        cascade=_cascade(config.get("cascade")),
    )


def _default_language(config: Mapping[str, object]) -> str:
    """The one stated, else English where it is among them, else that of the least weight; none counts most."""
    stated, tables = text(config, "defaultcontentlanguage").lower(), table(config, "languages")
    if stated or not tables or "en" in tables:
        return stated or "en"
    return min(tables, key=lambda code: (_weight(table(tables, code)), code))


def _weight(language: Mapping[str, object]) -> float:
    weight = language.get("weight")
    return weight if isinstance(weight, int) and weight > 0 else inf


def _languages(config: Mapping[str, object], default: str) -> Iterator[Language]:
    tables = table(config, "languages")
    if not tables:
        yield Language(default)
    disabled = [str(code).lower() for code in items(config, "disablelanguages")]
    for code in tables:
        own = table(tables, code)
        yield Language(
            code=code,
            base=site_address(text(own, "baseurl")),
            permalinks=permalinks(own) if isinstance(own.get("permalinks"), dict) else None,
            disabled=own.get("disabled") is True or code in disabled,
        )


def _content_folders(config: Mapping[str, object], default: str) -> Iterator[Mount]:
    tables, folder = table(config, "languages"), text(config, "contentdir") or "content"
    for code in tables or [default]:
        yield Mount(_folder(text(table(tables, code), "contentdir") or folder), language=code)


def _mounts(config: Mapping[str, object]) -> Iterator[Mount]:
    """The stated mounts of content; where there is one, the content folders count no more."""
    for entry in items(table(config, "module"), "mounts"):
        mount = table({"mount": entry}, "mount")
        component, _, target = _folder(text(mount, "target")).partition("/")
        for language in languages_of(mount) or [""] if component == "content" else []:
            yield Mount(_folder(text(mount, "source")), target, language)


def _ugly(value: object) -> frozenset[str]:
    if isinstance(value, dict):
        return frozenset(str(section) for section, is_ugly in value.items() if is_ugly is True)
    return frozenset(["*"] if value is True else [])


def _folder(path: str) -> str:
    return path.strip("/").removeprefix("./")


def _date_fields(config: Mapping[str, object], name: str, usual: tuple[str, ...]) -> Iterator[str]:
    for entry in items(table(config, "frontmatter"), name) or [":default"]:
        yield from usual if str(entry).lower() == ":default" else [str(entry).lower()]


def _taxonomies(config: Mapping[str, object]) -> frozenset[str]:
    stated = {"category": "categories", "tag": "tags"} if "taxonomies" not in config else table(config, "taxonomies")
    return frozenset(str(name).lower() for name in stated.values())


def _ignored(config: Mapping[str, object]) -> tuple[str, ...]:
    value = config.get("ignorefiles")
    patterns = [str(item) for item in (value if isinstance(value, list) else [value]) if item]
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as exc:
            raise UnusableSite(pattern, f"is no pattern for ignoreFiles: {exc}; correct it") from exc
    return tuple(patterns)


def _cascade(value: object) -> tuple[Mapping[str, object], ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(table({"entry": entry}, "entry") for entry in entries if isinstance(entry, dict))


def _problem(
    config: Mapping[str, object], default: str, languages: tuple[Language, ...], mounts: tuple[Mount, ...]
) -> str | None:
    codes = [language.code for language in languages]
    if any(mount.language and mount.language not in codes for mount in mounts):
        return "the site mounts content for languages that are not among its own (module.mounts)"
    if any(_FILTERS & mount.keys() for mount in items(table(config, "module"), "mounts") if isinstance(mount, dict)):
        return "the site mounts some files of a folder only (module.mounts), which is not supported"
    if default not in codes:
        return f"the site's default language {default} is not among its languages"
    return None


def structure(folder: Path, site: Hugo) -> Hugo:
    """`site` with the sections and bundles that the content below `folder` shows."""
    return site.with_pages((path.relative_to(folder).as_posix(), _front(path)) for path in _index_files(folder, site))


def _index_files(folder: Path, site: Hugo) -> Iterator[Path]:
    for root in sorted({mount.source for mount in site.mounts}):
        for path in (folder / root).rglob("*index.*"):
            is_index = path.name.startswith(("index.", "_index.")) and path.suffix.lower() in RENDERED
            if is_index and path.is_file():
                yield path


def _front(path: Path) -> Mapping[str, object]:
    if not path.name.startswith("_"):
        return {}
    try:
        return split(path.read_text("utf-8-sig"))[0].values
    except (OSError, UnicodeDecodeError):
        return {}
