"""What the bot does when a button under one of its messages is pressed."""

from __future__ import annotations

import contextlib

from telegram import CallbackQuery, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler

from bot import keyboard
from bot.conversation import Asker, Refusal
from bot.delivery import edit
from bot.errors import Busy
from bot.keyboard import Press, Turn
from bot.languages.language import languages
from bot.replies import Reply, said
from bot.service import AnyApplication, Context, Service

_AUTOMATIC = f"{keyboard.LANGUAGE}:"


class Buttons:
    """Answers presses: at once, for Telegram does not wait, and then by editing the message."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def register(self, application: AnyApplication) -> None:
        """Have the application call this handler."""
        application.add_handler(CallbackQueryHandler(self.press))

    async def press(self, update: Update, context: Context) -> None:
        """Do what a button says; what it says may be forged, and may be months old."""
        query = update.callback_query
        if query is None:
            return
        waiting = _Waiting(query)
        try:
            await self._do(query, waiting, self._service.asker(update), context)
        except Busy:
            await waiting.end(self._service.asker(update).language.busy, alert=True)
        finally:
            # Whatever became of it: the button shows that it waits until then.
            await waiting.end()

    async def _do(self, query: CallbackQuery, waiting: _Waiting, asker: Asker, context: Context) -> None:
        data = query.data or ""
        turn = Turn.read(data)
        if turn:
            await self._leaf(query, waiting, asker, turn, context)
        elif data.startswith(_AUTOMATIC):
            await self._choose(query, waiting, asker, data.removeprefix(_AUTOMATIC), context)
        else:
            await self._press(query, waiting, asker, data, context)

    async def _press(self, query: CallbackQuery, waiting: _Waiting, asker: Asker, data: str, context: Context) -> None:
        conversation, searches, press = self._service.conversation, self._service.searches, Press.read(data)
        message = query.message.message_id if query.message else None
        found = await searches.note(lambda: conversation.pick_up(press, asker, message))
        if isinstance(found, Refusal) or press is None or message is None:
            notice = found.notice if message is not None and isinstance(found, Refusal) else asker.language.expired
            await waiting.end(notice, alert=True)
            return
        judged = press.kind in (keyboard.RIGHT, keyboard.WRONG)
        searched = press.kind in (keyboard.AROUND, keyboard.NEWEST)
        if searched:
            searches.check(asker.user)
        await waiting.end(asker.language.thanks if judged else "")
        sheet, pressed = found, press

        def carry_out() -> Reply | None:
            return conversation.carry_out(pressed, sheet, asker.language)

        reply = await (searches.run(asker.user, carry_out) if searched else searches.note(carry_out))
        if reply:
            await edit(context.bot, asker.chat, message, self._service.fitted(reply, asker.chat))

    async def _leaf(self, query: CallbackQuery, waiting: _Waiting, asker: Asker, turn: Turn, context: Context) -> None:
        """Turn a page of a list, which is nobody's own."""
        contents = self._service.conversation.contents
        reply = await self._service.searches.run(asker.user, lambda: contents.turn(turn, asker.language))
        if reply is None or query.message is None:
            await waiting.end(asker.language.expired, alert=True)
            return
        await waiting.end()
        await edit(context.bot, asker.chat, query.message.message_id, reply)

    async def _choose(self, query: CallbackQuery, waiting: _Waiting, asker: Asker, tag: str, context: Context) -> None:
        if tag and tag not in {language.tags[0] for language in languages()}:
            await waiting.end(asker.language.expired, alert=True)
            return
        await self._service.searches.note(lambda: self._service.preferences.choose(asker.user, tag or None))
        code = query.from_user.language_code
        words = self._service.preferences.language(asker.user, code).language_set
        # In a group the buttons stay: others may want to choose as well.
        alone = query.message is not None and query.message.chat.type == ChatType.PRIVATE
        await waiting.end("" if alone else words)
        if query.message and alone:
            await edit(context.bot, asker.chat, query.message.message_id, said(words))


class _Waiting:
    """Somebody who pressed a button, and waits to be told that it was pressed."""

    def __init__(self, query: CallbackQuery) -> None:
        self._query = query
        self._over = False

    async def end(self, notice: str = "", *, alert: bool = False) -> None:
        """Acknowledge the press, once."""
        if self._over:
            return
        self._over = True
        # Telegram may wait no longer, or not now; the press counts all the same.
        with contextlib.suppress(TelegramError):
            await self._query.answer(notice or None, show_alert=alert)
