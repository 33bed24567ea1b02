"""A Jekyll site's settings."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.reading.links.configs import items, site_address, table, text, zone_name
from retrieval.reading.links.jekyll import Collection, Jekyll
from retrieval.reading.links.jekyll_front import Defaults

_OLD_TYPES = {"post": "posts", "page": "pages", "draft": "drafts"}


def from_config(
    config: Mapping[str, object], *, address: str | None = None, machine_timezone: str | None = None
) -> Jekyll:
    """The settings in `_config.yml`; `address` stands for `url` where it is given."""
    return Jekyll(
        base=_base(address or site_address(text(config, "url")), text(config, "baseurl")),
        permalink=text(config, "permalink") or "date",
        collections=_collections(config.get("collections")),
        collections_dir=text(config, "collections_dir"),
        defaults=tuple(_defaults(config)),
        timezone=zone_name(text(config, "timezone") or machine_timezone),
        source=text(config, "source"),
        future=bool(config.get("future")),
        unpublished=bool(config.get("unpublished")),
        newest_only=bool(config.get("limit_posts")),
        include=_names(config, "include"),
        exclude=_names(config, "exclude"),
    )


def _base(url: str | None, baseurl: str) -> str | None:
    below = baseurl.strip().strip("/")
    if url is None or not below or url.endswith("/" + below):
        return url
    return f"{url}/{below}"


def _collections(value: object) -> dict[str, Collection]:
    if isinstance(value, list):
        return {str(label): Collection() for label in value}
    if not isinstance(value, dict):
        return {}
    collections = table({"all": value}, "all")
    return {label: _collection(table(collections, label)) for label in collections}


def _collection(settings: Mapping[str, object]) -> Collection:
    return Collection(text(settings, "permalink") or None, bool(settings.get("output")))


def _defaults(config: Mapping[str, object]) -> list[Defaults]:
    folder = text(config, "collections_dir").strip("/")
    found = []
    for entry in items(config, "defaults"):
        if isinstance(entry, dict) and isinstance(entry.get("values"), dict):
            scope = table(entry, "scope")
            path = text(scope, "path").removeprefix(f"{folder}/" if folder else "")
            kind = text(scope, "type") or None
            found.append(Defaults(table(entry, "values"), path, _OLD_TYPES.get(kind or "", kind)))
    return found


def _names(config: Mapping[str, object], key: str) -> tuple[str, ...]:
    return tuple(str(item) for item in items(config, key))
