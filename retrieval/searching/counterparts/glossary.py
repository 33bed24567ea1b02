"""Glossary: English and Chinese words that mean the same, by CC-CEDICT; names in other than Latin letters, by CLDR.

It is put together once, into a file in the user's cache; where that cannot be written, into memory.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import regex
import snowballstemmer
from filelock import FileLock
from platformdirs import user_cache_path

from retrieval.searching.counterparts import cedict, cldr

Words: TypeAlias = tuple[str, ...]
"""A translation."""

SENSES = 5
"""Translations of an entry that are looked for, those that come first where they do."""
FORMAT = 3
"""Of the file: another number is another file."""

_TABLES = """
CREATE TABLE chinese (english TEXT, place INTEGER, words TEXT, PRIMARY KEY (english, place, words)) WITHOUT ROWID;
CREATE TABLE english (chinese TEXT, place INTEGER, words TEXT, PRIMARY KEY (chinese, place, words)) WITHOUT ROWID;
CREATE TABLE places (name TEXT, chinese TEXT, PRIMARY KEY (name, chinese)) WITHOUT ROWID;
"""
_CHINESE = """
SELECT english, words FROM chinese WHERE english IN (SELECT value FROM json_each(?)) ORDER BY place, words
"""
_ENGLISH = """
SELECT chinese, words FROM english WHERE chinese IN (SELECT value FROM json_each(?)) ORDER BY place, words
"""
_PLACES = """
SELECT name, chinese FROM places WHERE name IN (SELECT value FROM json_each(?))
"""
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_ENDINGS = (
    (regex.compile(r"\p{Cyrillic}"), "russian"),
    (regex.compile(r"\p{Arabic}"), "arabic"),
    (regex.compile(r"\p{Devanagari}"), "hindi"),
    (regex.compile(r"\p{Greek}"), "greek"),
)
"""Scripts whose words are taken to have the endings of one language; of others there are too many to tell."""


class Glossary:
    """Looks words up; may be used from several threads."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = Lock()

    def chinese(self, stems: Iterable[str]) -> dict[str, list[Words]]:
        """For each of `stems`, of a word or of several with blanks between, that is known: Chinese words."""
        return self._found(_CHINESE, stems)

    def english(self, words: Iterable[str]) -> dict[str, list[Words]]:
        """For each of `words` in simplified characters that is known: English ones."""
        return self._found(_ENGLISH, words)

    def places(self, roots: Iterable[str]) -> dict[str, list[Words]]:
        """For each of `roots`, of a word or of several with blanks between, that is a name: Chinese ones."""
        return self._found(_PLACES, roots)

    def _found(self, query: str, keys: Iterable[str]) -> dict[str, list[Words]]:
        found: defaultdict[str, list[Words]] = defaultdict(list)
        with self._lock:
            for key, words in self._database.execute(query, (json.dumps(list(keys)),)):
                if len(found[key]) < SENSES:
                    found[key].append(tuple(words.split()))
        return dict(found)


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """The one of this user, put together first where it is missing or damaged."""
    file = _place()
    try:
        return Glossary(_opened(file) or _written(file))
    except (OSError, sqlite3.Error):
        return Glossary(_filled(_in_memory()))


def prepare() -> None:
    """Put it together where it is missing, so that no question waits for that; not where it cannot be kept."""
    file = _place()
    with suppress(OSError, sqlite3.Error):
        if not file.exists():
            _written(file).close()


def _place() -> Path:
    return user_cache_path("wenda").absolute() / f"glossary-{cedict.version()}-{FORMAT}.sqlite"


def _opened(file: Path) -> sqlite3.Connection | None:
    """The database in `file`; None where there is none, or no whole one."""
    if not file.exists():
        return None
    database = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        checked = [database.execute(f"PRAGMA {each}").fetchone()[0] for each in ("user_version", "quick_check")]
        if checked == [FORMAT, "ok"]:
            return database
    except sqlite3.DatabaseError:
        pass
    database.close()
    return None


def _written(file: Path) -> sqlite3.Connection:
    """The database, put into `file`: beside its place, then renamed, so that what has its name is whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{file}.lock"):
        found = _opened(file)
        if found:
            return found
        sys.stderr.write(f"Preparing the glossary in {file} (once, some seconds)\n")
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as database:
            _filled(database)
        part.replace(file)
    return _opened(file) or _filled(_in_memory())


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)


def _filled(database: sqlite3.Connection) -> sqlite3.Connection:
    found = list(cedict.translations())
    with database:
        database.executescript(_TABLES)
        database.executemany("INSERT INTO chinese VALUES (?, ?, ?)", _by_stems(found))
        database.executemany("INSERT INTO english VALUES (?, ?, ?)", _by_words(found))
        database.executemany("INSERT OR IGNORE INTO places VALUES (?, ?)", _by_roots(cldr.names()))
        database.execute(f"PRAGMA user_version = {FORMAT}")
    return database


def _by_stems(translations: Iterable[cedict.Translation]) -> Iterator[tuple[str, int, str]]:
    places: dict[tuple[str, str], int] = {}
    stems: dict[str, str] = {}
    for each in translations:
        key = " ".join(stems.get(word) or stems.setdefault(word, stem(word)) for word in each.english), each.chinese
        places[key] = min(each.place, places.get(key, each.place))
    return ((english, place, chinese) for (english, chinese), place in places.items())


def _by_words(translations: Iterable[cedict.Translation]) -> Iterator[tuple[str, int, str]]:
    places: dict[tuple[str, str], int] = {}
    for each in translations:
        places.setdefault((each.chinese, " ".join(each.english)), each.place)
    return ((chinese, place, english) for (chinese, english), place in places.items())


def _by_roots(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((" ".join(map(root, _WORD.findall(name))), chinese) for name, chinese in names)


def stem(word: str) -> str:
    """An English word without its ending (Porter's second stemmer)."""
    return _without_ending(word, "english")


def root(word: str) -> str:
    """A word of any language, without its ending where its script tells the language well enough."""
    language = next((language for script, language in _ENDINGS if script.match(word)), None)
    return _without_ending(word, language) if language else word


def _without_ending(word: str, language: str) -> str:
    # One for each word: it keeps the one that it is at, and several threads ask.
    stemmed: str = snowballstemmer.stemmer(language).stemWord(word)
    return stemmed
