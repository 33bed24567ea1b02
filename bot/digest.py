"""The digest: new articles on the topics a chat subscribed to, once a day at most."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from telegram import Bot, ChatMember, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ChatMemberHandler

from bot import lists
from bot.delivery import send_to
from bot.errors import BotError
from bot.languages.language import language_for
from bot.replies import Reply
from bot.service import AnyApplication, Context, Service
from bot.subscriptions import Subscriber, concerns
from retrieval.errors import RetrievalError
from retrieval.records import Article

EVERY = 600.0
"""Seconds between two looks at the index."""
FIRST = 5.0
_ALL = 1_000_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that is to be sent."""

    subscriber: Subscriber
    reply: Reply


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
        await asyncio.gather(*(self._tell(context.bot, each) for each in due))

    def due(self) -> list[Due]:
        """The digests to be sent now."""
        retriever, subscriptions = self._service.conversation.retriever, self._service.subscriptions
        generation = retriever.about().generation
        if not subscriptions.has_seen(generation):
            subscriptions.see(generation, retriever.latest(_ALL))
        waiting = [each for each in subscriptions.due() if subscriptions.has_news(each.since)]
        articles = retriever.latest(_ALL) if waiting else []
        replies = [(each, self._news(each, articles)) for each in waiting]
        return [Due(subscriber, reply) for subscriber, reply in replies if reply]

    async def leave(self, update: Update, _: Context) -> None:
        """Somebody blocked the bot, or threw it out of a group."""
        change = update.my_chat_member
        if change and change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
            await self._service.searches.note(lambda: self._service.subscriptions.forget(change.chat.id))

    def _news(self, subscriber: Subscriber, articles: list[Article]) -> Reply | None:
        fresh = self._service.subscriptions.news(articles, subscriber.since)
        texts = {each.path: self._service.conversation.retriever.passages_of(each.path) for each in fresh}
        by_topic = [
            (topic, [each for each in fresh if concerns(topic, each, texts[each.path])]) for topic in subscriber.topics
        ]
        telling = [(topic, found) for topic, found in by_topic if found]
        return lists.fresh(telling, language_for(subscriber.language)) if telling else None

    async def _tell(self, bot: Bot, due: Due) -> None:
        chat, reply = due.subscriber.chat, due.reply
        try:
            # Noted first: a digest that is lost is better than one that comes again and again.
            if not await self._service.searches.note(lambda: self._service.subscriptions.tell(chat)):
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
