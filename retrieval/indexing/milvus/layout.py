"""The layout of an index on Milvus: which collections a generation has, and how they are called.

    INDEX                              alias: leads to the live generation's `about`
    INDEX_20260102T030405678901Z_about      what the generation is, one row
                               ..._articles
                               ..._passages
                               ..._sentences
                               ..._tokens   how many passages hold each token
    INDEX_lock                         alias: whoever holds the index for a rebuild, see lock

A generation's collections never change once the alias leads to them. Texts of any length stand in arrays of pieces,
because Milvus limits a string to 65,535 bytes; what articles are filtered by are hashes, because it filters by
numbers of one size fastest, and a hash needs no quotation marks.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum

FORMAT = 3
"""Goes up whenever an index written by an earlier program can no longer be read."""
_COLLECTION = re.compile(r"(?P<index>\w+)_(?P<generation>\d{8}T\d{12}Z)_(?P<table>[a-z]+)", re.ASCII)


class Kind(Enum):
    """What a field holds."""

    KEY = "a number, by which rows are known"
    NUMBER = "a number"
    REAL = "a real number"
    NUMBERS = "numbers"
    PIECES = "strings"
    VECTOR = "a vector of the model's"
    SPARSE = "a sparse vector"
    NO_VECTOR = "a vector of two zeros: Milvus has no collection without any"


class Search(Enum):
    """How a field is searched."""

    VALUES = "INVERTED"
    WORDS = "SPARSE_INVERTED_INDEX"
    GRAPH = "HNSW"
    """In memory, whole vectors: passages."""
    LISTS = "IVF_SQ8"
    """In memory, a byte a component: sentences, of which there are ten times as many."""
    NONE = "FLAT"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a collection."""

    name: str
    kind: Kind
    search: Search | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A collection of each generation."""

    name: str
    fields: tuple[Field, ...]


_ID = Field("id", Kind.KEY)
_BLANK = Field("blank", Kind.NO_VECTOR, Search.NONE)
_FILTERS = (Field("marks", Kind.NUMBERS, Search.VALUES), Field("day", Kind.NUMBER, Search.VALUES))
PASSAGE_VECTOR = Field("vector", Kind.VECTOR, Search.GRAPH)
SENTENCE_VECTOR = Field("vector", Kind.VECTOR, Search.LISTS)
WORDS = Field("words", Kind.SPARSE, Search.WORDS)
_TEXT = Field("text_key", Kind.NUMBER, Search.VALUES)

ABOUT = Table("about", (_ID, Field("body", Kind.PIECES), _BLANK))
ARTICLES = Table(
    "articles",
    (
        _ID,
        Field("recency", Kind.NUMBER, Search.VALUES),
        Field("path_key", Kind.NUMBER, Search.VALUES),
        Field("same_as", Kind.NUMBER, Search.VALUES),
        Field("first", Kind.NUMBER),
        Field("count", Kind.NUMBER),
        Field("body", Kind.PIECES),
        *_FILTERS,
        _BLANK,
    ),
)
PASSAGES = Table(
    "passages",
    (
        _ID,
        Field("article", Kind.NUMBER),
        Field("script", Kind.NUMBER),
        Field("length", Kind.REAL),
        Field("runs", Kind.PIECES),
        Field("body", Kind.PIECES),
        Field("codes", Kind.PIECES),
        _TEXT,
        *_FILTERS,
        PASSAGE_VECTOR,
        WORDS,
    ),
)
SENTENCES = Table(
    "sentences",
    (_ID, Field("passage", Kind.NUMBER), _TEXT, *_FILTERS, SENTENCE_VECTOR),
)
TOKENS = Table("tokens", (_ID, Field("count", Kind.NUMBER), _BLANK))
LOCK = Table("lock", (_ID, Field("body", Kind.PIECES), _BLANK))
TABLES = (ABOUT, ARTICLES, PASSAGES, SENTENCES, TOKENS)


def new_name() -> str:
    """A name for a generation: sorts by time of making."""
    return datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%fZ")


def collection_of(index: str, generation: str, table: Table) -> str:
    """Name of a generation's collection."""
    return f"{index}_{generation}_{table.name}"


def lock_of(index: str) -> str:
    """Alias of whoever holds the index."""
    return f"{index}_lock"


def generation_of(index: str, collection: str) -> str | None:
    """The generation of `index` that a collection belongs to, if any."""
    found = _COLLECTION.fullmatch(collection)
    return found["generation"] if found and found["index"] == index else None


def lists(rows: int) -> int:
    """Lists that so many vectors are kept in: enough of them in each for their middle to be known."""
    return max(1, min(int(4 * math.sqrt(rows)), rows // 40, 65_536))


def probes(count: int) -> int:
    """How many of `count` lists a search looks into."""
    return min(count, math.ceil(4 * math.sqrt(count)) + 8)
