"""From names to encoders, and no connection on the way to the default one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from embeddings.encoder import Encoder
from embeddings.errors import UnknownModel, UnusableModel
from embeddings.model import load_encoder

OFFLINE = """
import sys

def refuse(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg", "socket.bind"}:
        raise AssertionError(f"a connection: {event} {arguments}")

sys.addaudithook(refuse)
"""
BOTH_ENCODERS = """
from embeddings.model import load_encoder
from embeddings.packaged import unpacked

quick = load_encoder().encode_questions(["Where does the ferry leave?"])
exact = load_encoder(str(unpacked())).encode_questions(["Where does the ferry leave?"])
assert (quick * exact).sum() > 0.99
"""
HUB_ID = """
import time
from embeddings.errors import UnknownModel
from embeddings.model import load_encoder

start = time.monotonic()
try:
    load_encoder("wenda-tests/no-such-model")
except UnknownModel as error:
    print(time.monotonic() - start, error)
"""


@pytest.mark.usefixtures("model_cache")
def test_the_default_path_opens_no_connection() -> None:
    """Neither at question time nor with sentence-transformers on the unpacked folder."""
    subprocess.run([sys.executable, "-c", OFFLINE + BOTH_ENCODERS], check=True, capture_output=True)


@pytest.mark.parametrize("offline", ["0", "1"])
def test_a_hub_id_without_a_network_fails_soon(offline: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", offline)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    result = subprocess.run([sys.executable, "-c", HUB_ID], check=True, capture_output=True, text=True)
    seconds, message = result.stdout.split(" ", 1)
    assert float(seconds) < 10
    assert message.startswith("wenda-tests/no-such-model: no such model folder here")
    assert message.count("\n") == 1


@pytest.mark.parametrize("name", [None, "", "default", "multilingual-e5-small"])
def test_the_default_model_answers_to_its_names(encoder: Encoder, name: str | None) -> None:
    assert load_encoder(name).name == encoder.name


@pytest.mark.parametrize(
    "name", ["./absent", "/absent/model", "~/absent", "C:\\models\\absent", "a/b/c", " ", "~nosuchuser/m"]
)
def test_a_path_that_is_not_there_is_said_to_be_missing(name: str) -> None:
    with pytest.raises(UnknownModel, match="no such model folder"):
        load_encoder(name)


def test_a_folder_without_a_model_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match=r"modules\.json"):
        load_encoder(str(tmp_path))
