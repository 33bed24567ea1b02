"""Hand-written retrievers: what they answer is chosen by words in the question."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from types import TracebackType

from retrieval.errors import BadQuestion, NoIndex, RetrievalError
from retrieval.records import Answer, Article, Hit, Mention

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


class FakeRetriever:
    """Answers with one passage; `nothing`, `broken`, `slow` or `brief` in the question change that."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.go_on = threading.Event()

    @classmethod
    def open(cls, index: Path) -> FakeRetriever:
        """Refuses an index named `missing`."""
        if index.name == "missing":
            raise NoIndex(index)
        return cls()

    def __enter__(self) -> FakeRetriever:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def answer(self, question: str, k: int = 5) -> Answer:
        """The answer; a question without words or of over 2,000 characters is refused."""
        self.questions.append(question)
        if not question.strip() or len(question) > 2000:
            raise BadQuestion("the question is empty or too long")
        if "broken" in question:
            raise RetrievalError("the index went away")
        if "slow" in question:
            self.go_on.wait(2)
        if "brief" in question:
            self.go_on.wait(0.1)
        if "nothing" in question:
            return Answer(question, answered=False, confidence=0.1, hits=(HIT,))
        return Answer(question, answered=True, confidence=0.9, hits=(HIT,) * min(k, 2))
