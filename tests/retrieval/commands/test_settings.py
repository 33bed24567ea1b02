"""The file `.env`: what it sets, and what is refused in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from retrieval.commands import settings
from retrieval.commands.settings import UnusableSettings, setting


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Writes the file `.env` of the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALLOWED_CHATS", raising=False)

    def write_file(text: str) -> None:
        (tmp_path / ".env").write_text(text, encoding="utf-8")
        settings._file.cache_clear()

    yield write_file
    settings._file.cache_clear()


@pytest.mark.parametrize(
    "line",
    [
        "ALLOWED_CHATS=7",
        "export ALLOWED_CHATS=7",
        "  ALLOWED_CHATS = '7' # the crew's",
        "\ufeffALLOWED_CHATS=7",
        "# whom we know\n\nALLOWED_CHATS=7\n\n",
        "a_2=\nALLOWED_CHATS=7",
    ],
)
def test_a_setting_may_be_written_in_several_ways(line: str, write: Callable[[str], None]) -> None:
    write(line)
    assert setting("ALLOWED_CHATS") == "7"


@pytest.mark.parametrize(
    "line",
    [
        "ALLOWED_CHATS:7",
        "ALLOWED_CHATS: 7",
        "ALLOWED_CHATS",
        "export ALLOWED_CHATS",
        "ALLOWED_CHATS\uff1d7",
        "ALLOWED-CHATS=7",
        "ALLOWED.CHATS=7",
        "2ALLOWED_CHATS=7",
        "\u200bALLOWED_CHATS=7",
        "ＡLLOWED_CHATS=7",
        "'ALLOWED CHATS'=7",
        "set ALLOWED_CHATS=7",
        "=7",
    ],
)
def test_a_line_that_sets_nothing_is_refused(line: str, write: Callable[[str], None]) -> None:
    write(f"ADMINS=1\n\n  \n{line}\nINDEX_DIR=index\n")
    with pytest.raises(UnusableSettings, match=r"^\.env: line 4 is no setting; write NAME=value$"):
        setting("ALLOWED_CHATS")


@pytest.mark.parametrize("password", ["ab${cd}ef", "${HOME}", "a$b", "${a:-b}"])
def test_a_password_is_what_is_written(password: str, write: Callable[[str], None]) -> None:
    write(f'MILVUS_PASSWORD={password}\nMILVUS_TOKEN="{password}"\n')
    assert (setting("MILVUS_PASSWORD"), setting("MILVUS_TOKEN")) == (password, password)


def test_settings_may_come_through_a_fifo(write: Callable[[str], None], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    thread = Thread(target=write, args=["ALLOWED_CHATS:7\n"], daemon=True)
    thread.start()
    with pytest.raises(UnusableSettings):
        setting("ALLOWED_CHATS")
    thread.join()


def test_a_folder_by_that_name_is_no_file_of_settings(write: Callable[[str], None], tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert setting("ALLOWED_CHATS") is None


def test_folders_may_be_named_from_home(write: Callable[[str], None], tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.delenv("INDEX_DIR", raising=False)
    monkeypatch.delenv("ARTICLES_DIR", raising=False)
    write("ARTICLES_DIR=~/posts\nINDEX_DIR=~/index")
    assert settings.articles_dir() == settings.folder("~/posts") == tmp_path / "me" / "posts"
    assert settings.index_dir() == settings.index_option("~/index") == tmp_path / "me" / "index"
    assert settings.folder("~nobody-has-this-name/posts") == Path("~nobody-has-this-name/posts")
    assert str(settings.index_option("milvus+file:///news.db")) == "milvus+file:///news.db"
