"""What a generation on Milvus says of itself, in the one row of its collection `about`."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from retrieval.indexing.manifest import Manifest
from retrieval.indexing.milvus.packing import pack, unpack
from retrieval.indexing.vectors.index import ScriptMeans
from retrieval.records import Category

ROW = 0


@dataclass(frozen=True, slots=True)
class About:
    """What a generation is."""

    manifest: Manifest
    means: ScriptMeans
    categories: tuple[Category, ...]
    sources: str
    """A hash of all files it was made of."""
    addresses: str
    """A hash of the articles' URLs."""
    ahead: bool
    """Whether an article's URL may be another on another day."""

    def row(self) -> dict[str, object]:
        """The row that is written."""
        record = {
            "manifest": asdict(self.manifest),
            "counts": self.means.counts.tolist(),
            "means": b64encode(self.means.sentences.astype("<f4").tobytes()).decode("ascii"),
            "categories": [(each.name, each.articles) for each in self.categories],
            "sources": self.sources,
            "addresses": self.addresses,
            "ahead": self.ahead,
        }
        return {"id": ROW, "body": pack(record), "blank": [0.0, 0.0]}


def manifest_fields(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The manifest's fields in a row, whatever format they have, and all that the row says. Raises ValueError."""
    record = unpack(row["body"])
    if not isinstance(record, dict) or not isinstance(record.get("manifest"), dict):
        raise ValueError("no manifest in it")
    return record["manifest"], record


def about_in(record: dict[str, Any]) -> About:
    """What a row of this program's format says. Raises KeyError, TypeError, ValueError."""
    fields = record["manifest"]
    fields["skipped"] = [(path, reason) for path, reason in fields["skipped"]]
    means = np.frombuffer(b64decode(record["means"]), dtype="<f4").reshape(-1, fields["dimension"])
    return About(
        Manifest(**fields),
        ScriptMeans(np.array(record["counts"], dtype=np.int64), means.astype(np.float32)),
        tuple(Category(name, articles) for name, articles in record["categories"]),
        record["sources"],
        record["addresses"],
        record["ahead"],
    )
