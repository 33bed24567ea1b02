"""Articles as they are kept on Milvus: one record each, in pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from retrieval.indexing.milvus.packing import pack, unpack
from retrieval.records import Article


def article_body(article: Article) -> list[str]:
    """An article's record."""
    fields = asdict(article)
    fields["date"] = article.date.isoformat() if article.date else None
    return pack(fields)


def article_in(body: Iterable[str]) -> Article:
    """The article of a record."""
    fields = unpack(body)
    fields["date"] = _date(fields["date"])
    fields["categories"], fields["tags"] = tuple(fields["categories"]), tuple(fields["tags"])
    return Article(**fields)


def _date(text: str | None) -> datetime | date | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
