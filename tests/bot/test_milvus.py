"""The real program on an index on Milvus, whose server goes and comes back."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_server import TOKEN, ApiServer
from running import REAL, ROOT, free_port, started

from bot.languages.language import language_for
from retrieval.indexing.build import build_index
from tests.retrieval.indexing.milvus.server import Server

ENGLISH = language_for("en")
QUESTION = "北汀岛的灯塔谁在守？"


@pytest.fixture
def milvus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with an index of one year's sample articles."""
    server = Server(tmp_path / "milvus")
    build_index(ROOT / "tests" / "articles" / "2021", server.address)
    yield server
    server.stop()


def answer(server: ApiServer) -> str:
    before = len(server.sent())
    server.say(QUESTION)
    parsed = server.wait("sendMessage", before + 1, seconds=40)[-1].parsed
    assert parsed
    return parsed.text


def health(port: int) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_bot_answers_as_soon_as_the_server_is_back(server: ApiServer, milvus: Server, tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_BASE_URL": server.base_url,
        "INDEX_DIR": milvus.address,
        "METRICS_PORT": str(port),
    }
    with started(tmp_path, settings, program=REAL) as program:
        server.wait("getMe", seconds=60)
        assert "罗怀安" in answer(server)
        assert health(port) == (200, "ok\n")
        milvus.stop()
        assert answer(server) == ENGLISH.trouble
        code, said = health(port)
        assert (code, said.count("\n")) == (503, 1)
        assert "Milvus does not answer" in said
        milvus.start()
        assert "罗怀安" in answer(server)
        assert health(port) == (200, "ok\n")
        ended = program.stop()
    assert ended.code == 0
    assert "Traceback" not in ended.err
