"""Subscriptions: topics a chat wants to hear of, and the articles that are new since."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.database import Database
from bot.text import head, one_line
from retrieval.indexing.analysis import fold, is_continuous, singular
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
_PERHAPS_PLURAL = re.compile(r"[a-z]+s\b", re.ASCII)


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


@dataclass(frozen=True, slots=True)
class News:
    """An article, and the second in which it came to be known."""

    article: Article
    first: int


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

    def news(self, articles: Iterable[Article], since: int) -> list[News]:
        """Those articles that came to be known after a second."""
        fresh = {
            str(path): int(str(first))
            for path, first in self._database.rows("SELECT path, first FROM known WHERE first > ?", (since,))
        }
        return [News(article, fresh[_key(article)]) for article in articles if _key(article) in fresh]

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

    def tell(self, chat: int, until: int) -> bool:
        """Note that a chat is told the news until a second; False where another process has just told it."""
        now = int(self._clock())
        sql = "UPDATE subscriber SET since = ?, told = ? WHERE chat = ? AND told <= ? AND since < ?"
        return self._database.write((sql, (until, now, chat, now - DAY, until))) > 0

    def skip(self, chats: Iterable[int], until: int) -> None:
        """Note that of the news until a second nothing concerns these chats."""
        sql = "UPDATE subscriber SET since = ? WHERE chat = ? AND since < ?"
        # In one order everywhere, as above.
        changes = [(sql, (until, chat, until)) for chat in sorted(chats)]
        if changes:
            self._database.write(*changes)

    def _of(self, chat: object) -> list[str]:
        return self.topics(int(str(chat)))

    def _drop_idle(self) -> None:
        self._database.write(("DELETE FROM subscriber WHERE chat NOT IN (SELECT chat FROM topic)", ()))


def stated(topic: str) -> str:
    """A topic as somebody wrote it, on one line and not too long."""
    return head(one_line(topic), TOPIC_LIMIT).strip()


def concerning(topics: Iterable[str], article: Article, texts: Sequence[str]) -> frozenset[str]:
    """Those topics of which every word stands in the article: in its title, categories, tags or passages."""
    held = _comparable("\n".join((article.title, *article.categories, *article.tags, *texts)))
    return frozenset(topic for topic in topics if all(_stands_in(word, held) for word in _words_of(topic)))


@lru_cache(maxsize=10_000)
def _words_of(topic: str) -> tuple[str, ...]:
    return tuple(_comparable(topic).split())


def _comparable(text: str) -> str:
    """`text` with what topics do not distinguish made equal: what `fold` does, and English plurals."""
    return _PERHAPS_PLURAL.sub(lambda found: singular(found[0]), fold(text))


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text, and is no part of a longer one there: `war` is not in `hardware`."""
    start = text.find(word)
    while start >= 0:
        if not _within_word(text, start) and not _within_word(text, start + len(word)):
            return True
        start = text.find(word, start + 1)
    return False


def _within_word(text: str, at: int) -> bool:
    """Whether a word goes on over a place; where there are no blanks between words nobody can tell, so it does not."""
    return 0 < at < len(text) and all(_is_spaced_letter(each) for each in text[at - 1 : at + 1])


def _is_spaced_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" and not is_continuous(character)


def _key(article: Article) -> str:
    return article.path.encode("utf-8", "replace").decode()
