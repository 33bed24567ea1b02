"""Forms: how Milvus is told what a field holds, how it is searched, and how far."""

from __future__ import annotations

from typing import Any

from pymilvus import DataType

from retrieval.indexing.milvus.layout import Field, Kind, Search, lists, probes


def described(field: Field, dimension: int) -> dict[str, Any]:
    """What a field of a new collection holds; `dimension` is that of the model's vectors."""
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


def built(search: Search, rows: int) -> dict[str, Any]:
    """How an index over so many rows is built."""
    if search is Search.VALUES:
        return {}
    parameters = {Search.GRAPH: {"M": 24, "efConstruction": 240}, Search.LISTS: {"nlist": lists(rows)}}
    # The client sends what it finds in `params` side by side, where Milvus Lite does not look.
    return {"metric_type": "IP", "params": {"params": parameters.get(search, {})}}


def looked(field: Field, rows: int, limit: int, *, everywhere: bool) -> dict[str, int]:
    """How far a search looks; `everywhere`: into all lists, as what a filter allows may lie in any."""
    if field.search is Search.GRAPH:
        return {"ef": max(2 * limit, 256)}
    return {"nprobe": lists(rows) if everywhere else probes(lists(rows))}
