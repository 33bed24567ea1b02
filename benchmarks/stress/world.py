"""The world: a small collection that changes, a cheap encoder, and what an index must answer."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.encoder import Vectors
from retrieval.indexing.analysis import runs, tokens
from retrieval.indexing.build import build_index
from retrieval.indexing.generations import live_name, load_manifest
from retrieval.indexing.journal import FILE, HEAD, record
from retrieval.indexing.vectors.textrows import keys_of
from retrieval.searching.retriever import Retriever

_RECORD = record(64)
_THINGS = "灯塔 渡轮 面包房 钟楼 水磨坊 邮局 盐田 茶园 木桥 图书馆 鱼市 观测站".split()
_NAMES = "罗怀安 林小满 苏以宁 周望舒 陈立秋 方见山 何夏至 许长庚 吴听雨 郑青禾 孙冬生 马春分".split()


class CheapEncoder:
    """Texts that share tokens point the same way; keys of what it encoded are noted in a file, a line a call."""

    name = "cheap"
    dimension = 64

    def __init__(self, note: Path | None = None, *, seconds: float = 0.0, name: str = "cheap") -> None:
        """`seconds`: how long one text takes."""
        self.name = name
        self._note = note
        self._seconds = seconds

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, 64) float32, unit length."""
        time.sleep(self._seconds * len(texts))
        vectors = self._encode(texts)
        if self._note:
            with self._note.open("ab", buffering=0) as stream:
                stream.write(f"{' '.join(map(str, keys_of(texts)))}\n".encode())
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(n, 64) float32, unit length."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for token in (token for run in runs(text) for token in tokens(run)):
                row[1 + zlib.crc32(token.encode()) % (self.dimension - 1)] += 1
            row *= np.sqrt(0.3) / max(1e-9, float(np.linalg.norm(row)))
            row[0] = np.sqrt(0.7)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class World:
    """A folder with articles and an index in it."""

    folder: Path

    @property
    def articles(self) -> Path:
        """Where the articles are."""
        return self.folder / "articles"

    @property
    def index(self) -> Path:
        """Where the index is."""
        return self.folder / "index"

    def write(self, edition: int) -> None:
        """Write the articles of an edition: twelve that stay, and one that differs from edition to edition."""
        self.articles.mkdir(parents=True, exist_ok=True)
        for number, (thing, name) in enumerate(zip(_THINGS, _NAMES, strict=True)):
            place(self.articles / f"{number}.md", _article(thing, name, number))
        place(self.articles / "edition.md", _edition(edition))

    def build(self, encoder: CheapEncoder | None = None, *, full: bool = False) -> dict[str, int]:
        """Bring the index up to date; counts of the report."""
        report = build_index(self.articles, self.index, encoder=encoder or CheapEncoder(), full=full)
        return {"articles": report.articles, "embedded": report.embedded, "passages": report.passages}

    def answers(self) -> list[str]:
        """The first passage found for each question, the last one being about the edition."""
        with Retriever.open(self.index, encoder=CheapEncoder()) as retriever:
            return [retriever.search(question, k=1)[0].text for question in QUESTIONS]

    def has_journal(self) -> bool:
        """Whether a rebuild did not come to its end."""
        return (self.index / FILE).exists()

    def journalled(self) -> set[str]:
        """Keys of the texts whose vectors a killed rebuild has left in the journal."""
        data = (self.index / FILE).read_bytes()[HEAD:]
        whole = len(data) // _RECORD.itemsize * _RECORD.itemsize
        return set(map(str, np.frombuffer(data[:whole], _RECORD)["key"]))

    def litter(self) -> list[str]:
        """What a finished rebuild should not have left."""
        names = sorted(path.name for path in (self.index / "generations").iterdir())
        known = {"CURRENT", "generations", "lock"}
        found = [path.name for path in self.index.iterdir() if path.name not in known]
        found += [name for name in names if name.startswith(".")] + names[:-2]
        live = live_name(self.index)
        kept = {"manifest.json", *load_manifest(self.index, live).files}
        files = (path for path in (self.index / "generations" / live).rglob("*") if path.is_file())
        written = {path.relative_to(self.index / "generations" / live).as_posix() for path in files}
        return found + sorted(each for each in written - kept if not each.endswith(".lock"))


def expected(edition: int) -> list[str]:
    """What the questions are answered with, in part."""
    return [f"{name}在{thing}" for thing, name in zip(_THINGS, _NAMES, strict=True)] + [f"第{edition}版"]


def agrees(answers: Sequence[str], editions: Sequence[int]) -> bool:
    """Whether the answers are those of one of the editions, and all of the same."""
    return any(
        len(answers) == len(QUESTIONS) and all(part in text for part, text in zip(expected(n), answers, strict=True))
        for n in editions
    )


QUESTIONS = [f"{name}在{thing}做什么？" for thing, name in zip(_THINGS, _NAMES, strict=True)] + ["这是公报第几版？"]


def place(file: Path, text: str) -> None:
    """Write an article as an editor does: beside it, then over it."""
    beside = file.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, file)  # noqa: PTH105


def _article(thing: str, name: str, number: int) -> str:
    front = (
        f"---\ntitle: {thing}记事\ndate: 2021-03-{number + 1:02}\nauthor: 海岸线周刊\ncategories: [{thing}]\n---\n\n"
    )
    first = f"{name}在{thing}工作了{number + 5}年，每天早上六点开门，把前一天的记录抄进一本蓝色封面的簿子里。" * 2
    second = f"{thing}建于{1890 + number}年，屋顶在{1950 + number}年的台风里被掀掉过一次，后来用铜钉重新钉牢。" * 2
    return f"{front}{first}\n\n## 从前\n\n{second}\n"


def _edition(edition: int) -> str:
    paragraphs = "\n\n".join(
        f"公报条目{edition}之{at}：编号{zlib.crc32(f'{edition}/{at}'.encode())}的船只获准进港，停靠日期另行通知，"
        f"引水员由值班室指派，费用按照第{at}号价目表收取，逾期加收百分之五，有异议者于三日内以书面提出。"
        for at in range(8)
    )
    first = f"这是公报第{edition}版，公报每一版都写明自己是第几版，这一版就是第{edition}版。"
    return f"---\ntitle: 公报\n---\n\n{first}\n\n{paragraphs}\n"
