"""The client: what an index asks of Milvus, in so many words, and what goes wrong there as this package's errors.

Milvus Lite does all of this; what it lacks, indexes of arrays, is left out where the address is a file.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder import Vectors
from retrieval.errors import EngineFailed, Refused, Unreachable, UnusableIndex
from retrieval.indexing.address import MilvusAddress
from retrieval.indexing.milvus import lite
from retrieval.indexing.milvus.layout import Field, Kind, Search, Table, lists, probes
from retrieval.indexing.vectors.codes import Rows

try:
    import grpc
    from pymilvus import DataType, MilvusClient, MilvusException
except ImportError as exc:
    raise UnusableIndex(Path("Milvus"), "its client is not installed; install it: pip install 'wenda[milvus]'") from exc

PATIENCE = 5.0
"""Seconds that a question waits for an answer."""
LONG = 600.0
"""Seconds that a step of a rebuild may take: indexing, loading."""
IDS = 1_000
"""Rows asked for at a time by their numbers."""
DEEPEST = 16_384
"""Most rows that a server looks up at once."""
_ACCESS = (1400, 1401)
_NOT_FOUND = 100
_STATUS = {
    grpc.StatusCode.UNAUTHENTICATED: Refused,
    grpc.StatusCode.PERMISSION_DENIED: Refused,
    grpc.StatusCode.UNAVAILABLE: Unreachable,
    grpc.StatusCode.DEADLINE_EXCEEDED: Unreachable,
    grpc.StatusCode.CANCELLED: Unreachable,
}
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


class Missing(EngineFailed):
    """A collection is not there."""


class Client:
    """A connection to where an index is. Every method raises Unreachable, Refused or EngineFailed."""

    def __init__(self, address: MilvusAddress) -> None:
        self.address = address
        self._closed = False
        with self._translated():
            if address.lite:
                lite.use(address.uri)
            try:
                self._client = MilvusClient(
                    address.uri, db_name=address.database, timeout=PATIENCE, dedicated=True, **_credentials(address)
                )
            except BaseException:
                self._leave()
                raise

    def close(self) -> None:
        """Let go of the connection."""
        if self._closed:
            return
        with suppress(MilvusException, grpc.RpcError):
            self._client.close()
        self._leave()

    def _leave(self) -> None:
        self._closed = True
        if self.address.lite:
            lite.leave(self.address.uri)

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
            schema.add_field(field.name, **_described(field, dimension))
        with self._translated():
            self._client.create_collection(collection, schema=schema, timeout=LONG)

    def insert(self, collection: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows."""
        if rows:
            with self._translated():
                self._client.insert(collection, list(rows), timeout=LONG)

    def replace(self, collection: str, row: Mapping[str, object]) -> None:
        """Write a row, over the one of its id if there is one."""
        with self._translated():
            self._client.upsert(collection, dict(row), timeout=PATIENCE)

    def index(self, collection: str, table: Table, rows: int) -> None:
        """Let a collection of so many rows be searched."""
        found = MilvusClient.prepare_index_params()
        for field in table.fields:
            if field.search and not (self.address.lite and field.kind is Kind.NUMBERS):
                found.add_index(field.name, index_type=field.search.value, **_built(field.search, rows))
        with self._translated():
            self._client.flush(collection, timeout=LONG)
            self._client.create_index(collection, found, timeout=LONG, sync=False)
            self._client.load_collection(collection, timeout=LONG)

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
        with self._translated():
            found = self._client.query(
                collection, filter="", output_fields=["count(*)"], consistency_level="Strong", timeout=LONG
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
        with self._translated():
            found = self._client.query(
                collection, filter=condition, output_fields=["id", *fields], timeout=PATIENCE, **options
            )
            return [dict(row) for row in found]

    def nearest(self, collection: str, field: Field, near: Near, condition: str, give: str) -> Rows:
        """(n,) numbers in the field `give`, best first, of the rows nearest to a vector."""
        limit = min(near.limit, DEEPEST)
        looked = _looked(field, near.among, limit, everywhere=bool(condition))
        return self._search(collection, field, near.vector.tolist(), limit, condition, give, looked)

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
        looked: Mapping[str, int],
    ) -> Rows:
        with self._translated():
            found = self._client.search(
                collection,
                data=[vector],
                anns_field=field.name,
                limit=limit,
                filter=condition,
                output_fields=[give],
                search_params={"metric_type": "IP", "params": dict(looked)},
                timeout=PATIENCE,
            )
        return np.array([int(hit["entity"][give]) for hit in found[0]], dtype=np.int64)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, OSError) as exc:
            raise self._error(exc) from exc

    def _error(self, exc: Exception) -> EngineFailed:
        kind = _kind(exc)
        said = " ".join(_said(exc).split())[:200]
        if kind is Refused:
            return Refused(
                self.address,
                f"Milvus refuses access ({said}); set MILVUS_TOKEN, or MILVUS_USER and MILVUS_PASSWORD, aright",
            )
        if kind is Unreachable and self.address.lite:
            return Unreachable(self.address, f"Milvus Lite cannot open it ({said}); another process may have it open")
        if kind is Unreachable:
            return Unreachable(self.address, f"Milvus does not answer ({said}); see that it runs, and ask again")
        return kind(self.address, f"Milvus failed ({said}); the index is as it was, see the server's log")


def _kind(exc: Exception) -> type[EngineFailed]:
    if isinstance(exc, MilvusException):
        return _kind_of_code(exc)
    code = exc.code() if isinstance(exc, grpc.Call) else None
    return _STATUS.get(code, Unreachable)


def _kind_of_code(exc: MilvusException) -> type[EngineFailed]:
    if exc.code in _ACCESS or "auth check failure" in str(exc.message):
        return Refused
    if exc.code == _NOT_FOUND:
        return Missing
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(cause, (grpc.RpcError, grpc.FutureTimeoutError)):
            return _STATUS.get(cause.code() if isinstance(cause, grpc.Call) else None, Unreachable)
        cause = cause.__cause__
    unreachable = ("Retry timeout", "Fail connecting", "Open local milvus", "closed channel", "connection first")
    return Unreachable if any(words in str(exc.message) for words in unreachable) else EngineFailed


def _said(exc: Exception) -> str:
    if isinstance(exc, MilvusException):
        return str(exc.message)
    return str(exc.details()) if isinstance(exc, grpc.Call) else str(exc) or type(exc).__name__


def _credentials(address: MilvusAddress) -> dict[str, str]:
    """What the environment says; a file has none."""
    if address.lite:
        return {}
    found = {name: os.environ.get(f"MILVUS_{name.upper()}", "") for name in ("token", "user", "password")}
    return {name: value for name, value in found.items() if value}


def _described(field: Field, dimension: int) -> dict[str, Any]:
    described: dict[Kind, dict[str, Any]] = {
        Kind.KEY: {"datatype": DataType.INT64, "is_primary": True},
        Kind.NUMBER: {"datatype": DataType.INT64},
        Kind.REAL: {"datatype": DataType.DOUBLE},
        Kind.NUMBERS: {"datatype": DataType.ARRAY, "element_type": DataType.INT64, "max_capacity": 4_096},
        Kind.PIECES: {
            "datatype": DataType.ARRAY,
            "element_type": DataType.VARCHAR,
            "max_capacity": 4_096,
            "max_length": 65_535,
        },
        Kind.VECTOR: {"datatype": DataType.FLOAT_VECTOR, "dim": dimension},
        Kind.SPARSE: {"datatype": DataType.SPARSE_FLOAT_VECTOR},
        Kind.NO_VECTOR: {"datatype": DataType.FLOAT_VECTOR, "dim": 2},
    }
    return described[field.kind]


def _built(search: Search, rows: int) -> dict[str, Any]:
    """How an index over so many rows is built."""
    if search is Search.VALUES:
        return {}
    parameters = {Search.GRAPH: {"M": 24, "efConstruction": 240}, Search.LISTS: {"nlist": lists(rows)}}
    # The client sends what it finds in `params` side by side, where Milvus Lite does not look.
    return {"metric_type": "IP", "params": {"params": parameters.get(search, {})}}


def _looked(field: Field, rows: int, limit: int, *, everywhere: bool) -> dict[str, int]:
    """How far a search looks; `everywhere`: into all lists, as what a filter allows may lie in any."""
    if field.search is Search.GRAPH:
        return {"ef": max(2 * limit, 256)}
    return {"nprobe": lists(rows) if everywhere else probes(lists(rows))}
