"""Lets the tests of the bot import what they share, which lies beside them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from api_server import ApiServer


@pytest.fixture
def server() -> Iterator[ApiServer]:
    """A Bot API server on a loopback port; what it refused fails the test."""
    with ApiServer().running() as server:
        yield server
    assert server.refused == []
