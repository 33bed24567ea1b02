"""A second look: where a question finds nothing in its own language, what other languages have."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from retrieval import Retriever, build_index
from retrieval.indexing.scripts import Script
from retrieval.records import Filter
from retrieval.searching import alignment, confidence, finder
from retrieval.searching.evidence import ALIGNED_LEAD, COHESION

ENGLISH = "who looks after roads farms rivers cheese carts salt lamps snow boats wool rain bread of the".split()
CHINESE = "山河田路船雪雨灯盐布米酒茶糖纸笔墨石木火风云花草鱼鸟马牛"
QUESTION = "Who looks after the bell of the town?"


@pytest.fixture
def mixed(tmp_path: Path, aligning):
    _write_mixed(tmp_path / "articles")
    build_index(tmp_path / "articles", tmp_path / "index", encoder=aligning)
    with Retriever.open(tmp_path / "index", encoder=aligning) as retriever:
        yield aligning, retriever


def _write_mixed(articles: Path) -> None:
    """Forty articles in each of two languages, so that both are known, and one that answers."""
    articles.mkdir()
    dice = random.Random(0)
    for number in range(40):
        english = " ".join(dice.choice(ENGLISH) for _ in range(14)) + " near the town."
        chinese = "".join(dice.choice(CHINESE) for _ in range(24)) + "。"
        (articles / f"en{number}.txt").write_text(english, encoding="utf-8")
        (articles / f"zh{number}.txt").write_text(chinese, encoding="utf-8")
    (articles / "zh-bell.txt").write_text("老人看管钟。", encoding="utf-8")


def _believe(monkeypatch, *, home: float, abroad: float, before: float = 0.25) -> None:
    def believed(evidence) -> float:
        if evidence.same_language:
            return home
        return before if evidence.aligned_lead == ALIGNED_LEAD else abroad

    monkeypatch.setattr(confidence, "confidence", believed)
    # The cheap vectors say nothing across languages.
    monkeypatch.setattr(finder, "AS_NEAR", 1.0)
    monkeypatch.setattr(alignment, "FIRST", 100)


def _only_abroad():
    at_home = finder._at_home
    return lambda asked: _without(asked.weighted.script, at_home(asked))


def _without(script: Script, look):
    return lambda passages: look(passages).in_other_scripts(script)


def _paths(retriever: Retriever, where: Filter | None = None) -> list[str]:
    return [hit.article.path for hit in retriever.search(QUESTION, k=8, where=where)]


def test_what_convinces_more_in_another_language_comes_first(mixed, monkeypatch) -> None:
    aligning, retriever = mixed
    _believe(monkeypatch, home=0.1, abroad=0.9)
    hits = retriever.search(QUESTION, k=8)
    assert hits[0].article.path == "zh-bell.txt"
    assert hits[1].article.path.startswith("en"), "the best of its own language is next"
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.article.path for hit in hits}) == 8
    assert not any(text.isascii() for text in aligning.compared)


@pytest.mark.parametrize(("home", "abroad"), [(0.1, 0.19), (0.4, 0.39), (0.6, 0.99)])
def test_else_its_own_language_comes_first(mixed, monkeypatch, home: float, abroad: float) -> None:
    aligning, retriever = mixed
    _believe(monkeypatch, home=home, abroad=abroad)
    assert _paths(retriever)[0].startswith("en")
    assert bool(aligning.compared) is (home < 0.5), "an answer found at home is not paid for twice"


def test_what_is_found_abroad_is_compared_by_tokens_however_sure_it_was(mixed, monkeypatch) -> None:
    aligning, retriever = mixed
    _believe(monkeypatch, home=0.1, abroad=0.1, before=0.9)
    # What it is asked in stands in no passage, and only the vectors of Chinese ones come near.
    monkeypatch.setattr(finder, "_at_home", _only_abroad())
    assert _paths(retriever)[0] == "zh-bell.txt"
    assert not any(text.isascii() for text in aligning.compared)


def test_what_is_far_from_the_question_is_not_looked_at(mixed, monkeypatch) -> None:
    aligning, retriever = mixed
    _believe(monkeypatch, home=0.1, abroad=0.9)
    monkeypatch.setattr(finder, "AS_NEAR", 0.02)
    assert _paths(retriever)[0].startswith("en")
    assert aligning.compared == []


def test_tokens_are_compared_only_where_vectors_promise_something(mixed, monkeypatch) -> None:
    aligning, retriever = mixed
    _believe(monkeypatch, home=0.1, abroad=0.9, before=0.09)
    assert _paths(retriever)[0].startswith("en")
    assert aligning.compared == []


def test_a_handful_of_passages_is_no_field_to_stand_out_from(mixed, monkeypatch) -> None:
    aligning, retriever = mixed
    _believe(monkeypatch, home=0.1, abroad=0.9)
    monkeypatch.setattr(finder, "FIELD", 41)
    assert _paths(retriever)[0].startswith("en")
    assert aligning.compared == []


def test_filters_hold_in_the_second_look_too(mixed, monkeypatch) -> None:
    _, retriever = mixed
    _believe(monkeypatch, home=0.1, abroad=0.9)
    found = _paths(retriever, Filter(language="en"))
    assert len(found) == 8
    assert all(path.startswith("en") for path in found)


def test_small_talk_gets_no_second_look(mixed, monkeypatch) -> None:
    aligning, retriever = mixed
    _believe(monkeypatch, home=0.1, abroad=0.9)
    assert not retriever.answer("hello").answered
    assert aligning.compared == []


def test_a_question_that_is_answered_at_home_is_not_translated(mixed, monkeypatch) -> None:
    _, retriever = mixed
    translated: list[str] = []
    monkeypatch.setattr(finder, "sought", lambda weighted, text, _: translated.append(text) or weighted)
    _believe(monkeypatch, home=0.9, abroad=0.95)
    before = retriever.evidence(QUESTION)
    assert translated == []
    _believe(monkeypatch, home=0.2, abroad=0.1)
    assert retriever.evidence(QUESTION) == before
    assert translated == [QUESTION]


def test_what_is_told_again_and_again_abroad_leaves_a_field_to_stand_out_from(
    tmp_path: Path, aligning, monkeypatch
) -> None:
    articles = tmp_path / "articles"
    _write_mixed(articles)
    for number in range(330):
        text = f"第{number}天，老人看管钟（the bell of the town），天天如此，风雨无阻，从来没有人替换他。"
        (articles / f"again{number}.txt").write_text(text, encoding="utf-8")
    build_index(articles, tmp_path / "index", encoder=aligning)
    _believe(monkeypatch, home=0.1, abroad=0.9)
    looks: list[int] = []
    at_home, abroad = finder._at_home, finder.Finder._abroad

    def counted(self, asked):
        look = abroad(self, asked)
        return lambda passages: looks.append(passages) or look(passages)

    monkeypatch.setattr(finder, "_at_home", lambda asked: _without(Script.CHINESE, at_home(asked)))
    monkeypatch.setattr(finder.Finder, "_abroad", counted)
    with Retriever.open(tmp_path / "index", encoder=aligning) as retriever:
        found = retriever.evidence(QUESTION)
    assert found is not None
    assert not found.same_language
    assert found.cohesion != COHESION
    assert looks == [2, 400], "no look is taken twice, though stories are told before tokens are compared and after"


@pytest.fixture
def small(tmp_path: Path, encoder, monkeypatch):
    """Three articles; an answer is what has half of what a question states."""
    texts = {
        "bell": "The miller rings the copper bell.",
        "sea": "We walked by the sea with the children and it rained.",
        "tea": "The baker opens the wooden teahouse at noon.",
    }
    (tmp_path / "articles").mkdir()
    for name, text in texts.items():
        (tmp_path / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    build_index(tmp_path / "articles", tmp_path / "index", encoder=encoder)
    monkeypatch.setattr(confidence, "confidence", lambda evidence: evidence.covered / evidence.said)
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        yield retriever


def test_of_a_long_question_the_clause_that_asks_is_searched_where_the_whole_finds_no_answer(small) -> None:
    told = "We walked by the sea with cousins, uncles, aunts, neighbours, colleagues, dogs, and nobody knew"
    first = small.search(f"{told}, who rings the copper bell of the miller?")[0]
    unsure = small.search(f"{told}, who sells the silver spoons of the tinker?")[0]
    assert first.article.path == "bell.txt"
    assert unsure.article.path == "sea.txt", "the clause convinces less than the whole"


def test_of_several_questions_what_answers_one_comes_first_then_what_answers_the_next(small) -> None:
    bell, tea = "Who rings the copper bell of the miller?", "When does the baker open the wooden teahouse?"
    unknown = "Which tinker sells silver spoons to sailors?"
    for asked, expected in ((f"{bell} {tea} {unknown}", "bell tea"), (f"{unknown} {tea} {bell}", "tea bell")):
        found = [hit.article.path.removesuffix(".txt") for hit in small.search(asked)]
        assert [name for name in found if name != "sea"] == expected.split()


def test_what_no_longer_convinces_once_its_tokens_are_compared_is_no_answer_to_the_whole(small, monkeypatch) -> None:
    bell, sea = "Who rings the copper bell of the miller?", "We walked by the sea with the children, and it rained?"
    asked = f"{bell} {sea}"
    assert small.search(asked)[0].article.path == "sea.txt", "of the whole that is the nearest"
    compared = finder.Finder.confidence
    monkeypatch.setattr(
        finder.Finder, "confidence", lambda self, found: 0.1 if found.question == asked else compared(self, found)
    )
    assert small.search(asked)[0].article.path == "bell.txt"
