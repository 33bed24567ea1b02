"""The service: what all handlers share, and how they take a question."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from telegram import Message, Update, User
from telegram.constants import ChatAction
from telegram.error import ChatMigrated, TelegramError
from telegram.ext import Application, ContextTypes

from bot.addressing import identity
from bot.conversation import Asker, Conversation
from bot.delivery import send, send_to
from bot.errors import Busy, UnusableData
from bot.languages.language import tag_of
from bot.metrics import Metrics
from bot.preferences import Preferences
from bot.quota import Rationing
from bot.replies import Reply, said
from bot.searches import Searches
from bot.subscriptions import Subscriptions

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Context: TypeAlias = ContextTypes.DEFAULT_TYPE

TYPING_AFTER = 0.5
"""Seconds; most answers come sooner, and the sign counts towards the 20 messages a minute of a group."""
TYPING_LASTS = 4.5
"""Seconds; Telegram shows the sign for 5."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """What the handlers share, and how a question becomes a reply."""

    conversation: Conversation
    searches: Searches
    preferences: Preferences
    subscriptions: Subscriptions
    quota: Rationing
    metrics: Metrics
    allowed_chats: frozenset[int] = frozenset()
    admins: frozenset[int] = frozenset()

    def asker(self, update: Update) -> Asker:
        """Who speaks in an update."""
        chat, sender = update.effective_chat, update.effective_sender
        # Who writes as a chat shares a user with all others who do, and that user has no language.
        number = sender.id if sender else 0
        code = sender.language_code if isinstance(sender, User) else None
        message = update.effective_message
        words = (message.text or message.caption or "") if isinstance(message, Message) else ""
        return Asker(chat.id if chat else number, number, self.preferences.language(number, code or tag_of(words)))

    async def refresh(self, asker: Asker) -> None:
        """Look up what other processes noted of who speaks and where; while nobody can tell, all is as it was."""
        if self.preferences.shared:
            with contextlib.suppress(UnusableData):
                await self.searches.note(lambda: self.preferences.refresh(asker.user, asker.chat))

    def serves(self, chat: int) -> bool:
        """Whether the chat is one of those allowed, or an administrator's own."""
        allowed = self.allowed_chats | self.admins
        return not self.allowed_chats or not allowed.isdisjoint((chat, self.preferences.origin(chat)))

    def fitted(self, reply: Reply, chat: int) -> Reply:
        """The reply as the chat wants it: with or without a picture."""
        return reply if self.preferences.wants_pictures(chat) else replace(reply, picture=None)

    async def take(self, message: Message, asker: Asker, work: Callable[[], Reply]) -> Reply | None:
        """The reply that the work comes to, or why there is none now; None where nothing is to be said."""
        if not await self.quota.take(asker.user):
            self.metrics.count("limited")
            return said(asker.language.slower) if await self.quota.may_be_told(asker.user) else None
        try:
            return await self._found(message, asker, work)
        except Busy:
            return said(asker.language.busy)

    async def retake(self, message: Message, asker: Asker, work: Callable[[], Reply]) -> Reply | None:
        """As `take`, for what was answered before: None where there is no new reply now."""
        if not await self.quota.take(asker.user):
            self.metrics.count("limited")
            return None
        with contextlib.suppress(Busy):
            return await self._found(message, asker, work)
        return None

    async def _found(self, message: Message, asker: Asker, work: Callable[[], Reply]) -> Reply:
        """The reply that the work comes to; raises Busy."""
        started = time.perf_counter()
        try:
            async with _typing(message):
                reply = await self.searches.run(asker.user, work)
        except Busy:
            self.metrics.count("busy")
            raise
        reply = self.fitted(reply, asker.chat)
        if reply.sheet:
            self.metrics.count("answered" if reply.answered else "unanswered", time.perf_counter() - started)
        return reply

    async def reply(self, message: Message, asker: Asker, work: Callable[[], Reply]) -> None:
        """Send the reply that the work comes to, and remember which message shows it.

        A message that shows its answer already was delivered again, as after a crash: nothing is sent.
        """
        sheets, asked = self.conversation.sheets, identity(message)
        before = await self.searches.note(lambda: sheets.asked_in(asker.chat, asked))
        if before and before.message is not None:
            return
        reply = await self.take(message, asker, work)
        if reply is None:
            return
        sent = await self.send(message, reply)
        if reply.sheet:
            await self._place(reply.sheet, sent.message_id)

    async def send(self, message: Message, reply: Reply) -> Message:
        """Reply to a message, in its topic; where its group has got a new number, there."""
        try:
            return await send(message, reply)
        except ChatMigrated as moved:
            await self.move(message.chat.id, moved.new_chat_id)
            return await send_to(message.get_bot(), moved.new_chat_id, reply)

    async def _place(self, sheet: str, message: int) -> None:
        try:
            await self.searches.note(lambda: self.conversation.sheets.place(sheet, message))
        except UnusableData as error:
            # The answer is there, and its buttons work: no reason to apologise.
            _log.error("which message shows an answer could not be noted: %s", error)

    async def move(self, old: int, new: int) -> None:
        """A group has got a new number: it keeps its subscriptions and its place among the allowed."""

        def note() -> None:
            self.preferences.move(old, new)
            self.subscriptions.move(old, new)
            self.conversation.sheets.move(old, new)

        await self.searches.note(note)


@asynccontextmanager
async def _typing(message: Message) -> AsyncIterator[None]:
    """Show that the bot is at work while the body runs."""
    sign = asyncio.create_task(_keep_typing(message))
    try:
        yield
    finally:
        sign.cancel()


async def _keep_typing(message: Message) -> None:
    await asyncio.sleep(TYPING_AFTER)
    while True:
        with contextlib.suppress(TelegramError):
            await message.reply_chat_action(ChatAction.TYPING)
        await asyncio.sleep(TYPING_LASTS)
