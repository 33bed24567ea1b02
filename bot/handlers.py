"""What the bot does with what Telegram sends it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from telegram import Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import Conflict, Forbidden, NetworkError, TelegramError, TimedOut
from telegram.ext import (
    Application,
    ApplicationHandlerStop,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.addressing import after_command, commands_me, question_in
from bot.errors import Busy
from bot.languages.language import Language, language_for
from bot.replies import Reply, refusal, replies, said
from bot.searches import Searches
from retrieval.errors import BadQuestion, RetrievalError

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Context: TypeAlias = ContextTypes.DEFAULT_TYPE

TYPING_AFTER = 0.5
"""Seconds; most answers come sooner, and the sign counts towards the 20 messages a minute of a group."""
TYPING_LASTS = 4.5
"""Seconds; Telegram shows the sign for 5."""
_FIRST = -1

_log = logging.getLogger(__name__)


class Handlers:
    """The bot's side of the conversation."""

    def __init__(self, searches: Searches, allowed_chats: frozenset[int] = frozenset()) -> None:
        self._searches = searches
        self._allowed = allowed_chats

    def register(self, application: AnyApplication) -> None:
        """Have the application call these handlers; an edited message is not answered again."""
        new = filters.UpdateType.MESSAGE
        application.add_handler(TypeHandler(Update, self.admit), group=_FIRST)
        application.add_handler(CommandHandler("start", self.greet, filters=new))
        application.add_handler(CommandHandler("help", self.explain, filters=new))
        application.add_handler(CommandHandler("ask", self.ask, filters=new))
        application.add_handler(MessageHandler(new & filters.COMMAND, self.unknown_command))
        application.add_handler(MessageHandler(new & ~filters.StatusUpdate.ALL, self.listen))
        application.add_error_handler(self.fail)

    async def admit(self, update: Update, _: Context) -> None:
        """Stop what comes from a chat that is not served, with a word where one person waits."""
        chat = update.effective_chat
        if not self._allowed or (chat and chat.id in self._allowed):
            return
        if chat and update.message:
            _log.info("chat %s is not in ALLOWED_CHATS", chat.id)
            if chat.type == ChatType.PRIVATE:
                await _send(update.message, [said(_language(update).closed)])
        raise ApplicationHandlerStop

    async def greet(self, update: Update, _: Context) -> None:
        """Answer /start."""
        if update.message:
            await _send(update.message, [said(_language(update).greeting)])

    async def explain(self, update: Update, _: Context) -> None:
        """Answer /help."""
        if update.message:
            await _send(update.message, [said(_language(update).help)])

    async def ask(self, update: Update, _: Context) -> None:
        """Answer /ask QUESTION."""
        if update.message:
            await self._answer(update.message, after_command(update.message), _language(update))

    async def unknown_command(self, update: Update, context: Context) -> None:
        """Answer any other command with help; in a group it may be another bot's."""
        if update.message and commands_me(update.message, context.bot.bot):
            await self.explain(update, context)

    async def listen(self, update: Update, context: Context) -> None:
        """Answer a question; in a group stay silent where the bot is not addressed."""
        message = update.message
        if message is None:
            return
        question = question_in(message, context.bot.bot)
        if question is not None:
            await self._answer(message, question, _language(update))
        elif message.chat.type == ChatType.PRIVATE:
            await _send(message, [said(_language(update).empty)])

    async def fail(self, update: object, context: Context) -> None:
        """Log what went wrong, and say so where somebody waits for an answer."""
        _report(context.error, while_polling=update is None)
        # After a timeout the answer may have arrived all the same; after Forbidden nothing more can be sent.
        if isinstance(update, Update) and update.message and not isinstance(context.error, (TimedOut, Forbidden)):
            with contextlib.suppress(TelegramError):
                await _send(update.message, [said(_language(update).trouble)])

    async def _answer(self, message: Message, question: str, language: Language) -> None:
        async with _typing(message):
            answered = await self._replies(question, language)
        await _send(message, answered)

    async def _replies(self, question: str, language: Language) -> Iterable[Reply]:
        try:
            return replies(await self._searches.answer(question), language)
        except Busy:
            return [said(language.busy)]
        except BadQuestion:
            return [refusal(question, language)]


def _language(update: Update) -> Language:
    user = update.effective_user
    return language_for(user.language_code if user else None)


async def _send(message: Message, answers: Iterable[Reply]) -> None:
    for answer in answers:
        await message.reply_html(answer.html)


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


def _report(error: Exception | None, *, while_polling: bool) -> None:
    if isinstance(error, Conflict):
        _log.error("another program fetches this bot's messages; stop one of the two")
    elif isinstance(error, NetworkError) and while_polling:
        _log.debug("fetching messages failed", exc_info=error)
    elif isinstance(error, (RetrievalError, TelegramError)):
        _log.error("a message could not be answered: %s", error)
    else:
        _log.error("a message could not be answered", exc_info=error)
