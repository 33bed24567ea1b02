"""Topics a chat wants to hear of, and the digest."""

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_retriever import ARTICLE, OTHER, FakeRetriever
from telegram.error import BadRequest

from bot.conversation import Conversation
from bot.digest import AT_ONCE, Digest
from bot.feedback import Feedback
from bot.listings import Listings
from bot.metrics import Metrics
from bot.preferences import Preferences
from bot.quota import Quota
from bot.searches import Searches
from bot.service import Service
from bot.sheets import Sheets
from bot.sqlite import SqliteDatabase
from bot.subscriptions import DAY, TOPICS, Subscriptions, concerning


def memory(schema: str) -> SqliteDatabase:
    return SqliteDatabase(None, schema)


class Times:
    """A clock that is set by hand."""

    now = 1e9

    def __call__(self) -> float:
        return self.now


def subscribed(clock: Times, *topics: str) -> Subscriptions:
    subscriptions = Subscriptions(memory, clock)
    assert all(subscriptions.add(7, topic, language="en", thread=3) for topic in topics)
    return subscriptions


def service_of(retriever: FakeRetriever, subscriptions: Subscriptions) -> Service:
    conversation = Conversation(retriever, Sheets(memory), Listings(memory), Feedback(memory))
    return Service(conversation, Searches(), Preferences(memory), subscriptions, Quota(), Metrics())


def publish(retriever: FakeRetriever, path: str, generation: str) -> None:
    """A new article, with the next generation of the index."""
    retriever.articles, retriever.generation = [replace(OTHER, path=path), *retriever.articles], generation


def digest_of(retriever: FakeRetriever, subscriptions: Subscriptions) -> Digest:
    return Digest(service_of(retriever, subscriptions))


def running(bot: object) -> Any:
    """The context of an application that has not been told to stop."""
    return SimpleNamespace(bot=bot, application=SimpleNamespace(running=True))


def test_new_articles_are_told_once_and_once_a_day_at_most() -> None:
    clock, retriever = Times(), FakeRetriever()
    retriever.articles = [ARTICLE]
    subscriptions = subscribed(clock, "渡輪", "lighthouse")
    digest = digest_of(retriever, subscriptions)
    assert digest.due() == []
    clock.now += 60
    retriever.articles, retriever.generation = [OTHER, ARTICLE], "g2"
    (due,) = digest.due()
    assert (due.subscriber.chat, due.subscriber.thread) == (7, 3)
    assert due.reply.html.startswith("New on “渡輪”:")
    assert ARTICLE.title not in due.reply.html
    subscriptions.tell(7, due.until)
    newer = replace(OTHER, path="new.md")
    retriever.articles, retriever.generation, retriever.texts["new.md"] = [newer, OTHER], "g3", ["渡轮"]
    clock.now += 60
    assert digest.due() == []
    clock.now += DAY
    (due,) = digest.due()
    assert due.reply.html.count("•") == 1


def test_the_articles_of_the_first_index_are_no_news() -> None:
    digest = digest_of(FakeRetriever(), subscribed(Times(), "渡轮"))
    assert [digest.due(), digest.due()] == [[], []]


class Forum:
    """A bot whose forum has no topics any more; what is sent elsewhere arrives."""

    def __init__(self) -> None:
        self.told: list[int | None] = []

    async def send_message(self, chat: int, text: str, *, message_thread_id: int | None, **_: object) -> None:
        if message_thread_id is not None:
            raise BadRequest("Message thread not found")
        self.told.append(chat)


def test_news_for_a_topic_of_a_forum_that_is_no_more_go_to_the_forum_itself() -> None:
    clock, retriever, forum = Times(), FakeRetriever(), Forum()
    subscriptions = subscribed(clock, "渡輪")
    digest = digest_of(retriever, subscriptions)
    digest.due()
    clock.now += 60
    newer = replace(OTHER, path="new.md")
    retriever.articles, retriever.generation, retriever.texts["new.md"] = [newer], "g2", ["渡轮"]
    asyncio.run(digest.look(running(forum)))
    assert forum.told == [7]
    clock.now += DAY
    assert [each.thread for each in subscriptions.due()] == [None]


def test_a_chat_has_a_number_of_topics_at_most_and_each_once() -> None:
    subscriptions = subscribed(Times(), *map(str, range(TOPICS)))
    assert subscriptions.add(7, "3", language="en")
    assert not subscriptions.add(7, "one more", language="en")
    assert len(subscriptions.topics(7)) == TOPICS


def test_topics_go_with_their_chat() -> None:
    subscriptions = subscribed(Times(), "渡轮")
    subscriptions.move(7, -100)
    assert (subscriptions.topics(7), subscriptions.topics(-100)) == ([], ["渡轮"])
    subscriptions.forget(-100)
    assert subscriptions.due() == []
    assert not subscriptions.remove(-100, "渡轮")


def test_a_topic_concerns_an_article_that_holds_all_its_words() -> None:
    topics = ("渡輪 FERRY", "交通", "渡轮 train")
    assert concerning(topics, OTHER, ["The ferry leaves."]) == {"渡輪 FERRY", "交通"}


@pytest.mark.parametrize(
    ("topic", "text", "concerned"),
    [
        ("AI", "She said the main garden contains chairs.", False),
        ("AI", "AI, said she.", True),
        ("AI", "人们用AI写作", True),
        ("AI写作", "人们用AI写作", True),
        ("war", "hardware", False),
        ("war", "hardware, software, wars", True),
        ("ferries", "The Ferry", True),
        ("ferry", "FERRIES", True),
        ("12", "2012", False),
        ("5月", "15月", False),
        ("covid", "COVID-19", True),
        ("c++", "in C++.", True),
        ("café", "le Cafe", True),
        ("कम", "कमी", False),
        ("渡轮", "北角渡輪改点", True),
        ("タワー", "東京タワービル", True),
        ("เรือ", "ท่าเรือใหม่", True),
        ("등대", "등대에서", True),
        ("🚢", "A 🚢🚢", True),
    ],
)
def test_a_word_is_no_part_of_another_where_words_have_blanks_between_them(
    topic: str, text: str, concerned: bool
) -> None:
    assert bool(concerning([topic], ARTICLE, [text])) == concerned


class Counting(FakeRetriever):
    """Counts how often an article is read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def passages_of(self, path: str) -> list[str]:
        self.read.append(path)
        return super().passages_of(path)


def test_each_article_is_read_once_for_all_who_wait_and_not_again() -> None:
    clock, retriever = Times(), Counting()
    subscriptions = subscribed(clock, "zebra")
    assert subscriptions.add(8, "zebra", language="en")
    assert subscriptions.add(9, "渡轮", language="en")
    digest = digest_of(retriever, subscriptions)
    digest.due()
    clock.now += 60
    publish(retriever, "new.md", "g2")
    assert [each.subscriber.chat for each in digest.due()] == [9]
    assert retriever.read == ["new.md"]
    (due,) = digest.due()
    assert subscriptions.tell(9, due.until)
    retriever.read.clear()
    clock.now += DAY
    assert digest.due() == []
    assert retriever.read == []


def test_what_came_before_a_topic_is_no_news_on_it() -> None:
    clock, retriever = Times(), FakeRetriever()
    subscriptions = subscribed(clock, "lighthouse")
    digest = digest_of(retriever, subscriptions)
    digest.due()
    clock.now += DAY
    publish(retriever, "old.md", "g2")
    assert digest.due() == []
    clock.now += 30 * DAY
    assert subscriptions.add(7, "渡轮", language="en")
    assert digest.due() == []
    clock.now += 60
    publish(retriever, "new.md", "g3")
    (due,) = digest.due()
    assert due.reply.html.count("•") == 1


def test_who_subscribes_later_is_not_told_what_others_are_told_yet() -> None:
    clock, retriever = Times(), FakeRetriever()
    subscriptions = subscribed(clock, "渡轮")
    digest = digest_of(retriever, subscriptions)
    digest.due()
    clock.now += 60
    publish(retriever, "new.md", "g2")
    assert len(digest.due()) == 1
    clock.now += 60
    assert subscriptions.add(8, "渡轮", language="en")
    assert [each.subscriber.chat for each in digest.due()] == [7]
    clock.now += 60
    publish(retriever, "newer.md", "g3")
    assert [each.reply.html.count("•") for each in digest.due()] == [2, 1]


def test_what_only_another_process_has_in_its_index_yet_stays_news() -> None:
    clock, early, late = Times(), FakeRetriever(), FakeRetriever()
    subscriptions = subscribed(clock, "渡轮")
    sooner, later = digest_of(early, subscriptions), digest_of(late, subscriptions)
    sooner.due()
    clock.now += 60
    publish(early, "new.md", "g2")
    assert len(sooner.due()) == 1
    assert later.due() == []
    assert len(sooner.due()) == 1


def test_what_comes_while_a_digest_is_on_its_way_is_told_with_the_next() -> None:
    clock, retriever = Times(), FakeRetriever()
    subscriptions = subscribed(clock, "渡轮")
    digest = digest_of(retriever, subscriptions)
    digest.due()
    clock.now += 60
    publish(retriever, "new.md", "g2")
    (due,) = digest.due()
    clock.now += 60
    subscriptions.see("g3", [replace(OTHER, path="newer.md")])
    clock.now += 60
    assert subscriptions.tell(7, due.until)
    clock.now += DAY
    publish(retriever, "newer.md", "g3")
    (due,) = digest.due()
    assert due.reply.html.count("•") == 1


def test_a_chat_that_is_served_no_more_is_told_nothing() -> None:
    clock, retriever = Times(), FakeRetriever()
    subscriptions = subscribed(clock, "渡轮")
    assert subscriptions.add(8, "渡轮", language="en")
    service = replace(service_of(retriever, subscriptions), allowed_chats=frozenset({8}))
    digest = Digest(service)
    digest.due()
    clock.now += 60
    publish(retriever, "new.md", "g2")
    assert [each.subscriber.chat for each in digest.due()] == [8]
    service.preferences.move(8, -8)
    subscriptions.move(8, -8)
    assert [each.subscriber.chat for each in digest.due()] == [-8]


def test_a_digest_is_in_the_language_that_was_chosen_since() -> None:
    clock, retriever = Times(), FakeRetriever()
    service = service_of(retriever, subscribed(clock, "渡轮"))
    digest = Digest(service)
    digest.due()
    clock.now += 60
    publish(retriever, "new.md", "g2")
    service.preferences.choose(7, "ja")
    (due,) = digest.due()
    assert due.reply.html.startswith("「渡轮」の新しい記事")


def test_what_another_process_noted_of_a_chat_counts(tmp_path: Path) -> None:
    clock, retriever = Times(), FakeRetriever()
    subscriptions = subscribed(clock, "渡轮")
    here, there = (Preferences(lambda schema: SqliteDatabase(tmp_path / "state", schema)) for _ in range(2))
    here.shared = True
    service = replace(service_of(retriever, subscriptions), preferences=here, allowed_chats=frozenset({8}))
    digest = Digest(service)
    digest.due()
    clock.now += 60
    publish(retriever, "new.md", "g2")
    there.move(8, 7)
    there.choose(7, "ja")
    (due,) = digest.due()
    assert due.reply.html.startswith("「渡轮」の新しい記事")


class Slow:
    """A bot that takes its time, and an application that is told to stop when so many were told."""

    def __init__(self, stops_after: int) -> None:
        self.running = True
        self.under_way = self.most = 0
        self.told: list[int] = []
        self._stops_after = stops_after

    async def send_message(self, chat: int, text: str, **_: object) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        self.told.append(chat)
        self.running = len(self.told) < self._stops_after


def test_digests_go_a_few_at_a_time_and_no_more_start_when_the_bot_is_told_to_stop() -> None:
    clock, retriever, chats, slow = Times(), FakeRetriever(), 5 * AT_ONCE, Slow(2 * AT_ONCE)
    subscriptions = Subscriptions(memory, clock)
    for chat in range(1, chats + 1):
        assert subscriptions.add(chat, "渡轮", language="en")
    digest = digest_of(retriever, subscriptions)
    digest.due()
    clock.now += 60
    publish(retriever, "new.md", "g2")
    context: Any = SimpleNamespace(bot=slow, application=slow)
    asyncio.run(digest.look(context))
    assert slow.most == AT_ONCE
    assert 2 * AT_ONCE <= len(slow.told) < 3 * AT_ONCE
    assert {each.subscriber.chat for each in digest.due()} == set(range(1, chats + 1)) - set(slow.told)
