"""Names of countries, cities and languages in most languages, by Unicode's CLDR, which the package babel carries.

https://cldr.unicode.org, Unicode License v3. Its cities are those that time zones are called after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

import regex

from retrieval.indexing.analysis import fold

_CHINESE = ("zh_Hans", "zh_Hant", "zh_Hant_HK")
_WRITTEN_IN_CHINESE = frozenset(["zh", "yue"])
_NAME = regex.compile(r"\p{Han}{2,}")
_LATIN = regex.compile(r"\p{Latin}")


def names() -> Iterator[tuple[str, str]]:
    """Folded names in other than Latin letters, each with one that Chinese has for it, in simplified characters."""
    # Loaded here, because it is needed once a machine.
    from babel import Locale
    from babel.localedata import locale_identifiers

    locales = [Locale.parse(identifier) for identifier in locale_identifiers()]
    others = [str(each) for each in locales if each.territory is None and each.language not in _WRITTEN_IN_CHINESE]
    named = dict.fromkeys(pair for identifier in others for pair in _named(identifier))
    yield from dict.fromkeys(
        (fold(name), chinese) for what, name in named if not _LATIN.search(name) for chinese in _chinese().get(what, ())
    )


@lru_cache(maxsize=1)
def _chinese() -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for locale in _CHINESE:
        for what, name in _named(locale):
            if _NAME.fullmatch(folded := fold(name)):
                found[what].add(folded)
    return found


def _named(identifier: str) -> Iterator[tuple[str, str]]:
    """What a locale has names for, by its code, and the name."""
    from babel import Locale

    locale = Locale.parse(identifier)
    yield from locale.territories.items()
    yield from ((zone, known["city"]) for zone, known in locale.time_zones.items() if "city" in known)
    # Those of three letters are many, small, and called like words of other languages.
    yield from ((f"{code} language", name) for code, name in locale.languages.items() if len(code) == 2)
