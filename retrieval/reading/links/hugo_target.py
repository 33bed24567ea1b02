"""Rules of a Hugo site for some of its pages: permalinks and cascades.

Source: hugo 0.168, resources/page/page_matcher.go and permalinks.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from retrieval.reading.links.configs import items, table, text
from retrieval.reading.links.globs import matches_hugo
from retrieval.reading.links.link import NoAddress

_KINDS = ("page", "section", "home", "taxonomy", "term")


@dataclass(frozen=True, slots=True)
class Target:
    """Which pages are meant, by patterns in lower case; what is empty, all have."""

    kind: str = ""
    path: str = ""
    """`/posts/**`"""
    environment: str = ""
    languages: tuple[str, ...] = ()

    def holds(self, kind: str, path: str, language: str) -> bool:
        """Whether a page at `path`, as `Place` has it, is meant. Raises NoAddress for a pattern that is none."""
        wanted = ((self.kind, kind), (self.path, path), (self.environment, "production"))
        try:
            return all(not glob or matches_hugo(glob, value) for glob, value in wanted) and (
                not self.languages or any(matches_hugo(glob, language.lower()) for glob in self.languages)
            )
        except ValueError as exc:
            raise NoAddress(f"a setting of the site is for some pages only: {exc}") from exc


def target_of(rule: Mapping[str, object]) -> Target:
    """The target of a rule with lower-case keys."""
    own = table(rule, "target") or table(rule, "_target")
    if "pattern" in rule:
        own.pop("lang", None)  # Hugo reads it in cascades only.
    kind, path, environment = (text(own, key).lower() for key in ("kind", "path", "environment"))
    return Target(kind, path, environment, languages_of(own))


def languages_of(settings: Mapping[str, object]) -> tuple[str, ...]:
    """The languages that a target, or a mount, is for; empty where it says nothing of them."""
    named = table(table(settings, "sites"), "matrix").get("languages") or settings.get("lang") or []
    return tuple(str(each).lower() for each in (named if isinstance(named, list) else [named]))


@dataclass(frozen=True, slots=True)
class Permalinks:
    """Patterns of addresses, and for which pages each is."""

    rules: tuple[tuple[Target, str], ...] = ()
    ordered: bool = False
    """Whether the first that is for a page counts. Of the entries of a table, Hugo takes any."""

    def pattern(self, kind: str, path: str, language: str) -> str | None:
        """The pattern for a page; None where there is none. Raises NoAddress where it is not settled."""
        found = [pattern for target, pattern in self.rules if target.holds(kind, path, language)]
        if len(set(found)) > 1 and not self.ordered:
            raise NoAddress("several of the site's permalinks are for it, and Hugo takes any of them")
        return found[0] if found else None

    def with_first(self, target: Target, pattern: str) -> Permalinks:
        """These, and before them one that counts more."""
        return Permalinks(((target, pattern), *self.rules), ordered=True)


def permalinks(config: Mapping[str, object]) -> Permalinks:
    """The `permalinks` of a configuration with lower-case keys: a list, or a table of sections or of kinds."""
    rules = [rule for rule in items(config, "permalinks") if isinstance(rule, dict)]
    if rules:
        return Permalinks(tuple((target_of(rule), text(rule, "pattern")) for rule in rules), ordered=True)
    return Permalinks(tuple(_of_table(table(config, "permalinks"))))


def _of_table(settings: Mapping[str, object]) -> Iterator[tuple[Target, str]]:
    for key, value in settings.items():
        patterns = value if key in _KINDS and isinstance(value, dict) else {key: value}
        kind = key if patterns is value else "{page,term}"
        for section, pattern in patterns.items():
            if isinstance(pattern, str):
                yield Target(kind, _below(str(section))), pattern


def _below(section: str) -> str:
    """The pages of a section; of "/" those at the top. Until 0.161, Hugo took no sections of sections."""
    name = section.strip(" /")
    return f"/{{{name},{name}/**}}" if name else "/*"
