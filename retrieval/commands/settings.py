"""Settings that the commands share: the environment, and a file `.env` in the working folder."""

from __future__ import annotations

import os
import re
from argparse import ArgumentTypeError
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from dotenv.parser import Original, parse_stream

from retrieval.errors import BadAddress, RetrievalError
from retrieval.indexing.address import Address, MilvusAddress, located

CREDENTIALS = ("MILVUS_TOKEN", "MILVUS_USER", "MILVUS_PASSWORD")
INDEX_HELP = "a folder, or milvus://host:19530/collection, or milvus+file:///path.db; default: INDEX_DIR, else index"
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class UnusableSettings(RetrievalError):
    """The file `.env` cannot be read."""


@lru_cache(maxsize=1)
def _file() -> dict[str, str]:
    try:
        return dict(_settings_in(Path(".env")))
    except (OSError, UnicodeDecodeError) as exc:
        raise UnusableSettings(f".env cannot be read ({exc}); mend it, or take it away") from exc


def _settings_in(file: Path) -> Iterator[tuple[str, str]]:
    """Names and values as they are written: a `${...}` in a password is part of it.

    Raises UnusableSettings where a line sets nothing: it may be the one that keeps strangers out.
    """
    if not (file.is_file() or file.is_fifo()):
        return
    with file.open(encoding="utf-8") as stream:
        for key, value, original, wrong in parse_stream(stream):
            if key is None and not wrong:
                continue
            if key is None or value is None or not _NAME.fullmatch(key):
                raise UnusableSettings(f".env: line {_line(original)} is no setting; write NAME=value")
            yield key, value


def _line(original: Original) -> int:
    """The line that something stands in; the parser counts blank lines above to it."""
    text = original.string
    return original.line + text[: len(text) - len(text.lstrip())].count("\n")


def setting(name: str) -> str | None:
    """The value of a setting; the environment goes before the file; None where it is not set or empty."""
    return os.environ.get(name) or _file().get(name) or None


def index_dir(stated: Address | None = None) -> Address:
    """Where the index is: as stated, else INDEX_DIR, else `index` in the working folder. Raises BadAddress."""
    return stated or _with_credentials(located(at_home(setting("INDEX_DIR") or "index")))


def index_option(text: str) -> Address:
    """The value of --index, for argparse."""
    try:
        return _with_credentials(located(at_home(text)))
    except BadAddress as exc:
        raise ArgumentTypeError(str(exc)) from exc


def _with_credentials(index: Address) -> Address:
    """`index`; what `.env` says of how to be let in there is in the environment, where its client looks."""
    if isinstance(index, MilvusAddress):
        os.environ.update({name: value for name in CREDENTIALS if (value := setting(name))})
    return index


def at_home(path: str) -> str:
    """`path` with its `~` as a shell has it, which sees none in `.env`, nor always in `make ARTICLES=~/posts`."""
    # Unlike pathlib's, this leaves a user that there is not.
    return os.path.expanduser(path)  # noqa: PTH111


def embedding_model() -> str | None:
    """EMBEDDING_MODEL: a model folder or hub id; None is the packaged model."""
    return setting("EMBEDDING_MODEL")


def folder(text: str) -> Path:
    """The value of an option that names a folder, for argparse."""
    if not text:
        # As from a variable that is not set; the working folder would not be what is wanted.
        raise ArgumentTypeError("the name of the folder is empty")
    return Path(at_home(text))


def articles_dir() -> Path:
    """Where the articles are: ARTICLES_DIR, else `articles` in the working folder."""
    return Path(at_home(setting("ARTICLES_DIR") or "articles"))
