"""A Milvus server on the loopback address that can be taken away and brought back: Milvus Lite behind its own port."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import grpc
from milvus_lite.adapter.grpc.server import start_server_in_thread


class _Locked(grpc.ServerInterceptor):
    """Lets in whoever has the token."""

    def __init__(self, token: str) -> None:
        self._authorization = token

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        import base64

        sent = dict(details.invocation_metadata).get("authorization", "")
        if base64.b64decode(sent).decode() == self._authorization:
            return continuation(details)
        return grpc.unary_unary_rpc_method_handler(
            lambda _, context: context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure, please check token")
        )


class Server:
    """A server with one folder of data; starts at once."""

    def __init__(self, folder: Path, *, token: str = "") -> None:
        self._folder = folder
        self._token = token
        self.port = _free_port()
        self.start()

    @property
    def address(self) -> str:
        """Of an index on it."""
        return f"milvus://127.0.0.1:{self.port}/news"

    def start(self) -> None:
        """Be there, on the same port as before."""
        if self._token:
            self._server, self._db = _locked_server(self._folder, self.port, self._token)
            return
        self._server, self._db, _ = start_server_in_thread(str(self._folder), port=self.port)

    def stop(self) -> None:
        """Be gone, at once."""
        self._server.stop(grace=None).wait()
        self._db.close()


def _locked_server(folder: Path, port: int, token: str) -> tuple[grpc.Server, Any]:
    from concurrent.futures import ThreadPoolExecutor

    from milvus_lite.adapter.grpc.servicer import MilvusServicer
    from milvus_lite.db import MilvusLite
    from pymilvus.grpc_gen import milvus_pb2_grpc

    db = MilvusLite(str(folder))
    server = grpc.server(ThreadPoolExecutor(4), interceptors=[_Locked(token)])
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(db), server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server, db


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
