"""A Hugo site's settings, from one file or from a folder of them; keys in any case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path

from retrieval.reading.frontmatter import split
from retrieval.reading.links.configs import first_file, items, load, site_address, table, text, zone_name
from retrieval.reading.links.hugo_page import DATE_FIELDS, RENDERED, Hugo, Language

_FORMATS = (".toml", ".yaml", ".yml", ".json")
ROOT_FILES = tuple(f"{name}{suffix}" for name in ("hugo", "config") for suffix in _FORMATS)
_KINDS = ("page", "section", "taxonomy", "term", "home")


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
            content = _lowered(load(path))
            for part in reversed(_keys(path.stem.lower())):
                content = {part: content}
            yield content


def _keys(stem: str) -> list[str]:
    """Where a file's settings belong: `languages.zh` are those of the language zh, `params.zh` its parameters."""
    name, _, language = stem.partition(".")
    own = ["languages", language] if language else []
    apart = name in ("menus", "params") if language else name not in ("hugo", "config")
    return [*own, name] if apart else own


def _lowered(value: Mapping[str, object]) -> dict[str, object]:
    return {str(key).lower(): _lowered(item) if isinstance(item, dict) else item for key, item in value.items()}


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
    return Hugo(
        base=site_address(text(config, "baseurl")),
        languages=languages,
        default_language=default,
        default_in_subdir=bool(config.get("defaultcontentlanguageinsubdir")),
        permalinks=_permalinks(config),
        problem=_problem(config, default, languages),
        ugly=config.get("uglyurls") is True,
        lower=not config.get("disablepathtolower"),
        keep_accents=not config.get("removepathaccents"),
        date_fields=tuple(_date_fields(config)),
        timezone=zone_name(text(config, "timezone")),
        drafts=bool(config.get("builddrafts")),
        future=bool(config.get("buildfuture")),
        expired=bool(config.get("buildexpired")),
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
    folder = _folder(text(config, "contentdir") or "content")
    tables = table(config, "languages")
    if not tables:
        yield Language(default, folder)
    disabled = [str(code).lower() for code in items(config, "disablelanguages")]
    for code in tables:
        own = table(tables, code)
        yield Language(
            code=code,
            content_dir=_folder(text(own, "contentdir") or folder),
            base=site_address(text(own, "baseurl")),
            permalinks=_permalinks(own) if "permalinks" in own else None,
            disabled=own.get("disabled") is True or code in disabled,
        )


def _folder(path: str) -> str:
    return path.strip("/").removeprefix("./")


def _permalinks(config: Mapping[str, object]) -> dict[str, dict[str, str]]:
    patterns: dict[str, dict[str, str]] = {}
    for key, value in table(config, "permalinks").items():
        if isinstance(value, str):
            patterns.setdefault("page", {})[_section(key)] = value
        elif key in _KINDS and isinstance(value, dict):
            own = {_section(name): item for name, item in value.items() if isinstance(item, str)}
            patterns.setdefault(key, {}).update(own)
    return patterns


def _section(key: str) -> str:
    return key.strip("/") or "/"


def _date_fields(config: Mapping[str, object]) -> Iterator[str]:
    for entry in items(table(config, "frontmatter"), "date") or [":default"]:
        yield from DATE_FIELDS if str(entry).lower() == ":default" else [str(entry).lower()]


def _cascade(value: object) -> tuple[Mapping[str, object], ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(table({"entry": entry}, "entry") for entry in entries if isinstance(entry, dict))


def _problem(config: Mapping[str, object], default: str, languages: tuple[Language, ...]) -> str | None:
    folder = _folder(text(config, "contentdir") or "content")
    if any(_moves_content(mount, folder) for mount in items(table(config, "module"), "mounts")):
        return "the site mounts its content from elsewhere (module.mounts), which is not supported"
    if isinstance(config.get("permalinks"), list):
        return "the site's permalinks are a list with targets, which is not supported"
    if isinstance(config.get("uglyurls"), dict):
        return "the site's uglyURLs differ by section, which is not supported"
    if default not in [language.code for language in languages]:
        return f"the site's default language {default} is not among its languages"
    return None


def _moves_content(mount: object, folder: str) -> bool:
    """Whether a mount makes pages of other files than those of the content folder, or of some of them only."""
    if not isinstance(mount, dict):
        return False
    target, source = (_folder(str(mount.get(name) or "")) for name in ("target", "source"))
    if target.split("/")[0] != "content":
        return False
    return (target, source) != ("content", folder) or not {"lang", "files", "includefiles", "excludefiles"}.isdisjoint(
        str(key).lower() for key in mount
    )


def structure(folder: Path, site: Hugo) -> Hugo:
    """`site` with the sections and bundles that the content below `folder` shows."""
    return site.with_pages((path.relative_to(folder).as_posix(), _front(path)) for path in _index_files(folder, site))


def _index_files(folder: Path, site: Hugo) -> Iterator[Path]:
    roots = {language.content_dir for language in site.languages}
    for root in sorted(roots):
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
