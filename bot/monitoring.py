"""Monitoring over HTTP: `/health` says whether the bot can answer, `/metrics` what it has done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def serve(host: str, port: int, metrics: WSGIApplication, trouble: Callable[[], str | None]) -> Callable[[], None]:
    """Serve both until the function that this gives is called; `trouble` says what keeps the bot from answering.

    Raises OSError where the port cannot be used.
    """

    def application(environment: WSGIEnvironment, respond: StartResponse) -> Iterable[bytes]:
        if environment["PATH_INFO"] == "/health":
            return _health(trouble(), respond)
        return metrics(environment, respond)

    server = make_server(host, port, application, _Server, _Silent)
    thread = Thread(target=server.serve_forever, name="monitoring", daemon=True)
    thread.start()

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Being looked at is no news."""


def _health(trouble: str | None, respond: StartResponse) -> Iterable[bytes]:
    status = "503 Service Unavailable" if trouble else "200 OK"
    respond(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{trouble or 'ok'}\n".encode("utf-8", "replace")]
