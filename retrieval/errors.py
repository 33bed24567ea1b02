"""What can go wrong in the retrieval layer.

RetrievalError
├── UnusableArticles   the articles folder cannot be used
├── UnusableIndex      the index cannot be used
│   ├── BadAddress     its address cannot be one
│   ├── NoIndex        there is none yet
│   ├── WrongModel     it was made by another model
│   ├── WrongFormat    it was made by another version of this program
│   ├── DamagedIndex   a part of it is missing or is not what was written
│   ├── IndexBusy      another process is rebuilding it
│   └── EngineFailed   the server it is on does not do its part
│       ├── Unreachable   it is not there, or does not answer
│       └── Refused       it does not take the credentials
├── UnusableServer     a database server cannot be reached, or refuses what is asked of it
├── MissingExtra       a library is needed that comes with an extra of this package
├── ClusterFailed      the cluster that should do the work is not there, or cannot do it
├── ClosedRetriever    a retriever is asked after it was closed
└── BadQuestion        the question cannot be searched: empty, too long, no hits asked for
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.indexing.address import Address


class RetrievalError(Exception):
    """Root of this package's errors; the message says what happened and what to do."""


class UnusableArticles(RetrievalError):
    """The articles folder is missing, empty, or holds no readable article."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path


class UnusableIndex(RetrievalError):
    """The index cannot be used as it is."""

    def __init__(self, path: Address, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path


class BadAddress(UnusableIndex):
    """What is given as an index's address cannot be one."""

    def __init__(self, text: str, reason: str) -> None:
        # Not by super(): a path would lose a slash of it.
        RetrievalError.__init__(self, f"{text}: no address of an index; {reason}")
        self.path = Path(text)


class NoIndex(UnusableIndex):
    """There is no index at this place yet."""

    def __init__(self, path: Address) -> None:
        super().__init__(path, "no index here yet; make one with: rebuild-embeddings ARTICLES --index " + str(path))


class WrongModel(UnusableIndex):
    """The index holds vectors of another model than the one that asks."""

    def __init__(self, path: Address, expected: str, found: str) -> None:
        super().__init__(
            path,
            f"the index was made by the model {expected}, not {found}; "
            f"choose that model, or rebuild: rebuild-embeddings ARTICLES --index {path}",
        )
        self.expected = expected
        self.found = found


class WrongFormat(UnusableIndex):
    """The index was written in another format than this program reads."""

    def __init__(self, path: Address, expected: int, found: object) -> None:
        super().__init__(
            path,
            f"the index has format {found}, this program reads format {expected}; "
            f"rebuild it: rebuild-embeddings ARTICLES --index {path}",
        )
        self.expected = expected
        self.found = found


class DamagedIndex(UnusableIndex):
    """A part of the index, or of one of its generations, is missing or is not what was written."""

    def __init__(self, path: Address, reason: str) -> None:
        if isinstance(path, Path) and path.parent.name == "generations":
            path = path.parent.parent
        super().__init__(path, f"damaged index: {reason}; repair it: rebuild-embeddings ARTICLES --full --index {path}")


class IndexBusy(UnusableIndex):
    """Another process is rebuilding this index."""

    def __init__(self, path: Address, holder: str) -> None:
        super().__init__(path, f"another rebuild is under way ({holder}); wait for it to end, or stop it")
        self.holder = holder


class EngineFailed(UnusableIndex):
    """The server that the index is on does not do its part; the index is as it was."""


class Unreachable(EngineFailed):
    """The server is not there, or does not answer in time."""


class Refused(EngineFailed):
    """The server does not take the credentials, or does not allow what was asked of it."""


class UnusableServer(RetrievalError):
    """A database server cannot be reached, or refuses what is asked of it."""

    def __init__(self, server: str, reason: str) -> None:
        super().__init__(f"{server} cannot be used ({reason})")
        self.server = server
        self.reason = reason


class MissingExtra(RetrievalError):
    """A library is needed that comes with an extra of this package."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed; install it: pip install 'wenda[{extra}]'")
        self.extra = extra


class ClusterFailed(RetrievalError):
    """The cluster is not there, is gone, or cannot do the work; nothing was changed."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address


class ClosedRetriever(RetrievalError):
    """A retriever is asked after it was closed."""

    def __init__(self) -> None:
        super().__init__("the retriever is closed; open another one with Retriever.open")


class BadQuestion(RetrievalError):
    """The question cannot be searched: it is empty, too long, or asks for fewer than one hit."""
