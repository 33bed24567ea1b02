"""Faults: what goes wrong on Milvus, or on the way there, as this package's errors."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
from pymilvus import MilvusException

from retrieval.errors import EngineFailed, Refused, Unreachable
from retrieval.indexing.address import MilvusAddress

_ACCESS = (1400, 1401)
_NO_DATABASE = 800
_STATUS: dict[grpc.StatusCode | None, type[EngineFailed]] = {
    grpc.StatusCode.UNAUTHENTICATED: Refused,
    grpc.StatusCode.PERMISSION_DENIED: Refused,
    grpc.StatusCode.UNAVAILABLE: Unreachable,
    grpc.StatusCode.DEADLINE_EXCEEDED: Unreachable,
    grpc.StatusCode.CANCELLED: Unreachable,
    grpc.StatusCode.RESOURCE_EXHAUSTED: EngineFailed,
}


class Missing(EngineFailed):
    """A collection is not there."""


class NotLoaded(EngineFailed):
    """A collection is there, but does not answer."""


_CODES = {100: Missing, 101: NotLoaded}


def fault_of(address: MilvusAddress, exc: Exception) -> EngineFailed:
    """The error that a library's is raised as."""
    kind = _kind(exc)
    said = " ".join(_said(exc).split())[:200]
    if isinstance(exc, MilvusException) and (exc.code == _NO_DATABASE or said.startswith("database ")):
        name = address.database or "default"
        return EngineFailed(address, f"Milvus has no database {name} ({said}); make it there, or name another")
    if kind is Refused:
        return Refused(
            address,
            f"Milvus refuses access ({said}); set MILVUS_TOKEN, or MILVUS_USER and MILVUS_PASSWORD, aright",
        )
    if address.lite and isinstance(exc, OSError):
        return EngineFailed(address, f"no place for Milvus Lite ({exc.strerror or exc}); choose another")
    if kind is Unreachable and address.lite:
        return Unreachable(address, f"Milvus Lite cannot open it ({said}); another process may have it open")
    if kind is Unreachable:
        return Unreachable(address, f"Milvus does not answer ({said}); see that it runs, and ask again")
    return kind(address, f"Milvus failed ({said}); the index is as it was, see the server's log")


def _kind(exc: Exception) -> type[EngineFailed]:
    if isinstance(exc, MilvusException):
        return _kind_of_code(exc)
    code = exc.code() if isinstance(exc, grpc.Call) else None
    return _STATUS.get(code, Unreachable)


def _kind_of_code(exc: MilvusException) -> type[EngineFailed]:
    if exc.code in _ACCESS or "auth check failure" in str(exc.message):
        return Refused
    if exc.code in _CODES:
        return _CODES[exc.code]
    for cause in _causes(exc):
        if isinstance(cause, (grpc.RpcError, grpc.FutureTimeoutError)):
            return _STATUS.get(cause.code() if isinstance(cause, grpc.Call) else None, Unreachable)
    unreachable = ("Retry timeout", "Fail connecting", "Open local milvus", "closed channel", "connection first")
    return Unreachable if any(words in str(exc.message) for words in unreachable) else EngineFailed


def _causes(exc: BaseException) -> Iterator[BaseException]:
    """What an error was raised over; the client raises errors from themselves, so each is given once."""
    seen: set[int] = set()
    cause: BaseException | None = exc.__context__
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__context__


def _said(exc: Exception) -> str:
    if isinstance(exc, MilvusException):
        # What the client says of a connection is the same whatever keeps it from being made.
        refusals = (str(each.details()) for each in _causes(exc) if isinstance(each, grpc.Call) and _refuses(each))
        return next(refusals, str(exc.message))
    return str(exc.details()) if isinstance(exc, grpc.Call) else str(exc) or type(exc).__name__


def _refuses(call: grpc.Call) -> bool:
    return _STATUS.get(call.code()) is Refused
