"""Settings that the commands share: the environment, and a file `.env` in the working folder."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from functools import lru_cache
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from retrieval.errors import BadAddress, RetrievalError
from retrieval.indexing.address import Address, MilvusAddress, located

CREDENTIALS = ("MILVUS_TOKEN", "MILVUS_USER", "MILVUS_PASSWORD")
INDEX_HELP = "a folder, or milvus://host:19530/collection, or milvus+file:///path.db; default: INDEX_DIR, else index"


class UnusableSettings(RetrievalError):
    """The file `.env` cannot be read."""


@lru_cache(maxsize=1)
def _file() -> dict[str, str | None]:
    try:
        _check_file()
        return dict(dotenv_values(".env"))
    except (OSError, UnicodeDecodeError) as exc:
        raise UnusableSettings(f".env cannot be read ({exc}); mend it, or take it away") from exc


def _check_file() -> None:
    """Raise UnusableSettings where a line of `.env` says nothing: it may be the one that keeps strangers out."""
    file = Path(".env")
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as stream:
        for binding in parse_stream(stream):
            if binding.error:
                raise UnusableSettings(f".env: line {binding.original.line} is no setting; write NAME=value")


def setting(name: str) -> str | None:
    """The value of a setting; the environment goes before the file; None where it is not set or empty."""
    return os.environ.get(name) or _file().get(name) or None


def index_dir(stated: Address | None = None) -> Address:
    """Where the index is: as stated, else INDEX_DIR, else `index` in the working folder. Raises BadAddress."""
    return stated or _with_credentials(located(setting("INDEX_DIR") or "index"))


def index_option(text: str) -> Address:
    """The value of --index, for argparse."""
    try:
        return _with_credentials(located(text))
    except BadAddress as exc:
        raise ArgumentTypeError(str(exc)) from exc


def _with_credentials(index: Address) -> Address:
    """`index`; what `.env` says of how to be let in there is in the environment, where its client looks."""
    if isinstance(index, MilvusAddress):
        os.environ.update({name: value for name in CREDENTIALS if (value := setting(name))})
    return index


def articles_dir() -> Path:
    """Where the articles are: ARTICLES_DIR, else `articles` in the working folder."""
    return Path(setting("ARTICLES_DIR") or "articles")


def embedding_model() -> str | None:
    """EMBEDDING_MODEL: a model folder or hub id; None is the packaged model."""
    return setting("EMBEDDING_MODEL")
