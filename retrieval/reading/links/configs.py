"""A site's configuration files: YAML, TOML or JSON, read without trusting what stands in them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from retrieval.errors import RetrievalError
from retrieval.reading.links.link import web_url

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# What generators and themes write into a new site's configuration.
_PLACEHOLDER = re.compile(r"https?://(?:www\.)?(?:example\.(?:com|org|net)|yoursite\.com)(?:/|$)", re.IGNORECASE)


class UnusableSite(RetrievalError):
    """The site's folder or settings cannot be used."""

    def __init__(self, place: Path | str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place


def load(path: Path) -> dict[str, object]:
    """The mapping in a `.yml`, `.yaml`, `.toml` or `.json` file; raises UnusableSite where there is none."""
    parse = {".toml": tomllib.loads, ".json": json.loads}.get(path.suffix.lower(), yaml.safe_load)
    try:
        values = parse(path.read_text("utf-8-sig"))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as exc:
        raise UnusableSite(path, f"cannot be read: {' '.join(str(exc).split())}; correct the file") from exc
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UnusableSite(path, "is not a list of settings; correct the file")
    return {str(key): value for key, value in values.items()}


def first_file(folder: Path, *names: str) -> Path | None:
    """The first of the files that exists in `folder`."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def text(config: Mapping[str, object], key: str, default: str = "") -> str:
    """A setting that is text; `default` where it is absent or something else."""
    value = config.get(key)
    return value if isinstance(value, str) else default


def table(config: Mapping[str, object], key: str) -> dict[str, object]:
    """A setting that holds settings; empty where it is absent or something else."""
    value = config.get(key)
    return {str(name): item for name, item in value.items()} if isinstance(value, dict) else {}


def items(config: Mapping[str, object], key: str) -> list[object]:
    """A setting that is a list; empty where it is absent or something else."""
    value = config.get(key)
    return value if isinstance(value, list) else []


def zone_name(name: str | None) -> str | None:
    """A time zone's name, checked; None for an empty one. Raises UnusableSite for an unknown zone."""
    if not name:
        return None
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as exc:
        raise UnusableSite(name, "is no known time zone; write it like Asia/Shanghai") from exc
    return name


def site_address(url: str) -> str | None:
    """A configured address without its last slash; None for what a new site's configuration holds."""
    address = url.strip().rstrip("/")
    return address if address and not _PLACEHOLDER.match(address) else None


def given_address(url: str) -> str:
    """An address that a person gave; raises UnusableSite where it is none, or not one that a path can follow."""
    if web_url(url) is None or any(char in url for char in "?#"):
        raise UnusableSite(url, "is not the address of a site; write it like https://blog.example.org")
    return url.strip().rstrip("/")
