"""Topics a chat wants to hear of, and the digest."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

from fake_retriever import ARTICLE, OTHER, FakeRetriever
from telegram.error import BadRequest

from bot.conversation import Conversation
from bot.digest import Digest
from bot.feedback import Feedback
from bot.listings import Listings
from bot.metrics import Metrics
from bot.preferences import Preferences
from bot.quota import Quota
from bot.searches import Searches
from bot.service import Service
from bot.sheets import Sheets
from bot.sqlite import SqliteDatabase
from bot.subscriptions import DAY, TOPICS, Subscriptions, concerns


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


def digest_of(retriever: FakeRetriever, subscriptions: Subscriptions) -> Digest:
    conversation = Conversation(retriever, Sheets(memory), Listings(memory), Feedback(memory))
    return Digest(Service(conversation, Searches(), Preferences(memory), subscriptions, Quota(), Metrics()))


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
    subscriptions.tell(7)
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
    asyncio.run(digest.look(SimpleNamespace(bot=forum)))  # type: ignore[arg-type]
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
    assert concerns("渡輪 FERRY", OTHER, ["The ferry leaves."])
    assert concerns("交通", OTHER, [])
    assert not concerns("渡轮 train", OTHER, ["The ferry leaves."])
