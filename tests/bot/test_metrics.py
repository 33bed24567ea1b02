"""What the bot counts."""

from bot.metrics import Metrics


def test_questions_are_counted_by_what_became_of_them() -> None:
    metrics = Metrics()
    metrics.count("answered", 0.02)
    metrics.count("busy")
    counts = metrics.counts()
    assert counts.of == {"answered": 1, "unanswered": 0, "busy": 1, "limited": 0, "failed": 0}
    assert counts.hours >= 0
