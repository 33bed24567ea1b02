"""HTTP as the Bot API speaks it: arguments in forms or JSON, answers in JSON."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl

DROPPED = 0
"""Instead of a status: the connection is closed without a response."""


class Api(Protocol):
    """What answers the requests."""

    stopping: bool

    def handle(self, token: str, method: str, arguments: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and body of the response to one request."""
        ...


class HttpServer(ThreadingHTTPServer):
    """Serves an API on a loopback port."""

    daemon_threads = True
    # Of 80 people who write at once; with the usual 5, a busy machine resets connections.
    request_queue_size = 128

    def __init__(self, port: int, api: Api) -> None:
        super().__init__(("127.0.0.1", port), _handler_for(api))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A bot that is told to stop drops the connection on which it waits for updates."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _handler_for(api: Api) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                # A request given up halfway, as when an answer comes before the typing sign is on its way.
                self.close_connection = True
                return
            token, _, method = self.path.removeprefix("/bot").partition("/")
            status, answer = api.handle(token, method, _arguments(self.headers.get("Content-Type", ""), body))
            content = json.dumps(answer).encode()
            if api.stopping or status == DROPPED:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Keep the test's output clean."""

    return Handler


def _arguments(kind: str, body: bytes) -> dict[str, Any]:
    if kind.startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body))
    return {name: _value(name, text) for name, text in pairs}


def _value(name: str, text: str) -> Any:
    """Structured fields travel as JSON; a text that looks like JSON is still a text."""
    if name == "text" or not text.startswith(("[", "{")):
        return text
    return json.loads(text)
