"""What an index does, whichever engine keeps it: a folder, or Milvus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Event
from time import sleep

import pytest

from embeddings.encoder import Vectors
from retrieval import Filter, Retriever, build_index
from retrieval.errors import IndexBusy, NoIndex, UnusableArticles, WrongFormat, WrongModel
from retrieval.indexing.engines import engine_at
from retrieval.reading.links.site import from_settings
from retrieval.records import Answer, Hit
from tests.retrieval.conftest import ARTICLES, HashingEncoder

QUESTIONS = (
    "潮汐表几点贴出来？",
    "谁在灯塔值守？",
    "When does the bakery on Chandler Street open?",
    "钟表博物馆哪天休馆？",
    "鐘錶博物館有幾座古老的時鐘？",
    '潮汐表 "] or id >= 0 or "\ud800',
)
FILTERS = (
    Filter(category="文化"),
    Filter(category="FOOD"),
    Filter(author="港口日报"),
    Filter(after=date(2022, 7, 28)),
    Filter(before=date(2022, 7, 28)),
    Filter(after=date(2021, 3, 4), before=date(2021, 3, 4)),
    Filter(author="港口日报", after=date(2022, 1, 1)),
    Filter(category="新闻", author="港口日报", language="zh", before=date(2030, 1, 1)),
    Filter(language="EN"),
    Filter(language="fr"),
    Filter(category='"] or true or "\ud800'),
    Filter(),
)


def _year(number: int) -> str:
    """A paragraph whose words are in no other."""
    words = ["".join(chr(0x5000 + 97 * number + 7 * at + step) for step in range(6)) for at in range(9)]
    return f"第{number}年，" + "，".join(words) + "。"


STORY = "三柳镇的石桥在七月二十八日重新通车，维修用了九个月，花费三百万元，桥面加宽了两米。"
MORE = {
    "bridge.md": ("title: 石桥通车", STORY),
    "bridge-again.md": ("title: 三柳石桥今日通车", STORY.replace("花费", "耗资")),
    "copy/tide.md": ARTICLES["tide.md"],
    "long.md": ("title: 港口年表\ncategories: [港口]", "\n\n".join(map(_year, range(1, 40)))),
}


@pytest.fixture(params=["folder", "milvus"])
def index(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an index of each engine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return str(tmp_path / "index") if request.param == "folder" else f"milvus+file://{tmp_path}/index.db"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Retriever, Retriever]]:
    """The same articles on both engines, opened."""
    folder = tmp_path_factory.mktemp("both")
    _write(folder / "articles", ARTICLES | MORE)
    (folder / "articles" / "half.md").write_bytes(
        "---\ntitle: 半个字\n---\n一段文字里有 \ud83d 半个表情，邮差也看不懂它。".encode("utf-8", "surrogatepass")
    )
    addresses = (str(folder / "index"), f"milvus+file://{folder}/index.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        reports = [build_index(folder / "articles", each, encoder=HashingEncoder()) for each in addresses]
    plain = [replace(each, index="", generation="", seconds=0) for each in reports]
    assert plain[0] == plain[1]
    with (
        Retriever.open(addresses[0], encoder=HashingEncoder()) as one,
        Retriever.open(addresses[1], encoder=HashingEncoder()) as other,
    ):
        yield one, other


def _write(folder: Path, articles: dict[str, tuple[str, str]]) -> Path:
    for name, (front, body) in articles.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"---\n{front}\n---\n\n{body}\n", encoding="utf-8")
    return folder


def _shown(hit: Hit) -> Hit:
    return replace(hit, score=0, also_in=tuple(sorted(hit.also_in, key=lambda mention: mention.path)))


def _assert_alike(one: Answer, other: Answer) -> None:
    assert (one.question, one.answered) == (other.question, other.answered)
    assert one.confidence == pytest.approx(other.confidence, abs=0.02)
    assert [hit.score for hit in one.hits] == pytest.approx([hit.score for hit in other.hits], abs=0.005)
    assert [_shown(hit) for hit in one.hits] == [_shown(hit) for hit in other.hits]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_alike(both: tuple[Retriever, Retriever], question: str) -> None:
    """Passages, order, highlights, links, other articles with the same story, scores and confidence."""
    one, other = (retriever.answer(question, k=3) for retriever in both)
    _assert_alike(one, other)


@pytest.mark.parametrize("where", FILTERS)
def test_filters_are_alike(both: tuple[Retriever, Retriever], where: Filter) -> None:
    """What may answer, and which articles are the newest."""
    one, other = ({_shown(hit) for hit in each.search("灯塔 bakery 博物館", k=200, where=where)} for each in both)
    assert one == other
    assert both[0].latest(3, where) == both[1].latest(3, where)


def test_as_many_hits_as_there_are(both: tuple[Retriever, Retriever]) -> None:
    """All passages are found, however far from the question."""
    for k in (1, 7, 40, 1_000):
        assert len(both[0].search("灯塔", k=k)) == len(both[1].search("灯塔", k=k))


def test_lists_are_alike(both: tuple[Retriever, Retriever]) -> None:
    """The newest articles, the categories, the passages of an article; what the index says it is."""
    one, other = both
    assert one.latest(100) == other.latest(100)
    assert one.latest(2) == other.latest(2)
    assert one.categories() == other.categories()
    for path in ("tide.md", "copy/tide.md", "long.md", "half.md", "no such.md"):
        assert one.passages_of(path) == other.passages_of(path)
    assert (one.about().articles, one.about().passages) == (other.about().articles, other.about().passages)


def test_a_story_told_twice_is_shown_once(both: tuple[Retriever, Retriever]) -> None:
    """With both articles that tell it, and with a copy of an article."""
    for retriever in both:
        bridge, tide = (retriever.search(question, k=1)[0] for question in ("石桥什么时候通车？", QUESTIONS[0]))
        assert {bridge.article.path, *(each.path for each in bridge.also_in)} == {"bridge.md", "bridge-again.md"}
        assert {tide.article.path, *(each.path for each in tide.also_in)} == {"tide.md", "copy/tide.md"}


def test_several_threads_may_ask(both: tuple[Retriever, Retriever]) -> None:
    """And get what one gets."""
    for retriever in both:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(retriever.answer, QUESTIONS * 2))
        assert found == [retriever.answer(question) for question in QUESTIONS * 2]


def test_only_what_changed_is_embedded(articles: Path, index: str, encoder: HashingEncoder) -> None:
    """A new paragraph is, other texts are taken over; an article that is gone is gone from the index."""
    first = build_index(articles, index, encoder=encoder)
    assert (first.articles, first.embedded, first.reused, first.removed) == (4, len(encoder.passages), 0, 0)
    encoder.passages.clear()
    front, body = ARTICLES["tide.md"]
    _write(
        articles, {"tide.md": (front, body + "\n\n## 今年\n\n今年的潮汐表换成了防水的纸，字也大了一号，雨天也看得清。")}
    )
    (articles / "bread.md").unlink()
    second = build_index(articles, index, encoder=encoder)
    assert len(encoder.passages) == second.embedded
    assert any("防水的纸" in text for text in encoder.passages)
    assert not any("灯塔旁边" in text for text in encoder.passages)
    assert (second.articles, second.removed) == (3, 1)
    assert second.reused > second.embedded
    with Retriever.open(index, encoder=encoder) as retriever:
        assert retriever.search("潮汐表换成了什么纸？")[0].article.path == "tide.md"
        assert not any(hit.article.path == "bread.md" for hit in retriever.search("bakery", k=20))


def test_where_nothing_changed_nothing_is_written(articles: Path, index: str, encoder: HashingEncoder) -> None:
    """The generation stays; `full` makes a new one, all embedded anew."""
    first = build_index(articles, index, encoder=encoder)
    again = build_index(articles, index, encoder=encoder)
    assert (again.generation, again.embedded) == (first.generation, 0)
    assert again.reused == first.passages + first.sentences
    full = build_index(articles, index, encoder=encoder, full=True)
    assert full.generation != first.generation
    assert full.embedded == first.embedded


def test_what_a_site_does_not_show_today_is_left_out(articles: Path, index: str, encoder: HashingEncoder) -> None:
    site = from_settings("https://ferry.example", "/:filename/", generator="hugo")
    soon = datetime.now(timezone.utc) + timedelta(seconds=2)
    for name, text in (("soon", f"publishDate: {soon.isoformat()}"), ("gone", f"expiryDate: {soon.isoformat()}")):
        (articles / f"{name}.md").write_text(f"---\n{text}\n---\n渡船的消息：{name}。", encoding="utf-8")
    shown = []
    for _ in range(2):
        build_index(articles, index, encoder=encoder, site=site)
        with Retriever.open(index, encoder=encoder) as retriever:
            shown.append({article.path for article in retriever.latest(20)} & {"soon.md", "gone.md"})
        sleep(max(0.0, (soon - datetime.now(timezone.utc)).total_seconds()))
    assert shown == [{"gone.md"}, {"soon.md"}]


def test_vectors_stay_what_they_are(write: Callable[..., Path], index: str, encoder: HashingEncoder) -> None:
    """However many generations take them over."""
    articles = write(ARTICLES)
    build_index(articles, index, encoder=encoder)
    with Retriever.open(index, encoder=encoder) as retriever:
        before = retriever.search(QUESTIONS[0])
        for turn in range(3):
            # As long as the one before, so that average lengths stay.
            write(
                {
                    "undated.md": (
                        "title: 没有日期的文章",
                        ARTICLES["undated.md"][1].replace("两次", "一二三四次"[turn] + "次"),
                    )
                }
            )
            build_index(articles, index, encoder=encoder)
        assert retriever.search(QUESTIONS[0])[0].score == pytest.approx(before[0].score, abs=0.01)


def test_an_open_retriever_moves_over(articles: Path, index: str, encoder: HashingEncoder) -> None:
    """To a new generation, by itself; what it is asked meanwhile is answered from the old one."""
    build_index(articles, index, encoder=encoder)
    with Retriever.open(index, encoder=encoder) as retriever:
        before = retriever.about()
        _write(articles, {"new.md": ("title: 码头", "新码头在秋天开放，可以停靠四十条船，夜里有灯。")})
        build_index(articles, index, encoder=Asking(retriever))
        assert retriever.search("新码头可以停靠几条船？")[0].article.path == "new.md"
        assert retriever.about().articles == before.articles + 1


class Asking(HashingEncoder):
    """Asks a retriever while it encodes."""

    def __init__(self, retriever: Retriever) -> None:
        super().__init__()
        self._retriever = retriever

    def encode_passages(self, texts: list[str]) -> Vectors:
        assert self._retriever.search(QUESTIONS[0])[0].article.path == "tide.md"
        return super().encode_passages(texts)


class Failing(HashingEncoder):
    """Fails at its second batch."""

    def encode_passages(self, texts: list[str]) -> Vectors:
        if self.passages:
            raise MemoryError
        return super().encode_passages(texts)


def test_a_rebuild_that_fails_changes_nothing(
    write: Callable[..., Path], index: str, encoder: HashingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old generation answers, and what was embedded before is not embedded again."""
    articles = write(ARTICLES)
    first = build_index(articles, index, encoder=encoder)
    for module in ("retrieval.indexing.build.CHUNK", "retrieval.indexing.milvus.build.BATCH"):
        monkeypatch.setattr(module, 1)
    write({name: body for name, body in MORE.items() if "/" not in name})
    with pytest.raises(MemoryError):
        build_index(articles, index, encoder=Failing())
    with Retriever.open(index, encoder=encoder) as retriever:
        assert retriever.about().generation == first.generation
        assert retriever.search(QUESTIONS[0])[0].article.path == "tide.md"
    encoder.passages.clear()
    second = build_index(articles, index, encoder=encoder)
    assert 0 < len(encoder.passages) == second.embedded < second.passages + second.sentences - first.embedded


class Waiting(HashingEncoder):
    """Waits, with the index held, until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.held, self.go_on = Barrier(2, timeout=30), Event()

    def encode_passages(self, texts: list[str]) -> Vectors:
        if not self.passages:
            self.held.wait()
            assert self.go_on.wait(30)
        return super().encode_passages(texts)


def test_one_rebuild_at_a_time(articles: Path, index: str, encoder: HashingEncoder) -> None:
    """A second one says who holds the index; the first one goes on, and later ones may begin."""
    waiting = Waiting()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(build_index, articles, index, encoder=waiting)
        waiting.held.wait()
        with pytest.raises(IndexBusy, match="another rebuild is under way"):
            build_index(articles, index, encoder=encoder)
        waiting.go_on.set()
        assert first.result().articles == 4
    assert build_index(articles, index, encoder=encoder).embedded == 0


class Named(HashingEncoder):
    """Another model."""

    name = "another"


def test_another_model(articles: Path, index: str, encoder: HashingEncoder) -> None:
    """It cannot ask; a rebuild embeds all with it, and who has the old generation open keeps it."""
    first = build_index(articles, index, encoder=encoder)
    with pytest.raises(WrongModel, match="hashing"):
        Retriever.open(index, encoder=Named())
    with Retriever.open(index, encoder=encoder) as retriever:
        second = build_index(articles, index, encoder=Named())
        assert second.embedded == first.embedded
        assert retriever.search(QUESTIONS[0])[0].article.path == "tide.md"


def test_another_format(articles: Path, index: str, encoder: HashingEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be asked; a rebuild writes this one."""
    with monkeypatch.context() as patch:
        for module in ("manifest", "build", "milvus.build", "milvus.generation"):
            patch.setattr(f"retrieval.indexing.{module}.FORMAT", 999)
        build_index(articles, index, encoder=encoder)
    with pytest.raises(WrongFormat, match="999"):
        Retriever.open(index, encoder=encoder)
    build_index(articles, index, encoder=encoder)
    with Retriever.open(index, encoder=encoder) as retriever:
        assert retriever.search(QUESTIONS[0])[0].article.path == "tide.md"


def test_no_index_yet(index: str, encoder: HashingEncoder, tmp_path: Path) -> None:
    """It says how one is made; from nothing none is made."""
    with pytest.raises(NoIndex, match="rebuild-embeddings ARTICLES --index"):
        Retriever.open(index, encoder=encoder)
    _write(tmp_path / "drafts", {"a.md": ("title: a\ndraft: true", "Not yet said.")})
    with pytest.raises(UnusableArticles, match="draft"):
        build_index(tmp_path / "drafts", index, encoder=encoder)
    with pytest.raises(NoIndex):
        Retriever.open(index, encoder=encoder)


def test_an_index_is_verified(articles: Path, index: str, encoder: HashingEncoder) -> None:
    """All of it is there."""
    report = build_index(articles, index, encoder=encoder)
    engine = engine_at(index)
    assert engine.verify().generation == report.generation
    engine.close()
