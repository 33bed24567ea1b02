"""An index on Milvus: built, kept in generations, and searched. The one package that imports its client."""

from pathlib import Path

from retrieval.errors import UnusableIndex

try:
    import pymilvus  # noqa: F401
except ImportError as exc:
    raise UnusableIndex(Path("Milvus"), "its client is not installed; install it: pip install 'wenda[milvus]'") from exc
