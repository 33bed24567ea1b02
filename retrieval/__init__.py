"""Articles in, passages out: the retrieval layer's public surface."""

from typing import TYPE_CHECKING, Any

from retrieval.errors import RetrievalError
from retrieval.records import Answer, Article, BuildReport, Category, Filter, Hit, Mention, Skipped
from retrieval.searching.retriever import Retriever

if TYPE_CHECKING:
    from retrieval.indexing.build import build_index

__all__ = [
    "Answer",
    "Article",
    "BuildReport",
    "Category",
    "Filter",
    "Hit",
    "Mention",
    "RetrievalError",
    "Retriever",
    "Skipped",
    "build_index",
]


def __getattr__(name: str) -> Any:
    # Building reads articles, which takes libraries that a question would wait for.
    if name == "build_index":
        from retrieval.indexing.build import build_index

        return build_index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
