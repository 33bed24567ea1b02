"""What the bot does with the messages that Telegram sends it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ApplicationHandlerStop, MessageHandler, TypeHandler, filters

from bot.addressing import (
    Command,
    Given,
    after_command,
    command_in,
    commands_me,
    identity,
    question_in,
    question_linked,
    question_replied_to,
    sent_by,
)
from bot.albums import TOGETHER, Albums
from bot.conversation import Asker, searching
from bot.delivery import edit, send
from bot.errors import BotError, UnusableData
from bot.replies import Reply, explained, said
from bot.service import AnyApplication, Context, Service
from bot.sheets import Sheet
from retrieval.errors import RetrievalError

APOLOGY_SECONDS = 1.0
"""Between two attempts to say that there is no answer."""
CLOSED_SECONDS = 300
"""For which Telegram need not ask again what is found for somebody who is not served."""
_FIRST, _SECOND = -2, -1

# After a timeout the answer may have arrived all the same; who is to wait, or where a group has gone, is told nothing.
_NOT_TO_BE_SAID = (TimedOut, RetryAfter, ChatMigrated)

_log = logging.getLogger(__name__)


class Handlers:
    """The bot's side of the conversation."""

    def __init__(self, service: Service, albums: Albums) -> None:
        self._service = service
        self._albums = albums

    def register(self, application: AnyApplication) -> None:
        """Have the application call these handlers; they come after those of all commands but `/ask` and help."""
        new = filters.UpdateType.MESSAGE
        edited = filters.UpdateType.EDITED_MESSAGE
        application.add_handler(TypeHandler(Update, self.admit), group=_FIRST)
        application.add_handler(MessageHandler(new & filters.CAPTION, self.note_caption), group=_SECOND)
        application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, self.migrate))
        application.add_handler(MessageHandler(new & Given("start"), self.start))
        application.add_handler(MessageHandler(new & Given("help"), self.explain))
        application.add_handler(MessageHandler(new & Given("ask"), self.ask))
        application.add_handler(MessageHandler(new & Given(), self.unknown_command))
        application.add_handler(MessageHandler(new & ~filters.StatusUpdate.ALL, self.listen))
        application.add_handler(MessageHandler(edited, self.listen_again))
        application.add_error_handler(self.fail)

    async def admit(self, update: Update, _: Context) -> None:
        """Stop what comes from a chat that is not served, with a word where one person waits."""
        await self._service.refresh(self._service.asker(update))
        message = update.message
        if message and message.migrate_from_chat_id:
            await self._service.move(message.migrate_from_chat_id, message.chat.id)
        if self._service.serves(self._service.asker(update).chat):
            return
        # After any other error the library would go on to the handlers that answer.
        with contextlib.suppress(TelegramError):
            await self._turn_away(update)
        raise ApplicationHandlerStop

    async def note_caption(self, update: Update, _: Context) -> None:
        """Note that an album has words, so that nobody is asked for them."""
        album = update.message.media_group_id if update.message else None
        if album:
            # The album is answered all the same.
            with contextlib.suppress(UnusableData):
                await self._service.searches.note(lambda: self._albums.meet(album))

    async def start(self, update: Update, context: Context) -> None:
        """Answer /start, and what a link to the bot says behind it."""
        message = update.message
        if message is None:
            return
        asker = self._service.asker(update)
        question = question_linked(after_command(message))
        if question:
            await self._answer(update, message, question)
        elif after_command(message) == "help":
            await self.explain(update, context)
        elif message.chat.type == ChatType.PRIVATE:
            await self._service.send(message, said(asker.language.greeting))
        else:
            # In a group it has to be told how to ask.
            words = f"{asker.language.greeting}\n\n{asker.language.help_in_telegram}"
            await self._service.send(message, said(words))

    async def explain(self, update: Update, _: Context) -> None:
        """Answer /help."""
        if update.message:
            language = self._service.asker(update).language
            await self._service.send(update.message, explained(language, language.help_in_telegram))

    async def ask(self, update: Update, _: Context) -> None:
        """Answer /ask QUESTION."""
        if update.message:
            await self._answer(update, update.message, after_command(update.message))

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
        private = message.chat.type == ChatType.PRIVATE
        if question is None and (not private or sent_by(context.bot.bot, message)):
            return
        if question is not None:
            await self._answer(update, message, question)
        elif message.media_group_id is None:
            await self._service.send(message, said(self._service.asker(update).language.empty))
        else:
            # What comes later in the chat, the rest of the album too, waits until this is done.
            asking = self._ask_for_words(message, message.media_group_id, self._service.asker(update))
            context.application.create_task(asking, update)

    async def listen_again(self, update: Update, context: Context) -> None:
        """A question was edited: edit its answer too; what was not answered stays so."""
        message = update.edited_message
        if message is None:
            return
        service, asker, asked = self._service, self._service.asker(update), identity(message)
        sheet = await service.searches.note(lambda: service.conversation.sheets.asked_in(asker.chat, asked))
        if sheet is None or sheet.message is None or sheet.user != asker.user:
            return
        work = self._work(message, question_in(message, context.bot.bot), asker, sheet)
        reply = await service.retake(message, asker, work) if work else None
        if reply:
            await edit(context.bot, asker.chat, sheet.message, reply)

    async def migrate(self, update: Update, _: Context) -> None:
        """A group became a supergroup: it keeps its subscriptions and its place among the allowed."""
        message = update.message
        if message and message.migrate_to_chat_id:
            await self._service.move(message.chat.id, message.migrate_to_chat_id)

    async def fail(self, update: object, context: Context) -> None:
        """Log what went wrong, and say so where somebody waits for an answer."""
        report(context.error, while_polling=update is None)
        if not isinstance(update, Update) or update.effective_chat is None:
            return
        if isinstance(context.error, ChatMigrated):
            await self._service.move(update.effective_chat.id, context.error.new_chat_id)
        if isinstance(context.error, Forbidden):
            chat = update.effective_chat.id
            await self._service.searches.note(lambda: self._service.subscriptions.forget(chat))
        elif isinstance(update.effective_message, Message) and not isinstance(context.error, _NOT_TO_BE_SAID):
            self._service.metrics.count("failed")
            await _apologise(update.effective_message, said(self._service.asker(update).language.trouble))

    async def _turn_away(self, update: Update) -> None:
        asker, chat = self._service.asker(update), update.effective_chat
        if update.callback_query:
            await update.callback_query.answer(asker.language.closed)
        if update.inline_query:
            await update.inline_query.answer([], cache_time=CLOSED_SECONDS, is_personal=True)
        if chat and update.message and await self._service.quota.may_be_told(asker.user):
            _log.info("chat %s is not in ALLOWED_CHATS", chat.id)
            if chat.type == ChatType.PRIVATE:
                await self._service.send(update.message, said(asker.language.closed))

    async def _answer(self, update: Update, message: Message, question: str) -> None:
        asker = self._service.asker(update)
        question = question or question_replied_to(message, message.get_bot().bot)
        await self._service.reply(message, asker, self._asking(message, question, asker, None))

    async def _ask_for_words(self, message: Message, album: str, asker: Asker) -> None:
        """Ask once for the question where no picture of an album has come with one."""
        await asyncio.sleep(TOGETHER)
        if await self._service.searches.note(lambda: self._albums.meet(album)):
            await self._service.send(message, said(asker.language.empty))

    def _work(self, message: Message, question: str | None, asker: Asker, before: Sheet) -> Callable[[], Reply] | None:
        """What makes the new answer to an edited message; None where it asks nothing any more, or nothing else.

        A reaction to a message comes as an edit of it, too.
        """
        command, conversation = command_in(message), self._service.conversation
        if _put(command, question) == before.said:
            return None
        if command is None:
            return self._asking(message, question, asker, before) if question else None
        if command.name == "search":
            return lambda: conversation.search(command.rest, asker, asked=before.asked, instead_of=before)
        if command.name == "ask" and command.rest:
            return self._asking(message, command.rest, asker, before)
        return None

    def _asking(self, message: Message, question: str, asker: Asker, before: Sheet | None) -> Callable[[], Reply]:
        asked, original = identity(message), message.reply_to_message
        reply_to = original.message_id if original else None

        def work() -> Reply:
            return self._service.conversation.ask(question, asker, asked=asked, reply_to=reply_to, instead_of=before)

        return work


def _put(command: Command | None, question: str | None) -> str | None:
    if command is None:
        return question
    return searching(command.rest) if command.name == "search" else command.rest


async def _apologise(message: Message, apology: Reply) -> None:
    """Say that there is no answer, again if the network fails at that very moment too."""
    for seconds in (APOLOGY_SECONDS, APOLOGY_SECONDS, 0.0):
        try:
            await send(message, apology)
        except (BadRequest, TimedOut):  # kinds of NetworkError: what is refused is refused again
            return
        except NetworkError:
            await asyncio.sleep(seconds)
        except TelegramError:
            return
        else:
            return


def report(error: Exception | None, *, while_polling: bool) -> None:
    """Log an error: in a line what Telegram or the index did, with a traceback what this program did."""
    if isinstance(error, Conflict):
        _log.error("another program fetches this bot's messages; stop one of the two")
    elif isinstance(error, NetworkError) and while_polling:
        _log.debug("fetching messages failed", exc_info=error)
    elif isinstance(error, (BotError, RetrievalError, TelegramError)):
        _log.error("a message could not be answered: %s", error)
    else:
        _log.error("a message could not be answered", exc_info=error)
