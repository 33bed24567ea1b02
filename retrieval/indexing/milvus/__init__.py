"""An index on Milvus: built, kept in generations, and searched. The one package that imports its client."""

import os
from pathlib import Path

from retrieval.errors import UnusableIndex

# gRPC's own core writes what it raises to stderr, too; it looks when it is loaded.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
try:
    import pymilvus  # noqa: F401
except ImportError as exc:
    raise UnusableIndex(Path("Milvus"), "its client is not installed; install it: pip install 'wenda[milvus]'") from exc
