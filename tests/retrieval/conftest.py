"""A cheap encoder and a small collection that the retrieval tests share."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import Vectors
from retrieval.indexing.analysis import runs, tokens

ARTICLES = {
    "tide.md": (
        "title: 潮汐表上墙\ndate: 2021-03-04\nauthor: 港口日报\ncategories: [港口, 新闻]",
        "北汀港的潮汐表从三月四日起每天早上六点贴在灯塔的门上。渔民出海之前可以看到当天的涨潮和退潮时间。\n\n"
        "## 从前\n\n灯塔的值守人林舟说，过去大家要走到镇政府才能看到潮汐表。"
        "来回一趟要花一个小时，冬天路上结冰尤其不便。",
    ),
    "bread.md": (
        "title: Night bakery\ndate: 2022-07-28T11:50:54+08:00\nauthor: Harbour News\ncategories:\n - food",
        "The bakery on Chandler Street opens at three in the morning and sells rye bread until the ovens are cold.\n\n"
        "## The baker\n\nIts baker, Marta Quill, grinds the flour herself in a mill that her grandfather "
        "built in 1951.",
    ),
    "museum.md": (
        "title: 鐘錶博物館\ndate: 2023-01-02\nauthor: 港口日报\ncategories: [文化]",
        "鐘錶博物館收藏了四百二十座古老的時鐘，每逢整點，它們會在同一秒鐘敲響。館長說，校準所有的鐘需要兩天。\n\n"
        "## 參觀\n\n博物館每個星期三休館，門票是八十元，學生半價。開館時間是上午十點到下午六點。",
    ),
    "undated.md": ("title: 没有日期的文章", "灯塔旁边的邮筒漆成了绿色，这是镇上最后一个绿色的邮筒，邮差每星期来两次。"),
}


class HashingEncoder:
    """Texts that share tokens point the same way; unrelated ones have the cosine that real models give them, .7."""

    name = "hashing"
    dimension = 128

    def __init__(self) -> None:
        self.passages: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.passages.extend(texts)
        return self._encode(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for token in (token for run in runs(text) for token in tokens(run)):
                row[1 + zlib.crc32(token.encode()) % (self.dimension - 1)] += 1
            row *= np.sqrt(0.3) / max(1e-9, float(np.linalg.norm(row)))
            row[0] = np.sqrt(0.7)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes articles, name -> (front matter, body), into a folder of their own and gives it."""

    def write_articles(articles: dict[str, tuple[str, str]]) -> Path:
        folder = tmp_path / "articles"
        folder.mkdir(exist_ok=True)
        for name, (front, body) in articles.items():
            (folder / name).write_text(f"---\n{front}\n---\n\n{body}\n", encoding="utf-8")
        return folder

    return write_articles


@pytest.fixture
def articles(write: Callable[..., Path]) -> Path:
    return write(ARTICLES)
