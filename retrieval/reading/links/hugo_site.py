"""A Hugo site: its settings, and where among languages and sections a file of it stands.

Source: hugo 0.168, hugolib and modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from posixpath import splitext

from retrieval.reading.links.hugo_target import Permalinks

PUBLISH_FIELDS = ("publishdate", "pubdate", "published")
DATE_FIELDS = ("date", *PUBLISH_FIELDS, "lastmod", "modified")


@dataclass(frozen=True, slots=True)
class Language:
    """A language of a site."""

    code: str
    base: str | None = None
    """Its own `baseURL`, which then needs no prefix."""
    permalinks: Permalinks | None = None
    """Instead of the site's."""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder, or a file, that is part of the content."""

    source: str
    """Relative to the site's folder, without slashes around."""
    target: str = ""
    """What it is below the content."""
    language: str = ""
    """The language of what has no suffix; empty for the default one."""


@dataclass(frozen=True, slots=True)
class Hugo:
    """What of a Hugo site's configuration and folders settles its addresses."""

    base: str | None
    """`baseURL`; None where it is not configured."""
    languages: tuple[Language, ...] = (Language("en"),)
    mounts: tuple[Mount, ...] = (Mount("content"),)
    default_language: str = "en"
    default_in_subdir: bool = False
    permalinks: Permalinks = field(default_factory=Permalinks)
    problem: str | None = None
    """A setting that is not supported, and that may change every address."""
    ugly: frozenset[str] = frozenset()
    """Sections with `.html` at the ends of addresses; "*" is all."""
    lower: bool = True
    keep_accents: bool = True
    date_fields: tuple[str, ...] = DATE_FIELDS
    publish_fields: tuple[str, ...] = PUBLISH_FIELDS
    """What says when a page is published; where there is none, its date does."""
    timezone: str | None = None
    drafts: bool = False
    future: bool = False
    expired: bool = False
    taxonomies: frozenset[str] = frozenset(["tags", "categories"])
    disabled_kinds: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    """Regular expressions for paths below the site's folder, with a slash in front."""
    cascade: tuple[Mapping[str, object], ...] = ()
    sections: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Front matter of each `_index` file, by `language:folder`."""
    bundles: frozenset[str] = frozenset()
    """Folders that are one page, below the site's folder: those that hold an `index` file."""

    def with_pages(self, pages: Iterable[tuple[str, Mapping[str, object]]]) -> Hugo:
        """This site with the sections and bundles among `pages` (path below the site's folder, front)."""
        sections, bundles = dict(self.sections), set(self.bundles)
        for path, front in pages:
            place = locate(path, self)
            if place is None or self.ignores(path):
                continue
            if place.stem == "_index":
                sections[f"{place.language.code}:{place.folder}"] = lowered(front)
            elif place.stem == "index":
                bundles.add(path.rpartition("/")[0])
        return replace(self, sections=sections, bundles=frozenset(bundles))

    def is_ugly(self, place: Place) -> bool:
        """Whether the address of a page at `place` ends in `.html`."""
        return not self.ugly.isdisjoint(["*", place.section])

    def ignores(self, path: str) -> bool:
        """Whether the file at `path` is none of the site's."""
        return any(re.search(pattern, f"/{path}") for pattern in self.ignored)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stands: `folder` is relative to its language's content folder, without slashes around."""

    language: Language
    folder: str
    stem: str
    kind: str
    """`home`, `section`, `taxonomy`, `term` or `page`."""

    @property
    def path(self) -> str:
        """Of the page, as Hugo's rules name it: from the content folder on, in lower case."""
        own = "" if self.stem in ("index", "_index") else self.stem
        return "/" + "/".join(part for part in (self.folder, own) if part).replace(" ", "-").lower()

    @property
    def section(self) -> str:
        """The first folder, in lower case; empty at the top."""
        return self.folder.split("/")[0].replace(" ", "-").lower()

    def above(self) -> list[str]:
        """The folders that the page is in, the nearest first, the content folder last."""
        parts = self.folder.split("/") if self.folder else []
        return ["/".join(parts[:end]) for end in range(len(parts), -1, -1)]


def locate(path: str, site: Hugo) -> Place | None:
    """Where the file at `path` (below the site's folder) stands; None where it is no part of the content."""
    holders = [mount for mount in site.mounts if f"{path}/".startswith(f"{mount.source}/")]
    if not holders:
        return None
    deepest = max(len(mount.source) for mount in holders)
    holders = [mount for mount in holders if len(mount.source) == deepest]
    inside = (holders[0].target + path[deepest:]).strip("/")
    folder, _, name = inside.rpartition("/")
    stem = splitext(name)[0]
    base, _, suffix = stem.rpartition(".")
    for language in site.languages:
        if base and suffix.lower() == language.code.lower():
            return Place(language, folder, base, _kind(folder, base, site))
    codes = [mount.language or site.default_language for mount in holders]
    code = site.default_language if site.default_language in codes else codes[0]
    own = next((language for language in site.languages if language.code == code), site.languages[0])
    return Place(own, folder, stem, _kind(folder, stem, site))


def _kind(folder: str, stem: str, site: Hugo) -> str:
    if stem != "_index" or not folder:
        return "page" if stem != "_index" else "home"
    first, *others = folder.lower().split("/")
    return "section" if first not in site.taxonomies else "term" if others else "taxonomy"


def lowered(front: Mapping[str, object]) -> dict[str, object]:
    """`front` with lower-case keys, as Hugo reads them."""
    return {str(key).lower(): value for key, value in front.items()}
