"""Engines: the one that an address names."""

from __future__ import annotations

from retrieval.indexing.address import Address, MilvusAddress, located
from retrieval.indexing.engine import Engine
from retrieval.indexing.folder import Folder


def engine_at(index: str | Address) -> Engine:
    """The engine of the index at an address. Raises BadAddress."""
    address = located(index)
    if isinstance(address, MilvusAddress):
        # Its client takes half a second to load.
        from retrieval.indexing.milvus.engine import Milvus

        return Milvus(address)
    return Folder(address)
