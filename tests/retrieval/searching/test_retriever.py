"""Asking: ranking, filters, stories, following the live generation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

from retrieval.errors import BadQuestion, ClosedRetriever
from retrieval.indexing.build import build_index
from retrieval.records import Filter
from retrieval.searching.retriever import Retriever


@pytest.fixture
def retriever(articles: Path, tmp_path: Path, encoder):
    build_index(articles, tmp_path / "index", encoder=encoder)
    with Retriever.open(tmp_path / "index", encoder=encoder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "path", "words"),
    [
        ("潮汐表几点贴出来？", "tide.md", "早上六点"),
        ("谁在灯塔值守？", "tide.md", "林舟"),
        ("When does the bakery on Chandler Street open?", "bread.md", "three in the morning"),
        ("钟表博物馆哪天休馆？", "museum.md", "星期三休館"),
        ("鐘錶博物館有幾座古老的時鐘？", "museum.md", "四百二十座"),
    ],
)
def test_the_passage_that_answers_is_first(retriever: Retriever, question: str, path: str, words: str) -> None:
    hit = retriever.search(question, k=3)[0]
    assert hit.article.path == path
    assert words in hit.text
    assert hit.highlight is not None
    assert words in hit.text[slice(*hit.highlight)]


def test_hits_come_best_first_and_as_many_as_asked(retriever: Retriever) -> None:
    hits = retriever.search("灯塔", k=7)
    assert len(hits) == 7
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(retriever.search("灯塔", k=1)) == 1
    assert len(retriever.search("灯塔", k=100)) == 7


@pytest.mark.parametrize(
    ("where", "paths"),
    [
        (Filter(category="文化"), {"museum.md"}),
        (Filter(category="FOOD"), {"bread.md"}),
        (Filter(author="港口日报"), {"tide.md", "museum.md"}),
        (Filter(after=date(2022, 7, 28)), {"bread.md", "museum.md"}),
        (Filter(before=date(2022, 7, 28)), {"tide.md", "bread.md"}),
        (Filter(after=date(2021, 3, 4), before=date(2021, 3, 4)), {"tide.md"}),
        (Filter(author="港口日报", after=date(2022, 1, 1)), {"museum.md"}),
        (Filter(language="EN"), {"bread.md"}),
        (Filter(language="fr"), set()),
        (Filter(category="no such"), set()),
        (Filter(category="' OR 1=1 --"), set()),
        (Filter(), {"tide.md", "bread.md", "museum.md", "undated.md"}),
    ],
)
def test_filters_come_before_ranking(retriever: Retriever, where: Filter, paths: set[str]) -> None:
    hits = retriever.search("灯塔 bakery 博物館", k=20, where=where)
    assert {hit.article.path for hit in hits} == paths


@pytest.mark.parametrize("question", ["", "  \n", "x" * 2_001])
def test_what_is_no_question_is_refused(retriever: Retriever, question: str) -> None:
    with pytest.raises(BadQuestion):
        retriever.answer(question)


@pytest.mark.parametrize("k", [0, -1, 1_001])
def test_an_impossible_number_of_hits_is_refused(retriever: Retriever, k: int) -> None:
    with pytest.raises(BadQuestion):
        retriever.search("灯塔", k=k)


@pytest.mark.parametrize("question", ["？？？", "😀", "什么", "the", "\u202e\u200b", "AND OR NOT (", '"*:^~', "\ud800"])
def test_odd_questions_are_searched_all_the_same(retriever: Retriever, question: str) -> None:
    answer = retriever.answer(question, k=2)
    assert 0 <= answer.confidence <= 1


def test_the_same_story_is_shown_once(write: Callable[..., Path], articles: Path, tmp_path: Path, encoder) -> None:
    text = "三柳镇的石桥在七月二十八日重新通车，维修用了九个月，花费三百万元，桥面加宽了两米。"
    write(
        {
            "a.md": ("title: 石桥通车", text),
            "b.md": ("title: 三柳石桥今日通车", text.replace("花费", "耗资")),
            "c.md": (
                "title: 另一座桥",
                "三柳镇的木桥在八月关闭，维修要用三个月，行人请走石桥，车辆请绕行北路，公交改线。",
            ),
        }
    )
    build_index(articles, tmp_path / "index", encoder=encoder)
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        hits = retriever.search("石桥什么时候通车？", k=3)
    assert {hits[0].article.path, *(mention.path for mention in hits[0].also_in)} == {"a.md", "b.md"}
    assert hits[1].article.path == "c.md"


def test_an_encoder_may_give_lists_of_vectors_of_any_length(articles: Path, tmp_path: Path, encoder) -> None:
    """As a server's answer has them."""

    class Listing:
        name, dimension = "listing", encoder.dimension

        def encode_passages(self, texts: Sequence[str]) -> list[list[float]]:
            return (3 * encoder.encode_passages(texts)).tolist()

        def encode_questions(self, texts: Sequence[str]) -> list[list[float]]:
            return (5 * encoder.encode_questions(texts)).tolist()

    question, told = "When does the ferry sail?", []
    for name, own in (("own", encoder), ("listing", Listing())):
        build_index(articles, tmp_path / name, encoder=own)
        with Retriever.open(tmp_path / name, encoder=own) as opened:
            told.append([(hit.text, round(hit.score, 2)) for hit in opened.search(question)])
    assert told[0] == told[1]


def test_a_new_generation_is_taken_up_while_open(retriever: Retriever, articles: Path, tmp_path: Path, encoder) -> None:
    before = retriever.about()
    (articles / "new.md").write_text(
        "---\ntitle: 码头\n---\n新码头在秋天开放，可以停靠四十条船，夜里有灯。", encoding="utf-8"
    )
    build_index(articles, tmp_path / "index", encoder=encoder)
    assert retriever.search("新码头可以停靠几条船？")[0].article.path == "new.md"
    assert retriever.about().articles == before.articles + 1


def test_a_generation_that_cannot_be_read_is_not_taken_up(retriever: Retriever, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "index" / "CURRENT").write_text("nowhere\n")
    assert retriever.search("潮汐表几点贴出来？")[0].article.path == "tide.md"
    (tmp_path / "index" / "CURRENT").unlink()
    assert retriever.search("潮汐表几点贴出来？")[0].article.path == "tide.md"


def test_threads_share_a_retriever(retriever: Retriever) -> None:
    questions = ["潮汐表几点贴出来？", "rye bread", "博物館門票多少錢", "绿色的邮筒"] * 20
    alone = [retriever.search(question, k=3) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda question: retriever.search(question, k=3), questions)) == alone


@pytest.mark.parametrize(
    "ask",
    [
        lambda retriever: retriever.search("灯塔"),
        lambda retriever: retriever.answer("灯塔"),
        lambda retriever: retriever.evidence("灯塔"),
        lambda retriever: retriever.latest(),
        lambda retriever: retriever.categories(),
        lambda retriever: retriever.passages_of("tide.md"),
        lambda retriever: retriever.about(),
    ],
)
def test_a_closed_retriever_says_so(retriever: Retriever, ask: Callable[[Retriever], object]) -> None:
    retriever.close()
    retriever.close()
    with pytest.raises(ClosedRetriever, match="the retriever is closed"):
        ask(retriever)


def test_closing_lets_a_search_finish(retriever: Retriever, encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, encode = Event(), Event(), encoder.encode_questions

    def slowly(texts):
        begun.set()
        assert go_on.wait(10)
        return encode(texts)

    monkeypatch.setattr(encoder, "encode_questions", slowly)
    with ThreadPoolExecutor() as pool:
        answered = pool.submit(retriever.search, "潮汐表几点贴出来？")
        assert begun.wait(10)
        closing = Thread(target=retriever.close)
        closing.start()
        while not retriever._closed:
            pass
        with pytest.raises(ClosedRetriever):
            retriever.latest()
        assert closing.is_alive()
        go_on.set()
        assert answered.result(10)[0].article.path == "tide.md"
        closing.join(10)
        assert not closing.is_alive()


def test_an_index_can_be_browsed(retriever: Retriever) -> None:
    assert [article.path for article in retriever.latest(2)] == ["museum.md", "bread.md"]
    assert [article.path for article in retriever.latest(9, Filter(category="港口"))] == ["tide.md"]
    assert retriever.latest(9)[-1].date is None
    assert sorted((category.name, category.articles) for category in retriever.categories()) == [
        ("food", 1),
        ("文化", 1),
        ("新闻", 1),
        ("港口", 1),
    ]
    assert "早上六点" in retriever.passages_of("tide.md")[0]
    assert retriever.passages_of("../secret.md") == []


def test_the_same_article_under_two_paths_is_indexed_once(write: Callable[..., Path], tmp_path: Path, encoder) -> None:
    front, body = "title: 石桥通车", "三柳镇的石桥在七月二十八日重新通车，维修用了九个月，花费三百万元。"
    folder = write({"a.md": (front, body), "b.md": (front, body), "c.md": ("title: 另一座桥", "木桥在八月关闭维修。")})
    report = build_index(folder, tmp_path / "index", encoder=encoder)
    assert (report.articles, report.passages) == (3, 2)
    with Retriever.open(tmp_path / "index", encoder=encoder) as retriever:
        hit = retriever.search("石桥什么时候通车？", k=1)[0]
        assert len(retriever.latest(9)) == 3
    assert hit.article.path == "a.md"
    assert [mention.path for mention in hit.also_in] == ["b.md"]
