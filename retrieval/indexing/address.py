"""Addresses: where an index is, a folder or a collection of Milvus.

index, /srv/index                        a folder
milvus://host:19530/collection           a Milvus server; milvus+https:// with TLS
milvus://host:19530/database/collection  in one of its databases
milvus+file:///srv/index.db              Milvus Lite, in a file
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from retrieval.errors import BadAddress

PORT = 19_530
COLLECTION = "wenda"
"""Name of the index in a file of Milvus Lite."""
_SCHEMES = {"milvus": "http", "milvus+https": "https", "milvuss": "https"}
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_NO_NAME = re.compile(r"[\0\ud800-\udfff]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,100}")


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """A place in Milvus where an index is."""

    text: str
    """As it was written."""
    uri: str
    """What a client connects to: a URL, or the path of a file of Milvus Lite."""
    collection: str
    database: str = ""

    def __str__(self) -> str:
        return self.text

    @property
    def lite(self) -> bool:
        """Whether it is a file."""
        return "://" not in self.uri


Address: TypeAlias = Path | MilvusAddress


def located(index: str | Address) -> Address:
    """The address that `index` says. Raises BadAddress."""
    if isinstance(index, MilvusAddress):
        return index
    if isinstance(index, Path):
        return _folder(str(index))
    scheme = index.partition(":")[0].lower()
    if scheme == "milvus+file":
        return _file(index)
    if scheme in _SCHEMES:
        return _server(index)
    if not index or _URL.match(index):
        message = f"name a folder, milvus://host:{PORT}/collection, or milvus+file:///path.db"
        raise BadAddress(_shown(index) or "''", message)
    return _folder(index)


def _shown(text: str) -> str:
    """An address without the credentials in it."""
    scheme, mark, rest = text.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def _folder(text: str) -> Path:
    if _NO_NAME.search(text):
        raise BadAddress(ascii(text), "the libraries that write an index take names in UTF-8 alone")
    return Path(text)


def _file(text: str) -> MilvusAddress:
    parts = _split(text)
    path = unquote(parts.path)
    if parts.netloc or not path.endswith(".db"):
        raise BadAddress(_shown(text), "name a file that ends in .db, as in milvus+file:///srv/index.db")
    return MilvusAddress(text, str(Path(path).absolute()), COLLECTION)


def _server(text: str) -> MilvusAddress:
    parts = _split(text)
    if "@" in text:
        raise BadAddress(_shown(text), "credentials come from MILVUS_TOKEN, or MILVUS_USER and MILVUS_PASSWORD")
    *database, collection = parts.path.strip("/").split("/")
    names = [*database, collection]
    if not parts.hostname or len(names) > 2 or not all(map(_NAME.fullmatch, names)) or parts.query or parts.fragment:
        raise BadAddress(text, f"write it as {parts.scheme}://host:{PORT}/collection, in letters, digits and _")
    uri = f"{_SCHEMES[parts.scheme]}://{_host(parts.hostname)}:{_port(text, parts.netloc)}"
    return MilvusAddress(text, uri, collection, *database)


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as exc:
        raise BadAddress(_shown(text), "its host is no name of a machine") from exc


def _host(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _port(text: str, netloc: str) -> int:
    try:
        return urlsplit(f"//{netloc}").port or PORT
    except ValueError as exc:
        raise BadAddress(text, "its port is not a number from 1 to 65535") from exc
