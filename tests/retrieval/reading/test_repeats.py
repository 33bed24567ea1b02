"""Boilerplate by repetition: what a feed puts around its articles goes, what articles say stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.indexing.build import build_index
from retrieval.reading.survey import survey
from retrieval.searching.retriever import Retriever

SLOGAN = "潮声周刊每个星期三出刊，邮局可订。"
HARBOURS = "北汀 南汀 西湾 鹿角 杉坪 月牙 石磨 白沙 龙潭 盐田 风车 竹林 海门 渔梁 柳堤 沙洲 古渡 灯塔 云顶 青石".split()


def _story(harbour: str) -> str:
    return f"{harbour}码头今年把栈桥加长了十二米，渡轮靠岸时不必再等潮水，乘客从船头走到候船室只要两分钟。" * 2


def _write(folder: Path, bodies: list[str], author: str = "潮声周刊") -> None:
    folder.mkdir(exist_ok=True)
    for number, body in enumerate(bodies):
        (folder / f"{author}{number:02}.md").write_text(
            f"---\ntitle: 第{number}篇\nauthor: {author}\ndate: 2021-05-06\n---\n\n{body}\n", encoding="utf-8"
        )


def _texts(folder: Path, index: Path, encoder) -> str:
    build_index(folder, index, encoder=encoder)
    with Retriever.open(index, encoder=encoder) as retriever:
        articles = retriever.latest(100)
        return "\n".join(text for article in articles for text in retriever.passages_of(article.path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "posts"


def test_a_line_at_the_end_of_many_articles_is_left_out(folder: Path, tmp_path: Path, encoder) -> None:
    _write(folder, [f"<p>{_story(name)}</p><p>{SLOGAN}</p>" for name in HARBOURS[:8]])
    found = _texts(folder, tmp_path / "index", encoder)
    assert SLOGAN not in found
    assert all(_story(name) in found for name in HARBOURS[:8])
    (dropped,) = survey(folder).boilerplate
    assert (dropped.rule, dropped.text, dropped.articles, dropped.path) == ("repeated", SLOGAN, 8, "潮声周刊00.md")


def test_a_line_in_few_articles_of_a_large_feed_stays(folder: Path, tmp_path: Path, encoder) -> None:
    closing = [SLOGAN if number < 3 else "" for number in range(20)]
    _write(folder, [f"<p>{_story(name)}</p><p>{line}</p>" for name, line in zip(HARBOURS, closing, strict=True)])
    assert SLOGAN in _texts(folder, tmp_path / "index", encoder)


def test_another_feed_may_say_it(folder: Path, tmp_path: Path, encoder) -> None:
    _write(folder, [f"<p>{_story(name)}</p><p>{SLOGAN}</p>" for name in HARBOURS[:8]])
    _write(folder, [f"<p>{SLOGAN}</p><p>{_story('鹤嘴')}</p>"], author="订报指南")
    assert SLOGAN in _texts(folder, tmp_path / "index", encoder)


def test_a_refrain_inside_an_article_stays(folder: Path, tmp_path: Path, encoder) -> None:
    middle = [f"<p>{_story(name + str(at))}</p>" for name in HARBOURS[:7] for at in range(14)]
    bodies = ["".join([*middle[at : at + 7], f"<p>{SLOGAN}</p>", *middle[at + 7 : at + 14]]) for at in range(0, 98, 14)]
    _write(folder, bodies)
    assert SLOGAN in _texts(folder, tmp_path / "index", encoder)


def test_copies_of_one_article_are_no_repetition(folder: Path, tmp_path: Path, encoder) -> None:
    _write(folder, [f"<p>{_story('北汀')}</p><p>{SLOGAN}</p>"] * 8)
    assert SLOGAN in _texts(folder, tmp_path / "index", encoder)


def test_long_paragraphs_headings_and_code_stay(folder: Path) -> None:
    about = "潮声周刊由港口的老师和学生一起编写，" * 8
    block = "<h2>潮汐表</h2><pre>rebuild tides</pre>"
    _write(folder, [f"{block}<p>{_story(name)}</p><p>{about}</p>" for name in HARBOURS[:8]])
    assert survey(folder).boilerplate == ()


def test_a_rebuild_after_a_change_equals_a_full_one(folder: Path, tmp_path: Path, encoder) -> None:
    bodies = [f"<p>{_story(name)}</p><p>{SLOGAN}</p>" for name in HARBOURS[:5]]
    _write(folder, bodies[:4])
    assert SLOGAN in _texts(folder, tmp_path / "index", encoder)
    _write(folder, bodies)
    assert _texts(folder, tmp_path / "index", encoder) == _texts(folder, tmp_path / "other", encoder)
    assert SLOGAN not in _texts(folder, tmp_path / "index", encoder)
