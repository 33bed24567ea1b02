"""Articles as they are kept on Milvus: one record each, in pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from retrieval.indexing.catalogue.stored import pack_date, unpack_date
from retrieval.indexing.milvus.packing import pack, unpack
from retrieval.records import Article


def article_body(article: Article) -> list[str]:
    """An article's record."""
    fields = asdict(article)
    fields["date"] = pack_date(article.date)
    return pack(fields)


def article_in(body: Iterable[str]) -> Article:
    """The article of a record."""
    fields = unpack(body)
    fields["date"] = unpack_date(fields["date"])
    fields["categories"], fields["tags"] = tuple(fields["categories"]), tuple(fields["tags"])
    return Article(**fields)
