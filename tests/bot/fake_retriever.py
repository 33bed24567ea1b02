"""Hand-written retrievers: what they answer is chosen by words in the question."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType

from retrieval.errors import BadQuestion, NoIndex, RetrievalError, Unreachable
from retrieval.records import Answer, Article, Category, Filter, Hit, Mention
from retrieval.searching.retriever import IndexInfo

BEST = "灯塔于1893年第一次点亮，<至今>仍在使用 & 开放参观。"
TEXT = f"岛上只有一条路。{BEST}每年五月最热闹。"
ARTICLE = Article(
    path="2021/灯塔.md",
    title="北角灯塔 <修缮> 完工",
    url="https://news.example.com/2021/灯塔/",
    date=date(2021, 5, 4),
    author="北角晚报",
)
HIT = Hit(
    text=TEXT,
    score=0.9,
    highlight=(TEXT.index(BEST), TEXT.index(BEST) + len(BEST)),
    article=ARTICLE,
    url="https://news.example.com/2021/灯塔/#:~:text=%E7%81%AF%E5%A1%94",
    also_in=(Mention("岛上见闻", "https://other.example.com/1?a=1&b=2", "x.md"),),
)


OTHER = Article(
    path="2022/渡轮.md",
    title="渡轮改点",
    url="https://news.example.com/2022/渡轮/",
    date=date(2022, 7, 1),
    categories=("交通",),
    image="https://img.example.com/ferry.jpg",
)
FERRY = Hit(text="渡轮改为每小时一班。", score=0.7, highlight=None, article=OTHER, url=OTHER.url)
PARAGRAPHS = ["第一段，讲岛。", "第二段，讲路。", TEXT, "第四段，讲船。", "第五段，讲风。", "第六段，讲人。"]


class FakeRetriever:
    """Answers with two passages; `nothing`, `broken`, `away`, `slow`, `brief`, `unheard` in a question change that."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.filters: list[Filter | None] = []
        self.go_on = threading.Event()
        self.generation = "g1"
        self.away = False
        self.articles = [OTHER, ARTICLE]
        self.texts = {ARTICLE.path: PARAGRAPHS, OTHER.path: [FERRY.text]}

    @classmethod
    def open(cls, index: Path) -> FakeRetriever:
        """Refuses an index named `missing`; the one named `newer` holds an article more, that of `away` is away."""
        if index.name == "missing":
            raise NoIndex(index)
        retriever = cls()
        retriever.away = index.name == "away"
        if index.name == "newer":
            retriever.generation = "g2"
            retriever.articles.insert(0, replace(OTHER, path="2023/渡轮.md", title="渡轮又改点"))
        return retriever

    def __enter__(self) -> FakeRetriever:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def answer(self, question: str, k: int = 5, where: Filter | None = None) -> Answer:
        """The answer; a question without words or of over 2,000 characters is refused."""
        self.questions.append(question)
        self.filters.append(where)
        if not question.strip() or len(question) > 2000:
            raise BadQuestion("the question is empty or too long")
        if "broken" in question:
            raise RetrievalError("the index went away")
        if "away" in question:
            raise Unreachable(Path("news"), "Milvus does not answer")
        if "slow" in question:
            self.go_on.wait(2)
        if "brief" in question:
            self.go_on.wait(0.1)
        if "unheard" in question:
            return Answer(question, answered=False, confidence=0.0)
        return Answer(question, "nothing" not in question, 0.5, (HIT, FERRY)[:k])

    def latest(self, count: int = 10, where: Filter | None = None) -> list[Article]:
        """The newest articles, those of a category where one is asked for."""
        if self.away:
            raise Unreachable(Path("news"), "Milvus does not answer")
        wanted = where.category if where else None
        return [each for each in self.articles if wanted is None or wanted in each.categories][:count]

    def categories(self) -> list[Category]:
        """One category."""
        return [Category("交通", 1)]

    def passages_of(self, path: str) -> list[str]:
        """The article's paragraphs."""
        return self.texts.get(path, [])

    def about(self) -> IndexInfo:
        """Two articles in the live generation."""
        return IndexInfo(len(self.articles), 7, self.generation, "2024-03-01T08:00:00+00:00", "fake")
