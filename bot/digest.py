"""The digest: new articles on the topics a chat subscribed to, once a day at most."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from telegram import Bot, ChatMember, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ChatMemberHandler

from bot import lists
from bot.delivery import send_to
from bot.errors import BotError
from bot.replies import Reply
from bot.service import AnyApplication, Context, Service
from bot.subscriptions import News, Subscriber, concerning
from retrieval.errors import RetrievalError
from retrieval.records import Article

EVERY = 600.0
"""Seconds between two looks at the index."""
FIRST = 5.0
AT_ONCE = 5
"""Digests under way: an answer waits behind no more of them for its place among the messages to all chats."""
_ALL = 1_000_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that is to be sent."""

    subscriber: Subscriber
    reply: Reply
    until: int
    """The second in which the newest article that was looked at came to be known."""


@dataclass(frozen=True, slots=True)
class Match:
    """An article that is new to somebody, and the topics that it concerns."""

    news: News
    topics: frozenset[str]


class Digest:
    """Looks for new articles, and tells those who want to hear of them."""

    def __init__(self, service: Service, *, every: float = EVERY) -> None:
        self._service = service
        self._every = every

    def register(self, application: AnyApplication) -> None:
        """Have the application look regularly, and forget chats that throw the bot out."""
        application.add_handler(ChatMemberHandler(self.leave, ChatMemberHandler.MY_CHAT_MEMBER))
        if application.job_queue:
            application.job_queue.run_repeating(self.look, self._every, first=min(FIRST, self._every))

    async def look(self, context: Context) -> None:
        """Send what is due; a chat that cannot be reached does not keep the others waiting."""
        try:
            # In a thread of its own: buttons do not wait for it.
            due = await asyncio.to_thread(self.due)
        except (BotError, RetrievalError) as error:
            _log.error("new articles could not be looked for: %s", error)
            return
        places = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._tell_in_turn(context, each, places) for each in due))

    def due(self) -> list[Due]:
        """The digests to be sent now. Chats that none of the new articles concern are done with those."""
        retriever, subscriptions = self._service.conversation.retriever, self._service.subscriptions
        generation = retriever.about().generation
        if not subscriptions.has_seen(generation):
            subscriptions.see(generation, retriever.latest(_ALL))
        waiting = [each for each in subscriptions.due() if subscriptions.has_news(each.since) and self._serves(each)]
        return self._replies(waiting, retriever.latest(_ALL)) if waiting else []

    async def leave(self, update: Update, _: Context) -> None:
        """Somebody blocked the bot, or threw it out of a group."""
        change = update.my_chat_member
        if change and change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
            await self._service.searches.note(lambda: self._service.subscriptions.forget(change.chat.id))

    def _serves(self, subscriber: Subscriber) -> bool:
        """Whether the chat is still one of those allowed, by what other processes noted, too."""
        preferences, chat = self._service.preferences, subscriber.chat
        if preferences.shared:
            preferences.refresh(chat, chat)
        return self._service.serves(chat)

    def _replies(self, waiting: Sequence[Subscriber], articles: Sequence[Article]) -> list[Due]:
        subscriptions = self._service.subscriptions
        news = subscriptions.news(articles, min(each.since for each in waiting))
        # Not until now: what only another process has in its index yet stays news.
        until = max((each.first for each in news), default=0)
        matches = self._matches(news, {topic for each in waiting for topic in each.topics})
        replies = [(each, self._reply(each, matches)) for each in waiting]
        subscriptions.skip((each.chat for each, reply in replies if not reply and each.since < until), until)
        return [Due(subscriber, reply, until) for subscriber, reply in replies if reply]

    def _matches(self, news: Sequence[News], topics: Collection[str]) -> list[Match]:
        """What concerns any of the topics; each article is read once, for all who wait."""
        retriever = self._service.conversation.retriever
        found = (
            Match(each, concerning(topics, each.article, retriever.passages_of(each.article.path))) for each in news
        )
        return [match for match in found if match.topics]

    def _reply(self, subscriber: Subscriber, matches: Sequence[Match]) -> Reply | None:
        fresh = [match for match in matches if match.news.first > subscriber.since]
        by_topic = [
            (topic, [match.news.article for match in fresh if topic in match.topics]) for topic in subscriber.topics
        ]
        telling = [(topic, found) for topic, found in by_topic if found]
        # A private chat has its person's number, and whoever writes as a group has the group's.
        language = self._service.preferences.language(subscriber.chat, subscriber.language)
        return lists.fresh(telling, language) if telling else None

    async def _tell_in_turn(self, context: Context, due: Due, places: asyncio.Semaphore) -> None:
        async with places:
            # Whoever stops the bot does not wait for the others; they are told after its next start.
            if context.application.running:
                await self._tell(context.bot, due)

    async def _tell(self, bot: Bot, due: Due) -> None:
        chat, reply = due.subscriber.chat, due.reply
        try:
            # Noted first: a digest that is lost is better than one that comes again and again.
            if not await self._service.searches.note(lambda: self._service.subscriptions.tell(chat, due.until)):
                return
            await self._send(bot, due)
        except Forbidden:
            await self._service.searches.note(lambda: self._service.subscriptions.forget(chat))
        except ChatMigrated as error:
            await self._service.move(chat, error.new_chat_id)
            with contextlib.suppress(TelegramError):
                await send_to(bot, error.new_chat_id, reply)
        except (BotError, TelegramError) as error:
            _log.error("a digest could not be sent: %s", error)

    async def _send(self, bot: Bot, due: Due) -> None:
        chat, thread = due.subscriber.chat, due.subscriber.thread
        try:
            await send_to(bot, chat, due.reply, thread)
        except BadRequest:
            if thread is None:
                raise
            # The forum's topic was closed or deleted.
            await send_to(bot, chat, due.reply)
            await self._service.searches.note(lambda: self._service.subscriptions.leave_topic(chat))
