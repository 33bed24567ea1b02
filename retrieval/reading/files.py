"""Article files: which ones a folder holds, and their bytes as text."""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import chardet

from retrieval.errors import UnusableArticles

SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm", ".txt"})
_NOT_ARTICLES = frozenset({"_site", "node_modules"})
"""Folders of a site that hold what Jekyll builds, and what npm fetches."""
MAX_BYTES = 20_000_000
ENCODINGS = ("gb18030", "big5", "cp932", "euc-kr", "windows-1252")
"""What is looked for once a file is not UTF-8. Without the list a detector offers Mac and DOS code pages."""
DAMAGED = 8
"""UTF-8 with at least so many sound characters beyond ASCII for each unsound place is UTF-8 that was cut or patched."""
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_COMMON = re.compile(
    r"[\t\n\r\x20-\x7e\xa0-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u2010-\u2044\u20a0-\u20bf\u2100-\u214f"
    r"\u2190-\u22ff\u2460-\u25ff\u2600-\u27bf\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uffe6\U0001f000-\U0001faff]"
)
_WORDS = re.compile(r"[\n ]|[A-Za-z]{2}|[\u3040-\u9fff\uac00-\ud7a3]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class UnreadableFile(Exception):
    """This one file cannot be read; the message is the reason alone."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may be an article."""

    path: str
    """Relative to the articles folder, with forward slashes."""
    name: str
    """What the system knows it by; a `Path` takes five times the memory, and there may be many files."""

    @property
    def file(self) -> Path:
        """Where it is."""
        return Path(self.name)


def find(folder: Path, *, drafts: bool = False) -> list[Source]:
    """All article files below `folder`, sorted by path; no two have the same.

    Left out: names that start with `.`, `_drafts` unless asked for, what is neither a file nor a folder (FIFOs,
    sockets, devices), and symbolic links that lead out of the folder. A folder that cannot be read is among them, so
    that it is told of. Raises UnusableArticles.
    """
    if not folder.is_dir():
        reason = "not a folder" if folder.exists() else "no such folder"
        raise UnusableArticles(folder, f"{reason}; give the folder that holds the articles")
    try:
        root = folder.resolve(strict=True)
        return sorted(_distinct(_walk(folder, root, drafts)), key=lambda source: source.path)
    except OSError as exc:
        raise UnusableArticles(folder, f"the folder cannot be read: {exc.strerror}") from exc


def _walk(folder: Path, root: Path, drafts: bool) -> Iterator[Source]:
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        left_out = _NOT_ARTICLES if drafts else {*_NOT_ARTICLES, "_drafts"}
        folders[:] = [name for name in folders if not name.startswith(".") and name not in left_out]
        for name in names:
            file = Path(parent, name)
            if name.startswith(".") or file.suffix.lower() not in SUFFIXES:
                continue
            if _inside(file, root):
                yield Source(_printable(file.relative_to(folder)), str(file))
    for error in closed:
        below = Path(str(error.filename))
        if below == folder:
            raise error
        # Nor can it be read as an article, and so it is listed with the reason.
        yield Source(_printable(below.relative_to(folder)), str(below))


def _printable(path: Path) -> str:
    """`path` with forward slashes; bytes of a name that are not UTF-8 are written as escapes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _distinct(sources: Iterable[Source]) -> Iterator[Source]:
    """`sources`; an escaped name that reads as another file's gets more backslashes, one in UTF-8 stays as it is."""
    taken: set[str] = set()
    for source in sorted(sources, key=lambda source: (not source.name.endswith(source.path), source.name)):
        path = source.path
        while path in taken:
            path = path.replace("\\", "\\\\")
        taken.add(path)
        yield source if path == source.path else replace(source, path=path)


def _inside(file: Path, root: Path) -> bool:
    """Whether `file` is a regular file, not a link to somewhere outside."""
    if not file.is_symlink():
        return file.is_file()
    return file.is_file() and file.resolve().is_relative_to(root)


def read_bytes(file: Path) -> bytes:
    """The file's bytes, whatever has become of it since it was found. Raises UnreadableFile."""
    try:
        # Not to wait for the other end, if it is a FIFO by now.
        with open(os.open(file, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise UnreadableFile("no longer a file")
            data = stream.read(MAX_BYTES + 1)
    except OSError as exc:
        raise UnreadableFile(exc.strerror or str(exc)) from exc
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"larger than {MAX_BYTES // 1_000_000} MB")
    return data


def decode(data: bytes) -> str:
    """Text of `data` in whatever encoding it is in, with line ends as newlines. Raises UnreadableFile."""
    text = _decode(data)
    if "\0" in text:
        raise UnreadableFile("binary data, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    if b"\0" in data:
        return _wide(data)
    text = data.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd") if "\ufffd" in text else 0
    if not damaged or sum(char > "\x7f" for char in text) > (DAMAGED + 1) * damaged:
        return text
    return _declared(data) or _detected(data)


def _wide(data: bytes) -> str:
    """Text of UTF-16 without a mark, in the order of bytes that makes more letters of them; else a NUL."""
    if _is_utf8(data) and data.count(0) < len(data) / 5:
        return "\0"
    texts = [data.decode(encoding, errors="replace") for encoding in ("utf-16-le", "utf-16-be")]
    text = max(texts, key=_plausible)
    return text if _plausible(text) > 0.97 and _WORDS.search(text) else "\0"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _plausible(text: str) -> float:
    """The share of characters that texts are made of."""
    start = text[:10_000]
    return sum(bool(_COMMON.match(char)) for char in start) / max(1, len(start))


def _declared(data: bytes) -> str | None:
    """Text in the encoding that a page says it is in, if it is."""
    match = _DECLARED.search(data[:4096])
    try:
        return data.decode(match[1].decode("ascii")) if match else None
    except (LookupError, ValueError):
        return None


def _detected(data: bytes) -> str:
    found = chardet.detect(data, include_encodings=ENCODINGS, compat_names=False)["encoding"]
    return data.decode(found or "windows-1252", errors="replace")
