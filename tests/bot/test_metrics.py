"""Metrics over HTTP."""

import socket
import urllib.request

from bot.metrics import Metrics


def test_what_is_counted_is_shown_over_http() -> None:
    metrics = Metrics()
    metrics.count("answered", 0.02)
    metrics.count("busy")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    end = metrics.serve(port, queue=lambda: 3, created=lambda: "2024-03-01T08:00:00+00:00")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
        shown = response.read().decode()
    end()
    assert 'wenda_questions_total{outcome="answered"} 1.0' in shown
    assert "wenda_answer_seconds_count 1.0" in shown
    assert "wenda_queue 3.0" in shown
    assert "wenda_index_age_seconds" in shown
    assert metrics.counts().of["busy"] == 1
