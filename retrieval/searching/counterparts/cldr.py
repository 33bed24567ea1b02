"""Names of countries, cities and languages in most languages, by Unicode's CLDR, which the package babel carries.

https://cldr.unicode.org, Unicode License v3. Its cities are those that time zones are called after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import regex

from retrieval.indexing.analysis import fold

if TYPE_CHECKING:
    from babel import Locale

_CHINESE = ("zh_Hans", "zh_Hant", "zh_Hant_HK")
_WRITTEN_IN_CHINESE = frozenset(["zh", "yue"])
_NAME = regex.compile(r"\p{Han}{2,}")
_LATIN = regex.compile(r"\p{Latin}")


def names() -> Iterator[tuple[str, str]]:
    """Folded names in other than Latin letters, each with one that Chinese has for it, in simplified characters."""
    # Loaded here, because it is needed once a machine.
    from babel import Locale
    from babel.localedata import locale_identifiers

    chinese = _in_chinese(map(Locale.parse, _CHINESE))
    locales = map(Locale.parse, locale_identifiers())
    others = (each for each in locales if each.territory is None and each.language not in _WRITTEN_IN_CHINESE)
    named = dict.fromkeys(pair for each in others for pair in _named(each))
    yield from dict.fromkeys(
        (fold(name), other) for what, name in named if not _LATIN.search(name) for other in chinese.get(what, ())
    )


def _in_chinese(locales: Iterable[Locale]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for what, name in (pair for locale in locales for pair in _named(locale)):
        if _NAME.fullmatch(folded := fold(name)):
            found[what].add(folded)
    return found


def _named(locale: Locale) -> Iterator[tuple[str, str]]:
    """What a locale has names for, by its code, and the name."""
    yield from locale.territories.items()
    yield from ((zone, known["city"]) for zone, known in locale.time_zones.items() if "city" in known)
    # Those of three letters are many, small, and called like words of other languages.
    yield from ((f"{code} language", name) for code, name in locale.languages.items() if len(code) == 2)
