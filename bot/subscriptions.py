"""Subscriptions: topics a chat wants to hear of, and the articles that are new since."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.database import Database
from bot.text import head, one_line
from retrieval.indexing.analysis import fold
from retrieval.records import Article

TOPICS = 10
"""How many a chat may have."""
TOPIC_LIMIT = 100
DAY = 24 * 3600
_SCHEMA = """
CREATE TABLE IF NOT EXISTS topic (
    chat INTEGER NOT NULL, key TEXT NOT NULL, topic TEXT NOT NULL, PRIMARY KEY (chat, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subscriber (
    chat INTEGER PRIMARY KEY, thread INTEGER, language TEXT NOT NULL, since INTEGER NOT NULL, told INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS known (path TEXT PRIMARY KEY, first INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (generation TEXT NOT NULL);
"""
_ADD = "INSERT INTO topic VALUES (?, ?, ?) ON CONFLICT (chat, key) DO UPDATE SET topic = excluded.topic"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A chat that wants to hear of topics."""

    chat: int
    thread: int | None
    """The topic of a forum that it asked in."""
    language: str
    since: int
    """Articles that came to be known after this second are news to it."""
    topics: tuple[str, ...]


class Subscriptions:
    """Keeps topics and which articles are known. Raises UnusableData."""

    def __init__(self, database: Callable[[str], Database], clock: Callable[[], float] = time.time) -> None:
        """`database` makes one of a schema."""
        self._database = database(_SCHEMA)
        self._clock = clock

    def add(self, chat: int, topic: str, *, language: str, thread: int | None = None) -> bool:
        """Subscribe a chat to a topic; False where it has as many as it may have."""
        kept = self.topics(chat)
        if len(kept) >= TOPICS and fold(topic) not in map(fold, kept):
            return False
        now = int(self._clock())
        self._database.write(
            (_ADD, (chat, fold(topic), topic)),
            ("INSERT INTO subscriber VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING", (chat, thread, language, now)),
            ("UPDATE subscriber SET thread = ?, language = ? WHERE chat = ?", (thread, language, chat)),
        )
        return True

    def remove(self, chat: int, topic: str) -> bool:
        """End a subscription; False where there is none."""
        removed = self._database.write(("DELETE FROM topic WHERE chat = ? AND key = ?", (chat, fold(topic))))
        self._drop_idle()
        return removed > 0

    def topics(self, chat: int) -> list[str]:
        """What a chat is subscribed to."""
        found = self._database.rows("SELECT topic FROM topic WHERE chat = ? ORDER BY key", (chat,))
        return [str(topic) for (topic,) in found]

    def forget(self, chat: int) -> None:
        """End all subscriptions of a chat."""
        self._database.write(("DELETE FROM topic WHERE chat = ?", (chat,)))
        self._drop_idle()

    def move(self, old: int, new: int) -> None:
        """A chat has got a new number."""
        self._database.write(
            ("DELETE FROM topic WHERE chat = ? AND key IN (SELECT key FROM topic WHERE chat = ?)", (new, old)),
            ("UPDATE topic SET chat = ? WHERE chat = ?", (new, old)),
            ("DELETE FROM subscriber WHERE chat = ? AND EXISTS (SELECT 1 FROM subscriber WHERE chat = ?)", (new, old)),
            ("UPDATE subscriber SET chat = ? WHERE chat = ?", (new, old)),
        )

    def leave_topic(self, chat: int) -> None:
        """The topic of a forum that a chat asked in is no more: its news go to the chat itself."""
        self._database.write(("UPDATE subscriber SET thread = NULL WHERE chat = ?", (chat,)))

    def has_seen(self, generation: str) -> bool:
        """Whether the articles of a generation are noted already."""
        return bool(self._database.rows("SELECT 1 FROM seen WHERE generation = ?", (generation,)))

    def see(self, generation: str, articles: Iterable[Article]) -> None:
        """Note the articles of a new generation; all of the first one ever are old news."""
        first = not self._database.rows("SELECT 1 FROM seen")
        now = 0 if first else int(self._clock())
        # In one order everywhere, so that no two processes wait for each other.
        keys = sorted({_key(each) for each in articles})
        notes = [("INSERT INTO known VALUES (?, ?) ON CONFLICT DO NOTHING", (key, now)) for key in keys]
        self._database.write(("DELETE FROM seen", ()), *notes, ("INSERT INTO seen VALUES (?)", (generation,)))

    def has_news(self, since: int) -> bool:
        """Whether any article came to be known after a second."""
        return bool(self._database.rows("SELECT 1 FROM known WHERE first > ? LIMIT 1", (since,)))

    def news(self, articles: Iterable[Article], since: int) -> list[Article]:
        """Those articles that came to be known after a second."""
        fresh = {str(path) for (path,) in self._database.rows("SELECT path FROM known WHERE first > ?", (since,))}
        return [article for article in articles if _key(article) in fresh]

    def due(self) -> list[Subscriber]:
        """Subscribers that have not been told anything for a day."""
        latest = int(self._clock()) - DAY
        sql = "SELECT chat, thread, language, since FROM subscriber WHERE told <= ?"
        return [
            Subscriber(
                int(str(chat)),
                None if thread is None else int(str(thread)),
                str(tag),
                int(str(since)),
                tuple(self._of(chat)),
            )
            for chat, thread, tag, since in self._database.rows(sql, (latest,))
        ]

    def tell(self, chat: int) -> bool:
        """Note that a chat is told all news there is now; False where another process has just told it."""
        now = int(self._clock())
        sql = "UPDATE subscriber SET since = ?, told = ? WHERE chat = ? AND told <= ?"
        return self._database.write((sql, (now, now, chat, now - DAY))) > 0

    def _of(self, chat: object) -> list[str]:
        return self.topics(int(str(chat)))

    def _drop_idle(self) -> None:
        self._database.write(("DELETE FROM subscriber WHERE chat NOT IN (SELECT chat FROM topic)", ()))


def stated(topic: str) -> str:
    """A topic as somebody wrote it, on one line and not too long."""
    return head(one_line(topic), TOPIC_LIMIT).strip()


def concerns(topic: str, article: Article, texts: Sequence[str]) -> bool:
    """Whether every word of the topic stands in the article: its title, categories, tags or passages."""
    held = fold("\n".join((article.title, *article.categories, *article.tags, *texts)))
    return all(word in held for word in fold(topic).split())


def _key(article: Article) -> str:
    return article.path.encode("utf-8", "replace").decode()
