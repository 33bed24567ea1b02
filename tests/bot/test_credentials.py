"""Where the token comes from, and who else can read it."""

from pathlib import Path

import pytest

from bot.credentials import exposed, read_token
from bot.errors import BadSettings

TOKEN = "4711:Secret-part_of_it"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)


def settings(file: Path) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN_FILE": str(file)}


def test_a_file_may_hold_the_token(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    assert read_token(settings(file).get) == TOKEN
    assert read_token({**settings(file), "TELEGRAM_BOT_TOKEN": "1:x"}.get) == "1:x"


def test_the_file_may_be_named_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(0o640)
    named = settings(Path("~/token"))
    assert read_token(named.get) == TOKEN
    assert exposed(named.get) == tmp_path / "token"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"4711:Secret part"])
def test_a_file_without_a_token_is_named_and_not_repeated(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadSettings, match=r"^TELEGRAM_BOT_TOKEN_FILE ") as error:
        read_token(settings(file).get)
    assert "Secret" not in str(error.value)


def test_a_file_that_others_can_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o640)
    assert exposed(settings(file).get) == file
    file.chmod(0o600)
    assert exposed(settings(file).get) is None


def test_so_is_the_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(TOKEN)
    (tmp_path / ".env").chmod(0o644)
    assert exposed({"TELEGRAM_BOT_TOKEN": TOKEN}.get) == Path(".env")
