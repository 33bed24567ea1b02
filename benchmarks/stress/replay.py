"""Replay: a folder as the disk would hold it, had the power gone between two system calls of a rebuild.

Every call that the work makes is recorded with its data, and carried out again on a model: each file has what was
written and what was flushed, each folder the names that were given and those that were flushed. When the power goes,
a disk keeps what was flushed; of all else it keeps what it likes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.stress import tracing

CALLS = (
    *("openat", "open", "creat", "close", "dup", "dup2", "dup3", "lseek", "read", "readv", "mmap"),
    *("write", "writev", "pwrite64", "pwritev", "sendfile", "copy_file_range", "ftruncate", "truncate", "fallocate"),
    *("fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "symlink"),
    *("unlink", "unlinkat", "rmdir", "mkdir", "mkdirat"),
)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DONE = re.compile(r"(.*)\)\s+= (0x[0-9a-f]+|[0-9]+)(?: .*)?")
_NUMBER = re.compile(r"-?\d+")


@dataclass(slots=True, eq=False)
class File:
    """What was written, and what of it was flushed."""

    content: bytearray = field(default_factory=bytearray)
    flushed: bytes = b""

    def write(self, at: int, data: bytes) -> None:
        """Write at a place, behind zeros where the file ends before it."""
        self.content.extend(bytes(max(0, at - len(self.content))))
        self.content[at : at + len(data)] = data

    def truncate(self, size: int) -> None:
        """Cut it, or fill it with zeros."""
        self.content[size:] = bytes(max(0, size - len(self.content)))

    def flush(self) -> None:
        """Let the disk keep what was written."""
        self.flushed = bytes(self.content)


@dataclass(slots=True, eq=False)
class Folder:
    """The names that were given, and those that were flushed."""

    names: dict[str, Node] = field(default_factory=dict)
    flushed: dict[str, Node] = field(default_factory=dict)

    def flush(self) -> None:
        """Let the disk keep the names."""
        self.flushed = dict(self.names)


Node: TypeAlias = File | Folder
Image: TypeAlias = dict[str, bytes | None]
"""Contents of files by path below the root; None for a folder."""


@dataclass(slots=True)
class _Handle:
    node: Node
    at: int = 0
    appends: bool = False


class Disk:
    """A folder, all of it flushed, and what system calls make of it."""

    def __init__(self, root: Path) -> None:
        self._path = root
        self._root = _loaded(root)
        self._open: dict[int, _Handle] = {}

    def carry_out(self, call: str, rest: str) -> bool:
        """Do what a call did, as strace wrote it down; whether that changes what the disk may hold."""
        done = _DONE.fullmatch(rest)
        if done is None:
            return False
        work: Callable[[str, int], bool] = getattr(self, f"_{_SAME.get(call, call)}")
        return work(done[1], int(done[2], 0))

    def image(self, chance: random.Random | None = None) -> Image:
        """What is there after the power has gone: what was flushed, and by `chance` of all else this and that."""
        return dict(_surviving(self._root, "", chance))

    def written(self) -> Image:
        """What is there as long as the power stays."""
        return dict(_walk(self._root, ""))

    def _find(self, text: str, start: Node | None = None) -> tuple[Folder, str] | None:
        """The folder, and the name in it, of a path below the root; None for another's."""
        path = Path(text)
        if path.is_absolute():
            if not path.is_relative_to(self._path) or path == self._path:
                return None
            path, start = path.relative_to(self._path), self._root
        for part in path.parts[:-1]:
            start = start.names.get(part) if isinstance(start, Folder) else None
        return (start, path.name) if isinstance(start, Folder) else None

    def _at(self, arguments: str, text: str) -> tuple[Folder, str] | None:
        handle = self._handle(arguments)
        return self._find(text, handle.node if handle else None)

    def _handle(self, arguments: str) -> _Handle | None:
        number = _NUMBER.match(arguments)
        return self._open.get(int(number[0])) if number else None

    def _openat(self, arguments: str, result: int) -> bool:
        self._open.pop(result, None)
        (name, *_) = _texts(arguments)
        flags = arguments.rpartition('"')[2]
        node: Node | None = self._root if name == str(self._path) else None
        place, made = self._at(arguments, name), False
        if place:
            folder, name = place
            made = name not in folder.names
            node = folder.names.setdefault(name, File()) if "O_CREAT" in flags else folder.names.get(name)
        if isinstance(node, File) and "O_TRUNC" in flags:
            made = True
            node.truncate(0)
        if node is not None:
            self._open[result] = _Handle(node, appends="O_APPEND" in flags)
        return made and node is not None

    def _close(self, arguments: str, _: int) -> bool:
        number = _NUMBER.match(arguments)
        self._open.pop(int(number[0]) if number else -1, None)
        return False

    def _dup(self, arguments: str, result: int) -> bool:
        self._open.pop(result, None)
        if handle := self._handle(arguments):
            self._open[result] = handle
        return False

    def _mmap(self, arguments: str, _: int) -> bool:
        number = int(arguments.rsplit(",", 2)[1])
        if "MAP_SHARED" in arguments and "PROT_WRITE" in arguments and number in self._open:
            raise RuntimeError("a file is written through memory, which no trace shows")
        return False

    def _lseek(self, arguments: str, result: int) -> bool:
        if handle := self._handle(arguments):
            handle.at = result
        return False

    def _read(self, arguments: str, result: int) -> bool:
        if handle := self._handle(arguments):
            handle.at += result
        return False

    def _write(self, arguments: str, result: int) -> bool:
        return self._put(self._handle(arguments), b"".join(map(_bytes, _TEXT.findall(arguments)))[:result], None)

    def _pwrite64(self, arguments: str, result: int) -> bool:
        at = int(arguments.rpartition(",")[2])
        return self._put(self._handle(arguments), b"".join(map(_bytes, _TEXT.findall(arguments)))[:result], at)

    def _sendfile(self, arguments: str, result: int) -> bool:
        target, source, offset, _ = (part.strip() for part in arguments.split(","))
        origin = self._open.get(int(source))
        if origin is None or not isinstance(origin.node, File):
            return False
        start = origin.at if offset == "NULL" else int(offset.partition("]")[0].lstrip("["))
        if offset == "NULL":
            origin.at += result
        return self._put(self._open.get(int(target)), bytes(origin.node.content[start : start + result]), None)

    def _put(self, handle: _Handle | None, data: bytes, at: int | None) -> bool:
        if handle is None or not isinstance(handle.node, File):
            return False
        if at is None:
            at = len(handle.node.content) if handle.appends else handle.at
            handle.at = at + len(data)
        handle.node.write(at, data)
        return True

    def _ftruncate(self, arguments: str, _: int) -> bool:
        handle = self._handle(arguments)
        if handle is None or not isinstance(handle.node, File):
            return False
        handle.node.truncate(int(arguments.rpartition(",")[2]))
        return True

    def _fsync(self, arguments: str, _: int) -> bool:
        handle = self._handle(arguments)
        if handle is None:
            return False
        handle.node.flush()
        return True

    def _rename(self, arguments: str, _: int) -> bool:
        old, new = map(self._find, _texts(arguments))
        if old is None or new is None:
            return False
        new[0].names[new[1]] = old[0].names.pop(old[1])
        return True

    def _link(self, arguments: str, _: int) -> bool:
        old, new = map(self._find, _texts(arguments))
        if old is None or new is None:
            return False
        new[0].names[new[1]] = old[0].names[old[1]]
        return True

    def _unlink(self, arguments: str, _: int) -> bool:
        place = self._at(arguments, _texts(arguments)[0])
        return place is not None and place[0].names.pop(place[1], None) is not None

    def _mkdir(self, arguments: str, _: int) -> bool:
        place = self._at(arguments, _texts(arguments)[0])
        if place is None:
            return False
        place[0].names[place[1]] = Folder()
        return True


_SAME = {
    **dict.fromkeys(("open", "creat"), "openat"),
    **dict.fromkeys(("dup2", "dup3"), "dup"),
    **dict.fromkeys(("renameat", "renameat2"), "rename"),
    **dict.fromkeys(("unlinkat", "rmdir"), "unlink"),
    "readv": "read",
    "writev": "write",
    "fdatasync": "fsync",
    "linkat": "link",
    "mkdirat": "mkdir",
}
"""Calls that differ in their arguments alone; one that is not modelled at all ends the replay."""


def replayed(work: Callable[[], Any], root: Path) -> Iterator[tuple[str, Disk]]:
    """(call, the disk behind it) for every call of `work` below `root` that changes what the disk may hold.

    Raises RuntimeError where the model and the folder differ in the end.
    """
    disk = Disk(root)
    calls: Sequence[tuple[str, str, str]] = tracing.recorded(work, CALLS, whole=True)
    for _, call, rest in calls:
        if disk.carry_out(call, rest):
            yield call, disk
    if disk.written() != dict(_walk(_loaded(root), "")):
        raise RuntimeError("the replay comes to something else than the work did")


def restore(image: Image, root: Path) -> None:
    """Write an image into an empty folder."""
    for path, content in sorted(image.items(), key=lambda each: each[0]):
        if content is None:
            (root / path).mkdir(parents=True)
        else:
            (root / path).write_bytes(content)


def _loaded(path: Path) -> Folder:
    """A folder as it is, all of it flushed."""
    folder = Folder()
    for each in sorted(path.iterdir()):
        folder.names[each.name] = _loaded(each) if each.is_dir() else _file(each.read_bytes())
    folder.flush()
    return folder


def _file(content: bytes) -> File:
    return File(bytearray(content), content)


def _walk(folder: Folder, path: str) -> Iterator[tuple[str, bytes | None]]:
    for name, node in sorted(folder.names.items()):
        if isinstance(node, File):
            yield path + name, bytes(node.content)
        else:
            yield path + name, None
            yield from _walk(node, f"{path}{name}/")


def _surviving(folder: Folder, path: str, chance: random.Random | None) -> Iterator[tuple[str, bytes | None]]:
    for name in sorted({*folder.flushed, *folder.names}):
        node = (folder.names if chance and chance.random() < 0.5 else folder.flushed).get(name)
        if isinstance(node, File):
            yield path + name, _kept(node, chance)
        elif node is not None:
            yield path + name, None
            yield from _surviving(node, f"{path}{name}/", chance)


def _kept(file: File, chance: random.Random | None) -> bytes:
    """What was flushed; or all, or a beginning of what was written, or zeros in its place."""
    kind = chance.randrange(4) if chance else 0
    if kind == 0 or chance is None or file.flushed == file.content:
        return file.flushed
    if kind == 1:
        return bytes(file.content)
    cut = chance.randrange(len(file.content) + 1)
    return bytes(file.content[:cut]) + (bytes(len(file.content) - cut) if kind == 3 else b"")


def _texts(arguments: str) -> list[str]:
    return [_bytes(text).decode("utf-8", "surrogateescape") for text in _TEXT.findall(arguments)]


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
