"""Stories: what is told hundreds of times is shown once, and hides nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from retrieval import Filter, Retriever, build_index
from retrieval.indexing.engine import Material
from retrieval.indexing.forward import Terms, units_of
from retrieval.searching import finder
from retrieval.searching.candidates import Candidate, Ranking
from retrieval.searching.evidence import ALONE, COHESION, FIELD
from retrieval.searching.stories import Story, joined, tell_enough

QUESTION = "北汀港天气预报说最高气温多少度？"
BULLETIN = (
    "北汀港天气预报第{}期：明天多云转晴，最高气温二十八度，最低气温十九度。"
    "东南风三到四级，天气预报请出海的渔民留意早晨的雾。"
    "下一次北汀港天气预报在傍晚六点播出，说明后天的最高气温。"
)
STATION = "气象站的{}号观测员说，要在清晨五点以前写好，再由{}送到电台播出，听众可以打电话来问。"
STATIONS = list(zip("甲乙丙丁戊己庚辛", "子丑寅卯辰巳午未", strict=True))


def _bulletins(count: int) -> dict[str, tuple[str, str]]:
    front = "title: 天气\ncategories: [天气]"
    return {f"weather{number}.md": (front, BULLETIN.format(number)) for number in range(count)}


def _stations() -> dict[str, tuple[str, str]]:
    return {
        f"station{at}.md": ("title: 气象站", STATION.format(3 * one, 4 * other))
        for at, (one, other) in enumerate(STATIONS)
    }


@pytest.fixture
def ranked(monkeypatch) -> list[int]:
    """How many passages each ranking was asked for."""
    asked: list[int] = []
    rank = finder.rank

    def counted(snapshot, weighted, question, wanted, where) -> Ranking:
        asked.append(wanted)
        return rank(snapshot, weighted, question, wanted, where)

    monkeypatch.setattr(finder, "rank", counted)
    return asked


@pytest.fixture
def opened(write: Callable[..., Path], tmp_path: Path, encoder):
    @contextmanager
    def open_index(articles: dict[str, tuple[str, str]]) -> Iterator[Retriever]:
        build_index(write(articles), tmp_path / "index", encoder=encoder)
        with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
            yield retriever

    return open_index


def test_a_bulletin_of_every_day_does_not_hide_all_else(opened, ranked) -> None:
    with opened(_bulletins(330) | _stations()) as retriever:
        hits = retriever.search(QUESTION, k=5)
        assert [hit.article.title for hit in hits] == ["天气", *["气象站"] * 4]
        assert len(hits[0].also_in) == 329
        assert ranked == [10, 400]
        assert len(retriever.search(QUESTION, k=50)) == 9
        found = retriever.evidence(QUESTION)
    assert found is not None
    assert found.cohesion != COHESION
    assert found.gap != ALONE


def test_what_a_filter_leaves_is_looked_through_once_more_at_most(opened, ranked) -> None:
    with opened(_bulletins(330) | _stations()) as retriever:
        hits = retriever.search(QUESTION, k=5, where=Filter(category="天气"))
    assert len(hits) == 1
    assert ranked == [10, 400]


def test_where_all_were_ranked_they_are_not_ranked_again(opened, ranked) -> None:
    with opened(_bulletins(90)) as retriever:
        assert len(retriever.search(QUESTION, k=5)) == 1
    assert ranked == [10]


def test_a_question_that_finds_enough_stories_is_ranked_once(opened, ranked) -> None:
    dice = random.Random(0)
    texts = ["天气" + "".join(chr(dice.randrange(0x4E00, 0x9000)) for _ in range(40)) + "。" for _ in range(300)]
    with opened({f"{at}.md": (f"title: {at}", text) for at, text in enumerate(texts)}) as retriever:
        assert len(retriever.search(QUESTION, k=20)) == 20
    assert ranked == [40]


SAME, OTHERS = ["北汀港明天多云转晴气温二十八度"] * 9, [3 * each for each in "甲乙丙丁戊己庚辛"]


@pytest.mark.parametrize(
    ("texts", "whole", "stories", "asked"),
    [
        (SAME, False, 1, [10, 400, 1600, 6400]),
        (SAME, True, 1, [10]),
        (SAME[:7], False, 1, [10]),
        (SAME + OTHERS[:7], False, 8, [10]),
        (OTHERS, False, 8, [10]),
    ],
)
def test_more_is_ranked_while_repeats_leave_too_few_stories(texts, whole: bool, stories: int, asked: list[int]) -> None:
    looked: list[int] = []

    def look(passages: int) -> Ranking:
        looked.append(passages)
        return _ranking(texts, whole)

    assert len(tell_enough(look, 1 + FIELD, 10)) == stories
    assert looked == asked


def test_a_ranking_of_the_most_hits_is_widened_once() -> None:
    looked: list[int] = []
    tell_enough(lambda passages: looked.append(passages) or _ranking(SAME, False), 8, 2_000)
    assert looked == [2_000, 8_000]


def _ranking(texts: list[str], whole: bool) -> Ranking:
    """Passages whose vectors all are the same, in order."""
    count = len(texts)
    units = [units_of(f" {text} \n ") for text in texts]
    terms = Terms(np.concatenate(units), np.cumsum([len(each) for each in units]), np.ones(count, np.float32))
    vectors, ones = np.tile(np.array([1, 0], np.float32), (count, 1)), np.ones(count, np.float32)
    material = Material(terms, np.zeros(count, np.uint8), vectors, ones, np.ones(count, np.int64))
    places = np.arange(count)
    return Ranking(places, -ones * places, ones, ones, vectors, places, ones, material, whole=whole)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ((1, 2), (2, 1), [1]),
        ((1, 2), (2,), [1]),
        ((1,), (2, 1), [1]),
        ((1,), (1, 2), [1]),
        ((1, 2), (3, 2), [1, 3]),
        ((1,), (2,), [1, 2]),
    ],
)
def test_a_story_of_two_rankings_is_shown_once_whichever_passage_tells_it(first, second, shown: list[int]) -> None:
    stories = joined([_story(*first)], [_story(*second)])
    assert [story.best.passage for story in stories] == shown


def _story(passage: int, *repeats: int) -> Story:
    none = np.empty(0, np.float32)
    return Story(Candidate(passage, 0.5, 0.9, 0.1, none, none, "", None), repeats)
