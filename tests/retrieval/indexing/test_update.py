"""Updates: an index that was gone on from holds what one made anew holds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from retrieval.indexing import update
from retrieval.indexing.build import build_index
from retrieval.reading.links.site import from_settings
from retrieval.searching.retriever import Retriever

SITE = from_settings("https://ferry.example", "p/:abbrlink.html", abbrlink="crc16-hex")
SUBJECTS = ("渡轮", "灯塔", "潮汐", "面包", "邮筒", "风筝", "书店", "钟楼")
DONE = ("停了三天", "刷上了新漆", "迎来第一千位访客", "改在清晨开放", "由邻居轮流照看")
REPEATED = "关注海岸线周刊，每周三寄出。"


def _write(folder: Path, number: int, dice: random.Random, *, repeated: bool) -> None:
    subject = dice.choice(SUBJECTS)
    body = "\n\n".join(
        f"{subject}第{dice.randrange(9)}号{dice.choice(DONE)}，记录人是第{dice.randrange(40)}班的值班员，天气晴朗有风。"
        for _ in range(dice.randrange(1, 5))
    )
    closing = f"\n\n{REPEATED}" if repeated else ""
    author = dice.choice(("海岸线周刊", "港口日报"))
    head = f"---\ntitle: {subject}{dice.randrange(30)}\nauthor: {author}\ncategories: {subject}\n---\n"
    (folder / f"{number:03}.md").write_text(head + body + closing + "\n", encoding="utf-8")


def _change(folder: Path, dice: random.Random) -> None:
    """Write, rewrite, copy or delete a few articles."""
    for _ in range(dice.randrange(1, 5)):
        there = sorted(folder.glob("*.md"))
        kind = dice.choice(("write", "copy", "delete", "rename"))
        one = dice.choice(there)
        if kind == "write":
            _write(folder, dice.randrange(60), dice, repeated=dice.random() < 0.4)
        elif kind == "copy":
            (folder / f"{dice.randrange(60):03}.md").write_bytes(one.read_bytes())
        elif kind == "rename":
            one.rename(folder / f"{dice.randrange(60):03}.md")
        elif len(there) > 20:
            one.unlink()


def _contents(index: Path, encoder) -> list[object]:
    with Retriever.open(index, encoder=encoder) as retriever:
        articles = sorted(retriever.latest(100), key=lambda article: article.path)
        told = [(hit.text, hit.url) for subject in SUBJECTS for hit in retriever.search(subject, k=200)]
        return [articles, [retriever.passages_of(each.path) for each in articles], retriever.categories(), sorted(told)]


@pytest.mark.parametrize(("seed", "held"), [*((seed, update.HELD) for seed in range(6)), (0, 0), (1, 1), (2, 2)])
def test_an_updated_index_holds_what_a_new_one_holds(
    tmp_path: Path, encoder, monkeypatch, seed: int, held: int
) -> None:
    monkeypatch.setattr(update, "DEAD", 0.9)
    monkeypatch.setattr(update, "HELD", held)
    folder, dice = tmp_path / "articles", random.Random(seed)
    folder.mkdir()
    for number in range(30):
        _write(folder, number, dice, repeated=dice.random() < 0.2)
    build_index(folder, tmp_path / "index", encoder=encoder, site=SITE)
    for step in range(6):
        _change(folder, dice)
        report = build_index(folder, tmp_path / "index", encoder=encoder, site=SITE)
        fresh = build_index(folder, tmp_path / f"fresh{step}", encoder=encoder, site=SITE)
        assert (report.articles, report.passages, report.sentences) == (fresh.articles, fresh.passages, fresh.sentences)
        assert _contents(tmp_path / "index", encoder) == _contents(tmp_path / f"fresh{step}", encoder)


def test_dead_rows_go_when_they_are_many(tmp_path: Path, encoder) -> None:
    folder, dice = tmp_path / "articles", random.Random(1)
    folder.mkdir()
    for number in range(40):
        _write(folder, number, dice, repeated=False)
    build_index(folder, tmp_path / "index", encoder=encoder)
    for number in range(40):
        _write(folder, number, dice, repeated=False)
        build_index(folder, tmp_path / "index", encoder=encoder)
        with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
            manifest = retriever._snapshot.generation.manifest
            assert manifest.passages >= (1 - update.DEAD) * manifest.rows
