"""Health and metrics over HTTP."""

import socket
import urllib.error
import urllib.request

from bot.metrics import Metrics
from bot.monitoring import serve


def read(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as response:
            return int(response.status), response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_health_tells_what_is_the_matter_and_metrics_what_was_done() -> None:
    metrics, troubles = Metrics(), [None, "the index went away"]
    metrics.count("answered", 0.02)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shown = metrics.application(queue=lambda: 3, created=lambda: "2024-03-01T08:00:00+00:00")
    end = serve("127.0.0.1", port, shown, lambda: troubles.pop(0))
    try:
        assert read(port, "/health") == (200, "ok\n")
        assert read(port, "/health") == (503, "the index went away\n")
        status, text = read(port, "/metrics")
    finally:
        end()
    assert status == 200
    assert 'wenda_questions_total{outcome="answered"} 1.0' in text
    assert "wenda_queue 3.0" in text
    assert "wenda_index_age_seconds" in text
