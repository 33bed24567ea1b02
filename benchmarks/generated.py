"""Generated articles, and an encoder that costs next to nothing: for benchmarks of size.

Articles are written of clauses of real sentences (of the DRCD development set where it is at hand, else of the sample
articles), so that words are as frequent and as long as they are in text. An article keeps to the clauses of a few
paragraphs, as one that has a subject does.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Vectors

ROOT = Path(__file__).resolve().parents[1]
DRCD = ROOT.parent / "shared" / "eval" / "drcd_dev.json"
SENTENCES = 10
"""Sentences a passage."""
CLAUSE = re.compile(r"[^，。！？；、,.!?;:：\s（）()「」『』《》]{4,24}")
_NAMES = "安柏晨岱恩帆歌禾瑾嵐莫諾沛清榕舒桐維曦瑜"
_BUCKETS = 1 << 14


def clauses() -> list[list[str]]:
    """Clauses of real paragraphs, a list for each."""
    return [found for text in _paragraphs() if len(found := CLAUSE.findall(text)) >= 6]


def _paragraphs() -> Iterator[str]:
    if DRCD.is_file():
        data = json.loads(DRCD.read_text(encoding="utf-8"))["data"]
        yield from (paragraph["context"] for article in data for paragraph in article["paragraphs"])
        return
    for file in sorted((ROOT / "tests" / "articles").rglob("*.md")):
        yield file.read_text(encoding="utf-8")


class Writer:
    """Writes articles, the same ones each time."""

    def __init__(self, seed: int = 0) -> None:
        self._clauses = clauses()
        self._all = [clause for found in self._clauses for clause in found]
        self._dice = random.Random(seed)

    def article(self, passages: int) -> str:
        """The body of an article of so many passages."""
        subject = [clause for _ in range(3) for clause in self._dice.choice(self._clauses)]
        return "\n\n".join(self._passage(subject) for _ in range(passages))

    def _passage(self, subject: Sequence[str]) -> str:
        return "".join(self.sentence(subject) for _ in range(SENTENCES))

    def sentence(self, subject: Sequence[str]) -> str:
        """A sentence of two to four clauses, with a name or a number of its own."""
        dice = self._dice
        chosen = [dice.choice(subject if dice.random() < 0.6 else self._all) for _ in range(dice.randrange(2, 4))]
        if dice.random() < 0.5:
            chosen.append("".join(dice.choice(_NAMES) for _ in range(3)))
        else:
            chosen.append(f"共{dice.randrange(100_000)}件")
        return "，".join(chosen) + "。"

    def write(self, folder: Path, articles: int, passages: int) -> None:
        """Write so many articles of so many passages each, a hundred a folder."""
        for number in range(articles):
            file = folder / f"{number // 100:05}" / f"{number:07}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            title = self._dice.choice(self._all)
            file.write_text(f"---\ntitle: {title}\ndate: 2024-01-01\n---\n{self.article(passages)}\n", encoding="utf-8")


class CheapEncoder:
    """The sum of a random vector for each pair of characters: near where the words are the same."""

    name = "cheap"
    dimension = 384

    def __init__(self) -> None:
        table = np.random.default_rng(0).normal(size=(_BUCKETS, self.dimension))
        self._table: NDArray[np.float32] = table.astype(np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) float32, unit length."""
        return np.stack([self._vector(text) for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) float32, unit length."""
        return self.encode_passages(texts)

    def _vector(self, text: str) -> Vectors:
        points = np.frombuffer((text + "  ").encode("utf-32-le", "replace"), dtype=np.uint32)
        buckets = (points[:-1] * np.uint32(31) + points[1:]) % _BUCKETS
        total = self._table[buckets].sum(axis=0)
        return np.asarray(total / max(1e-6, float(np.linalg.norm(total))), dtype=np.float32)
