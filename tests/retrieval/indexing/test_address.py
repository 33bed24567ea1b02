"""What names an index."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.commands.ask import main as ask
from retrieval.errors import BadAddress
from retrieval.indexing.address import MilvusAddress, located


@pytest.mark.parametrize(
    ("text", "uri", "collection", "database"),
    [
        ("milvus://db.example:19530/news", "http://db.example:19530", "news", ""),
        ("milvus://db.example/news", "http://db.example:19530", "news", ""),
        ("milvus+https://db.example:443/press/news", "https://db.example:443", "news", "press"),
        ("milvuss://[::1]:19530/news", "https://[::1]:19530", "news", ""),
        ("milvus+file:///srv/my%20index.db", "/srv/my index.db", "wenda", ""),
    ],
)
def test_addresses_of_milvus(text: str, uri: str, collection: str, database: str) -> None:
    """A server's, with or without TLS, and a file's."""
    address = located(text)
    assert address == MilvusAddress(text, uri, collection, database)
    assert str(address) == text


def test_a_file_may_be_relative() -> None:
    """To the working folder."""
    address = located("milvus+file:index.db")
    assert isinstance(address, MilvusAddress)
    assert (address.uri, address.lite) == (str(Path("index.db").absolute()), True)


@pytest.mark.parametrize("text", ["index", "/srv/index", "./milvus", "C:index", "a:b", "字/👩\u200d👧", "a\nb"])
def test_everything_else_is_a_folder(text: str) -> None:
    """As it has always been."""
    assert located(text) == Path(text)
    assert located(Path(text)) == Path(text)


@pytest.mark.parametrize(
    "text",
    [
        "milvus://",
        "milvus://host",
        "milvus://host:19530/",
        "milvus:///news",
        "milvus://host:port/news",
        "milvus://host:99999/news",
        "milvus://host/a/b/c",
        "milvus://host/9news",
        "milvus://host/news?x=1",
        "milvus+file://host/index.db",
        "milvus+file:///srv/index",
        "milvus+http://host:19530/news",
        "http://host:19530/news",
        "postgresql://host/news",
        "milvus://[::1/news",
        "file:///srv/index",
        "https://milvus.example/news",
        "",
        "a\udcff",
    ],
)
def test_what_cannot_be_an_address(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Is wrong usage, said in one line with what it should look like."""
    with pytest.raises(BadAddress, match=r"milvus(\+file)?:|from 1 to 65535|UTF-8"):
        located(text)
    with pytest.raises(SystemExit) as caught:
        ask(["a question", "--index", text])
    assert caught.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_credentials_do_not_belong_in_an_address() -> None:
    """Where processes and logs show them; the message does not repeat them."""
    with pytest.raises(BadAddress, match="MILVUS_TOKEN") as caught:
        located("milvus://anna:secret@host:19530/news")
    assert "secret" not in str(caught.value)
