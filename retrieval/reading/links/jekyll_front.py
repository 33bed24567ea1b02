"""What Jekyll adds to a document's front matter: the site's defaults, and categories from several places.

Source: jekyll 4.3, frontmatter_defaults.rb and document.rb.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timezone

from retrieval.reading.links.clocks import read, zone_of
from retrieval.reading.links.globs import matches_shell
from retrieval.reading.links.link import NoAddress
from retrieval.reading.links.scalars import text_of


@dataclass(frozen=True, slots=True)
class Defaults:
    """Front matter for every document of a path and type: an entry of the site's `defaults`."""

    values: Mapping[str, object]
    path: str = ""
    type: str | None = None

    def apply_to(self, path: str, kind: str) -> bool:
        """Whether a document at `path` of the collection or type `kind` is meant.

        Raises NoAddress for a pattern that is not known here.
        """
        if self.type not in (None, kind):
            return False
        return self._matches(path) if "*" in self.path else path.startswith(self.path)

    def _matches(self, path: str) -> bool:
        ends = [at for at, char in enumerate(path) if char == "/"] + [len(path)]
        try:
            return any(matches_shell(self.path.strip("/"), path[:end]) for end in ends)
        except ValueError as exc:
            raise NoAddress(f"the site's defaults are for some paths only: {exc}") from exc


def with_defaults(front: Mapping[str, object], defaults: Sequence[Defaults], path: str, kind: str) -> dict[str, object]:
    """`front` completed by the defaults that apply; a longer path, or a type, beats the others."""
    applying = [entry for entry in defaults if entry.apply_to(path, kind)]
    ranked = sorted(applying, key=lambda entry: (len(entry.path), entry.type is not None))
    return {key: value for entry in [*ranked, Defaults(front)] for key, value in entry.values.items()}


def categories(front: Mapping[str, object], defaults: Mapping[str, object], folders: Iterable[str]) -> list[str]:
    """A post's categories: folders above `_posts`, those of the defaults, its own, then its `category`.

    A text of `categories` is split at blanks, one of `category` is not. Raises NoAddress for nested lists.
    """
    found = [*folders, *_words(defaults.get("categories")), *_words(front.get("categories"))]
    single = front.get("category", defaults.get("category"))
    found += _items(single) if isinstance(single, list) else [] if single is None else [_text(single)]
    return list(dict.fromkeys(found))


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return _items(value) if isinstance(value, list) else []


def _items(values: list[object]) -> list[str]:
    return [_text(value) for value in values]


def _text(value: object) -> str:
    if isinstance(value, list):
        raise NoAddress("the address needs :categories, and they hold a list within a list")
    return "" if value is None else text_of(value, "a category")


def document_date(value: object, zone: str | None) -> datetime:
    """A document's date, in the site's `zone`. Raises NoAddress for a text that is no date."""
    local = zone_of(zone)
    if isinstance(value, str):
        reading = read(value)
        if reading is None:
            raise NoAddress(f"not published: Jekyll stops at the date {value!r}")
        return reading.instant(local).astimezone(local)
    if isinstance(value, datetime):
        # A YAML timestamp without a zone is UTC.
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).astimezone(local)
    if isinstance(value, date):
        return datetime.combine(value, time(), local)
    raise NoAddress("the address needs the article's date, and it has none")
