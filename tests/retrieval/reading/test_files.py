"""Which files are articles, and how their bytes become text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from retrieval.errors import UnusableArticles
from retrieval.reading import files
from retrieval.reading.files import UnreadableFile


def _write(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text", encoding="utf-8")


def test_finds_articles_of_every_kind_sorted(tmp_path: Path) -> None:
    _write(tmp_path, "b.md", "a/index.html", "c.markdown", "d.HTM", "e.txt", "picture.png", "data.tsv")
    assert [source.path for source in files.find(tmp_path)] == [
        "a/index.html",
        "b.md",
        "c.markdown",
        "d.HTM",
        "e.txt",
    ]


def test_leaves_out_hidden_files_and_drafts(tmp_path: Path) -> None:
    _write(
        tmp_path, "a.md", ".b.md", ".git/c.md", "_drafts/d.md", "x/_drafts/e.md", "_site/a.html", "node_modules/b/c.md"
    )
    assert [source.path for source in files.find(tmp_path)] == ["a.md"]


def test_never_opens_a_fifo_nor_follows_a_link_out(tmp_path: Path) -> None:
    articles, outside = tmp_path / "articles", tmp_path / "secret.md"
    _write(articles, "a.md")
    outside.write_text("secret", encoding="utf-8")
    os.mkfifo(articles / "pipe.md")
    (articles / "out.md").symlink_to(outside)
    (articles / "in.md").symlink_to(articles / "a.md")
    (articles / "gone.md").symlink_to(articles / "nowhere.md")
    assert [source.path for source in files.find(articles)] == ["a.md", "in.md"]


def test_no_two_files_have_one_path(tmp_path: Path) -> None:
    names = [b"\xff.md", b"\\xff.md", b"\\\\xff.md", b"\xff\\xfe.md", b"\\xff\xfe.md"]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(name)  # noqa: PTH118
    found = {source.path: files.read_bytes(source.file) for source in files.find(tmp_path)}
    assert sorted(found.values()) == sorted(names)
    assert list(found) == sorted(found)
    assert (found["\\xff.md"], found["\\\\xff.md"]) == (b"\\xff.md", b"\\\\xff.md")


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_text("x")])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, make) -> None:
    make(tmp_path / "articles")
    with pytest.raises(UnusableArticles, match="give the folder"):
        files.find(tmp_path / "articles")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("碳达峰会议召开", "utf-8"),
        ("碳达峰会议召开", "utf-8-sig"),
        ("碳达峰会议召开", "utf-16"),
        ("电子烟新规", "gb18030"),
        ("圖書館開放時間", "big5"),
        ("図書館は月曜日に休みます", "shift_jis"),
        ("서울 시청에서 열린 회의", "euc-kr"),
        ("The naïve señor Núñez – a “quote”", "windows-1252"),
    ],
)
def test_decodes_short_texts_by_their_content(text: str, encoding: str) -> None:
    assert files.decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["碳达峰\n", "一二三 四\n", "Tide tables\n", "---\ntitle: 潮汐\n---\n表\n", "潮の満ち引き 2022"]
)
def test_utf_16_is_known_without_a_mark(text: str, encoding: str) -> None:
    assert files.decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("潮汐表，每天更新一次".encode()[:-1], "潮汐表，每天更新一\ufffd"),
        ("潮汐表，每天".encode() + b"\xff" + "更新一次。".encode(), "潮汐表，每天\ufffd更新一次。"),
    ],
)
def test_utf_8_that_was_cut_or_damaged_is_still_utf_8(data: bytes, text: str) -> None:
    assert files.decode(data) == text


def test_a_page_may_say_its_encoding() -> None:
    page = '<meta charset="{}"><p>Прилив в полдень, отлив вечером.</p>'
    assert files.decode(page.format("koi8-r").encode("koi8-r")) == page.format("koi8-r")


def test_line_ends_become_newlines() -> None:
    assert files.decode(b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_binary_data_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="binary"):
        files.decode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\xff\xfe" * 10)
    with pytest.raises(UnreadableFile, match="binary"):
        files.decode(b"plain words and one \x00 between them")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge.md"
    with file.open("wb") as stream:
        stream.truncate(files.MAX_BYTES + 1)
    with pytest.raises(UnreadableFile, match="larger than"):
        files.read_bytes(file)


def test_a_folder_that_cannot_be_read_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "a.md", "locked/b.md")
    scandir = os.scandir

    def refused(path: str | os.PathLike[str]) -> object:
        if Path(path) in closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    closed = [tmp_path / "locked"]
    monkeypatch.setattr(os, "scandir", refused)
    found = files.find(tmp_path)
    assert [source.path for source in found] == ["a.md", "locked"]
    with pytest.raises(UnreadableFile):
        files.read_bytes(found[1].file)
    closed.append(tmp_path)
    with pytest.raises(UnusableArticles, match="the folder cannot be read: Permission denied"):
        files.find(tmp_path)
