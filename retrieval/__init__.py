"""Articles in, passages out: the retrieval layer's public surface."""

from retrieval.errors import RetrievalError
from retrieval.indexing.build import build_index
from retrieval.records import Answer, Article, BuildReport, Category, Filter, Hit, Mention, Skipped
from retrieval.searching.retriever import Retriever

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
