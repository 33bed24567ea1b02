"""The engine of an index on Milvus."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from retrieval.errors import NoIndex, UnusableIndex
from retrieval.indexing.address import MilvusAddress
from retrieval.indexing.engine import Verified, open_live
from retrieval.indexing.milvus.client import Client
from retrieval.indexing.milvus.generation import MilvusGeneration
from retrieval.indexing.milvus.layout import generation_of


class Milvus:
    """An index on Milvus. Raises Unreachable, Refused."""

    def __init__(self, address: MilvusAddress, *, make: bool = False) -> None:
        """`make`: where a file of Milvus Lite is not there, make it. Raises NoIndex otherwise."""
        if address.lite and not make and not Path(address.uri).exists():
            raise NoIndex(address)
        self.address = address
        self.client = Client(address)

    def live_name(self) -> str:
        """Name of the live generation. Raises NoIndex, UnusableIndex."""
        index = self.address.collection
        collection = self.client.leads_to(index)
        if collection is None:
            if index in self.client.collections():
                raise UnusableIndex(self.address, "is a collection of something else; choose another name")
            raise NoIndex(self.address)
        generation = generation_of(index, collection)
        if generation is None:
            raise UnusableIndex(self.address, f"is an alias of {collection}, which is no index; choose another name")
        return generation

    def open(self) -> MilvusGeneration:
        """The generation that is live once it is open. Raises NoIndex, WrongFormat, DamagedIndex, UnusableIndex."""
        return open_live(self.live_name, partial(MilvusGeneration, self.client))

    def verify(self) -> Verified:
        """Count the rows of the live generation. Raises NoIndex, WrongFormat, DamagedIndex, UnusableIndex."""
        generation = self.open()
        with generation.reading():
            counts = generation.counted()
        text = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return Verified(generation.manifest.name, counts, f"{text}, all there")

    def close(self) -> None:
        """Let go of the connection."""
        self.client.close()
