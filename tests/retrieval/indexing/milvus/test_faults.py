"""Servers that are not there, go away, refuse, or hold something else: one clear line, and old data untouched."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embeddings.encoder import Vectors
from retrieval import Retriever, build_index
from retrieval.commands.ask import main as ask
from retrieval.errors import (
    DamagedIndex,
    EngineFailed,
    NoIndex,
    Refused,
    RetrievalError,
    Unreachable,
    UnusableIndex,
    WrongModel,
)
from retrieval.indexing.address import located
from retrieval.indexing.milvus import client as room
from retrieval.indexing.milvus import messages, remembered
from retrieval.indexing.milvus.client import Client
from retrieval.indexing.milvus.layout import LOCK, PASSAGES, collection_of, generation_of
from retrieval.indexing.milvus.packing import pack
from retrieval.indexing.milvus.upload import Upload
from tests.retrieval.conftest import HashingEncoder
from tests.retrieval.indexing.milvus.server import Server

QUESTION = "潮汐表几点贴出来？"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(room, "PATIENCE", 1.0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "server")
    yield started
    started.stop()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    """Looks at what is on the server."""
    opened = Client(located(server.address))
    yield opened
    opened.close()


def _generations(client: Client) -> set[str]:
    return {name for each in client.collections() if (name := generation_of("news", each))}


def test_a_server_that_is_not_there(
    server: Server, articles: Path, encoder: HashingEncoder, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking and rebuilding say so in one line."""
    monkeypatch.setattr("retrieval.commands.ask.load_encoder", lambda _: encoder)
    server.stop()
    with pytest.raises(Unreachable, match=f"127.0.0.1:{server.port}/news: Milvus does not answer"):
        Retriever.open(server.address, encoder=encoder)
    with pytest.raises(Unreachable):
        build_index(articles, server.address, encoder=encoder)
    assert ask(["a question", "--index", server.address]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "does not answer" in said
    server.start()


def test_a_server_that_goes_and_comes_back(server: Server, articles: Path, encoder: HashingEncoder) -> None:
    """Each question meanwhile fails by itself; afterwards the same retriever answers as before."""
    build_index(articles, server.address, encoder=encoder)
    with Retriever.open(server.address, encoder=encoder) as retriever:
        before = retriever.answer(QUESTION)
        server.stop()
        for _ in range(2):
            with pytest.raises(Unreachable):
                retriever.answer(QUESTION)
        with pytest.raises(RetrievalError):
            retriever.latest()
        server.start()
        assert retriever.answer(QUESTION) == before


class Cutting(HashingEncoder):
    """Takes the server away when it is first asked to encode."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server

    def encode_passages(self, texts: list[str]) -> Vectors:
        if not self.passages:
            self._server.stop()
        return super().encode_passages(texts)


def test_a_server_that_goes_amid_a_rebuild(
    server: Server, articles: Path, encoder: HashingEncoder, client: Client
) -> None:
    """The old generation answers when it is back; what was embedded is not embedded again, what was left is swept."""
    first = build_index(articles, server.address, encoder=encoder)
    (articles / "new.md").write_text("---\ntitle: 码头\n---\n新码头在秋天开放，可以停靠四十条船，夜里有灯。", "utf-8")
    with pytest.raises(Unreachable):
        build_index(articles, server.address, encoder=Cutting(server))
    server.start()
    with Retriever.open(server.address, encoder=encoder) as retriever:
        assert retriever.about().generation == first.generation
        assert retriever.search(QUESTION)[0].article.path == "tide.md"
        encoder.passages.clear()
        assert build_index(articles, server.address, encoder=encoder).embedded == len(encoder.passages) == 0
        assert retriever.search("新码头可以停靠几条船？")[0].article.path == "new.md"
    assert not [name for name in client.collections() if "_lock_" in name]


def test_leftovers_are_swept(server: Server, articles: Path, encoder: HashingEncoder, client: Client) -> None:
    """A generation that was never switched to goes; of those before the live one the last stays."""
    build_index(articles, server.address, encoder=encoder)
    client.create(collection_of("news", "29990101T000000000000Z", PASSAGES), PASSAGES, 8)
    client.create(collection_of("news_too", "20200101T000000000000Z", PASSAGES), PASSAGES, 8)
    names = [build_index(articles, server.address, encoder=encoder, full=True).generation for _ in range(3)]
    assert _generations(client) == set(names[-2:])
    assert collection_of("news_too", "20200101T000000000000Z", PASSAGES) in client.collections()


def test_the_lock_of_a_dead_process_is_free(
    server: Server, articles: Path, encoder: HashingEncoder, client: Client
) -> None:
    """And so is one whose holder, on whatever machine, has long given no sign of life."""
    for number, sign in enumerate(
        ({"process": 2**22 + 1, "host": _host(), "time": 9e9}, {"process": 1, "host": "elsewhere", "time": 0.0})
    ):
        own = f"news_lock_{number}"
        client.create(own, LOCK, 0)
        client.replace(own, {"id": 0, "body": pack(sign), "blank": [0.0, 0.0]})
        client.index(own, LOCK, 1)
        assert client.take("news_lock", own)
        assert build_index(articles, server.address, encoder=encoder).articles == 4
        assert client.leads_to("news_lock") is None
        assert own not in client.collections()


def _host() -> str:
    import socket

    return socket.gethostname()


def test_a_generation_that_is_gone(server: Server, articles: Path, encoder: HashingEncoder, client: Client) -> None:
    """Whoever has it open says so, and so does whoever opens it; a rebuild mends it."""
    report = build_index(articles, server.address, encoder=encoder)
    with Retriever.open(server.address, encoder=encoder) as retriever:
        client.drop(collection_of("news", report.generation, PASSAGES))
        with pytest.raises(DamagedIndex, match="--full"):
            retriever.search(QUESTION)
        with pytest.raises(DamagedIndex, match="gone"):
            Retriever.open(server.address, encoder=encoder)
        build_index(articles, server.address, encoder=encoder)
        assert retriever.search(QUESTION)[0].article.path == "tide.md"


def test_a_collection_of_something_else(
    server: Server, articles: Path, encoder: HashingEncoder, client: Client
) -> None:
    """It is neither asked nor written over, whether the address is its name or its alias."""
    client.create("news", PASSAGES, 8)
    for _ in range(2):
        with pytest.raises(UnusableIndex, match="choose another name"):
            Retriever.open(server.address, encoder=encoder)
        with pytest.raises(UnusableIndex, match="choose another name"):
            build_index(articles, server.address, encoder=encoder)
        if "other" not in client.collections():
            client.drop("news")
            client.create("other", PASSAGES, 8)
            client.point("news", "other")
    assert client.leads_to("news") == "other"


def test_credentials(tmp_path: Path, articles: Path, encoder: HashingEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Come from the environment: a token, or a name and a password; wrong ones are refused in one line."""
    locked = Server(tmp_path / "locked", token="anna:secret")
    try:
        for token in ("", "anna:wrong"):
            monkeypatch.setenv("MILVUS_TOKEN", token)
            with pytest.raises(Refused, match=r"auth check failure.*MILVUS_TOKEN") as caught:
                build_index(articles, locked.address, encoder=encoder)
            assert "secret" not in str(caught.value)
            assert "\n" not in str(caught.value)
        monkeypatch.setenv("MILVUS_TOKEN", "anna:secret")
        with pytest.raises(NoIndex):
            Retriever.open(locked.address, encoder=encoder)
        monkeypatch.delenv("MILVUS_TOKEN")
        monkeypatch.setenv("MILVUS_USER", "anna")
        monkeypatch.setenv("MILVUS_PASSWORD", "secret")
        assert build_index(articles, locked.address, encoder=encoder).articles == 4
    finally:
        locked.stop()


def test_a_file_that_another_process_has_open(tmp_path: Path, encoder: HashingEncoder) -> None:
    """It says what may be the matter."""
    server = Server(tmp_path / "index.db")
    with pytest.raises(Unreachable, match="another process"):
        Retriever.open(f"milvus+file://{tmp_path}/index.db", encoder=encoder)
    server.stop()


def test_a_file_that_could_not_be_used_is_let_go_of(tmp_path: Path, articles: Path, encoder: HashingEncoder) -> None:
    """Another process may open it at once."""
    address = f"milvus+file://{tmp_path}/index.db"
    build_index(articles, address, encoder=encoder)
    encoder.name = "another"
    with pytest.raises(WrongModel):
        Retriever.open(address, encoder=encoder)
    command = [sys.executable, "-m", "retrieval.commands.rebuild", "--verify", "--index", address]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_file_of_something_else(tmp_path: Path, articles: Path, encoder: HashingEncoder) -> None:
    """It is neither read nor written over; a file that is not there is not made by who asks."""
    other, none = tmp_path / "other.db", tmp_path / "none" / "none.db"
    other.write_text("something else")
    for work in (Retriever.open, lambda index, encoder: build_index(articles, index, encoder=encoder)):
        with pytest.raises(EngineFailed, match="a file of something else"):
            work(f"milvus+file://{other}", encoder=encoder)
    assert other.read_text() == "something else"
    with pytest.raises(NoIndex):
        Retriever.open(f"milvus+file://{none}", encoder=encoder)
    assert not none.parent.exists()


def test_a_database_that_is_not_there(server: Server, encoder: HashingEncoder) -> None:
    """It is said which."""
    with pytest.raises(EngineFailed, match=r"no database press .*make it there"):
        Retriever.open(server.address.replace("/news", "/press/news"), encoder=encoder)


def test_rows_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Are sent in messages that a server takes; what is too large for it all the same is not taken for silence."""
    small = Server(tmp_path / "small", token="anna:secret")
    monkeypatch.setenv("MILVUS_TOKEN", "anna:secret")
    rows = [{"id": number, "body": ["港" * 16_000] * 20, "blank": [0.0, 0.0]} for number in range(8)]
    client = Client(located(small.address))
    try:
        client.create("large", LOCK, 0)
        client.insert("large", rows)
        client.index("large", LOCK, len(rows))
        assert client.count("large") == len(rows)
        monkeypatch.setattr(messages, "MOST", 100_000_000)
        with pytest.raises(EngineFailed, match="larger than max") as caught:
            client.insert("large", rows)
        assert not isinstance(caught.value, Unreachable)
    finally:
        client.close()
        small.stop()


def test_a_text_that_stands_in_many_places(server: Server, articles: Path, monkeypatch) -> None:
    """Is taken over like any other, though not all of its rows are looked at."""
    monkeypatch.setattr(remembered, "ROWS", 3)
    (articles / "many.md").write_text("".join(f"第{number}天晴。港口无事。\n\n" for number in range(40)), "utf-8")
    build_index(articles, server.address, encoder=HashingEncoder())
    (articles / "one.md").write_text("码头上的旧仓库改成了书店，周末开到夜里十点。", "utf-8")
    assert build_index(articles, server.address, encoder=HashingEncoder()).embedded <= 2


def test_two_generations_at_a_time(server: Server, articles: Path, client: Client, monkeypatch) -> None:
    """While the third is written, the first is gone: a server has room for two."""
    first, second = (build_index(articles, server.address, encoder=HashingEncoder(), full=True) for _ in range(2))
    seen: list[set[str]] = []
    write = Upload.write
    monkeypatch.setattr(Upload, "write", lambda self, *rest: (seen.append(_generations(client)), write(self, *rest)))
    build_index(articles, server.address, encoder=HashingEncoder(), full=True)
    assert first.generation != second.generation
    assert seen == [{second.generation}]


def test_nothing_but_the_line_on_stderr(server: Server) -> None:
    """Not what gRPC itself writes, as where a server does not speak TLS."""
    address = server.address.replace("milvus://", "milvus+https://")
    command = [sys.executable, "-m", "retrieval.commands.rebuild", "--verify", "--index", address]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert "Milvus does not answer" in ended.stderr
