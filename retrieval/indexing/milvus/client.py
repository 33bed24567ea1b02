"""The client: what an index asks of Milvus, in so many words, and what goes wrong there as this package's errors.

Milvus Lite does all of this but for indexes of arrays, see `Client.index`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

import grpc
import numpy as np
from pymilvus import MilvusClient, MilvusException

from embeddings.encoder import Vectors
from retrieval.errors import EngineFailed, Refused, Unreachable
from retrieval.indexing.address import MilvusAddress
from retrieval.indexing.milvus import lite
from retrieval.indexing.milvus.faults import Missing, NotLoaded, fault_of
from retrieval.indexing.milvus.forms import built, described, looked
from retrieval.indexing.milvus.layout import Field, Kind, Search, Table, lists
from retrieval.indexing.milvus.messages import messages
from retrieval.indexing.vectors.codes import Rows

PATIENCE = 5.0
"""Seconds that a question waits for an answer."""
LONG = 600.0
"""Seconds that a step of a rebuild may take: indexing, loading."""
IDS = 1_000
"""Rows asked for at a time by their numbers."""
DEEPEST = 16_384
"""Most rows that a server looks up at once."""
# They log, with tracebacks, what they raise as well.
for _name in ("pymilvus", "milvus_lite"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Near:
    """What rows are to be near to."""

    vector: Vectors
    """(d,) float32."""
    limit: int
    among: int
    """How many rows there are in all."""


class Client:
    """A connection to where an index is. Every method raises Unreachable, Refused or EngineFailed."""

    def __init__(self, address: MilvusAddress) -> None:
        self.address = address
        self._connection: MilvusClient | None = None
        self._connecting = Lock()
        with self._translated():
            if address.lite:
                lite.use(address.uri)
            try:
                self._connect()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Let go of the connection, for good."""
        self._disconnect()
        if self.address.lite:
            lite.leave(self.address.uri)

    @property
    def _client(self) -> MilvusClient:
        """The connection; a new one where the last was lost: its own way of mending it gives up for ever."""
        return self._connection or self._connect()

    def _connect(self) -> MilvusClient:
        with self._connecting:
            if self._connection is None:
                address = self.address
                self._connection = MilvusClient(
                    address.uri, db_name=address.database, timeout=PATIENCE, dedicated=True, **_credentials(address)
                )
            return self._connection

    def _disconnect(self) -> None:
        with self._connecting, suppress(MilvusException, grpc.RpcError):
            lost, self._connection = self._connection, None
            if lost is not None:
                lost.close()

    def leads_to(self, alias: str) -> str | None:
        """The collection that an alias leads to; None where there is no such alias."""
        try:
            with self._translated():
                found: str = self._client.describe_alias(alias, timeout=PATIENCE)["collection_name"]
                return found
        except Missing:
            return None
        except EngineFailed as exc:
            if "alias" in str(exc) and ("not found" in str(exc) or "not exist" in str(exc)):
                return None
            raise

    def take(self, alias: str, collection: str) -> bool:
        """Let an alias that nobody has lead to a collection; False where somebody has it."""
        try:
            with self._translated():
                self._client.create_alias(collection, alias, timeout=PATIENCE)
        except (Unreachable, Refused):
            raise
        except EngineFailed:
            if self.leads_to(alias) is None:
                raise
        return self.leads_to(alias) == collection

    def point(self, alias: str, collection: str) -> None:
        """Let an alias lead to a collection from now on, in one step."""
        with self._translated():
            if self.leads_to(alias) is None:
                self._client.create_alias(collection, alias, timeout=PATIENCE)
            else:
                self._client.alter_alias(collection, alias, timeout=PATIENCE)

    def let_go(self, alias: str) -> None:
        """Forget an alias."""
        with self._translated():
            self._client.drop_alias(alias, timeout=PATIENCE)

    def collections(self) -> list[str]:
        """Names of all collections."""
        with self._translated():
            return sorted(self._client.list_collections(timeout=PATIENCE))

    def create(self, collection: str, table: Table, dimension: int) -> None:
        """Make an empty collection."""
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        for field in table.fields:
            schema.add_field(field.name, **described(field, dimension))
        with self._translated():
            self._client.create_collection(collection, schema=schema, timeout=LONG)

    def insert(self, collection: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows."""
        for message in messages(rows):
            with self._translated():
                self._client.insert(collection, message, timeout=LONG)

    def replace(self, collection: str, row: Mapping[str, object]) -> None:
        """Write a row, over the one of its id if there is one."""
        with self._translated():
            self._client.upsert(collection, dict(row), timeout=PATIENCE)

    def index(self, collection: str, table: Table, rows: int) -> None:
        """Let a collection of so many rows be searched."""
        with self._translated():
            self._client.flush(collection, timeout=LONG)
        for field in table.fields:
            if field.search is None:
                continue
            try:
                self._index(collection, field.name, field.search, rows)
            except EngineFailed as exc:
                # Milvus Lite has none of arrays, and filters all the same.
                if field.kind is not Kind.NUMBERS or isinstance(exc, (Unreachable, Refused)):
                    raise
        self.load(collection)

    def _index(self, collection: str, name: str, search: Search, rows: int) -> None:
        search = Search.NONE if search is Search.LISTS and lists(rows) == 1 else search
        found = MilvusClient.prepare_index_params()
        found.add_index(name, index_type=search.value, **built(search, rows))
        with self._translated():
            self._client.create_index(collection, found, timeout=LONG, sync=False)

    def load(self, collection: str) -> None:
        """Let a collection answer, as it does already unless it was let go of."""
        with self._translated():
            self._client.load_collection(collection, timeout=LONG)

    def drop(self, collection: str) -> None:
        """Remove a collection."""
        with self._translated():
            self._client.drop_collection(collection, timeout=LONG)

    def count(self, collection: str) -> int:
        """How many rows a collection has, all that was written before counted."""
        found = self._asked(
            collection,
            lambda: self._client.query(
                collection, filter="", output_fields=["count(*)"], consistency_level="Strong", timeout=LONG
            ),
        )
        return int(found[0]["count(*)"])

    def rows(self, collection: str, numbers: Sequence[int], fields: Sequence[str]) -> dict[int, dict[str, Any]]:
        """Rows by their ids, those that there are."""
        found: dict[int, dict[str, Any]] = {}
        for at in range(0, len(numbers), IDS):
            batch = self.where(collection, f"id in {[int(number) for number in numbers[at : at + IDS]]}", fields)
            found.update((int(row["id"]), row) for row in batch)
        return found

    def where(
        self, collection: str, condition: str, fields: Sequence[str], limit: int | None = None, *, newest: bool = False
    ) -> list[dict[str, Any]]:
        """Rows that meet a condition, or `limit` of them; `newest` sees all that was written before."""
        options: dict[str, Any] = {"consistency_level": "Strong"} if newest else {}
        if limit is not None:
            options["limit"] = min(limit, DEEPEST)
        found = self._asked(
            collection,
            lambda: self._client.query(
                collection, filter=condition, output_fields=["id", *fields], timeout=PATIENCE, **options
            ),
        )
        return [dict(row) for row in found]

    def nearest(self, collection: str, field: Field, near: Near, condition: str, give: str) -> Rows:
        """(n,) numbers in the field `give`, best first, of the rows nearest to a vector."""
        limit = min(near.limit, DEEPEST)
        far = looked(field, near.among, limit, everywhere=bool(condition))
        return self._search(collection, field, near.vector.tolist(), limit, condition, give, far)

    def matching(self, collection: str, field: Field, weights: Mapping[int, float], limit: int, condition: str) -> Rows:
        """(n,) ids, best first, of the rows whose sparse vectors have the largest products with `weights`."""
        if not weights:
            return np.empty(0, dtype=np.int64)
        return self._search(collection, field, dict(weights), min(limit, DEEPEST), condition, "id", {})

    def _search(
        self,
        collection: str,
        field: Field,
        vector: object,
        limit: int,
        condition: str,
        give: str,
        far: Mapping[str, int],
    ) -> Rows:
        found = self._asked(
            collection,
            lambda: self._client.search(
                collection,
                data=[vector],
                anns_field=field.name,
                limit=limit,
                filter=condition,
                output_fields=[give],
                search_params={"metric_type": "IP", "params": dict(far)},
                timeout=PATIENCE,
            ),
        )
        return np.array([int(hit["entity"][give]) for hit in found[0]], dtype=np.int64)

    def _asked(self, collection: str, ask: Callable[[], Any]) -> Any:
        """What `ask` gives; a collection that a server let go of, as it started anew, is loaded first."""
        try:
            with self._translated():
                return ask()
        except NotLoaded:
            self.load(collection)
        with self._translated():
            return ask()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, OSError) as exc:
            error = fault_of(self.address, exc)
            if isinstance(error, Unreachable):
                self._disconnect()
            raise error from exc


def _credentials(address: MilvusAddress) -> dict[str, str]:
    """What the environment says; a file has none."""
    if address.lite:
        return {}
    found = {name: os.environ.get(f"MILVUS_{name.upper()}", "") for name in ("token", "user", "password")}
    return {name: value for name, value in found.items() if value}
