"""The budget: an article that takes too long is skipped."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from retrieval.reading import budget, files, post
from retrieval.reading.files import UnreadableFile


def test_an_article_that_takes_too_long_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SECONDS", 0.05)
    with pytest.raises(UnreadableFile, match="took longer"):
        post.read("a.md", "a\n" * 500_000)


def test_reading_goes_on_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SECONDS", 0.05)
    with budget.budget(budget.UNWATCHED + 1):
        pass
    time.sleep(0.1)


def test_nesting_too_deep_is_a_reason() -> None:
    with pytest.raises(UnreadableFile, match="nested too deeply"), budget.budget(1):
        raise RecursionError


def test_what_became_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(UnreadableFile, match="no longer a file"):
        files.read_bytes(tmp_path / "a.md")
