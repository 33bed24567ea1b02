"""What the bot does when a button under one of its messages is pressed."""

from __future__ import annotations

import contextlib

from telegram import CallbackQuery, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler

from bot import keyboard
from bot.conversation import Asker, Refusal
from bot.delivery import edit
from bot.desk import AnyApplication, Context, Desk
from bot.errors import Busy
from bot.keyboard import Press
from bot.languages.language import languages
from bot.replies import Reply, said

_AUTOMATIC = f"{keyboard.LANGUAGE}:"


class Buttons:
    """Answers presses: at once, for Telegram does not wait, and then by editing the message."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Have the application call this handler."""
        application.add_handler(CallbackQueryHandler(self.press))

    async def press(self, update: Update, context: Context) -> None:
        """Do what a button says; what it says may be forged, and may be months old."""
        query = update.callback_query
        if query is None:
            return
        asker, data = self._desk.asker(update), query.data or ""
        if data == keyboard.LATEST:
            await self._latest(query, asker, context)
        elif data.startswith(_AUTOMATIC):
            await self._choose(query, asker, data.removeprefix(_AUTOMATIC), context)
        else:
            await self._turn(query, asker, data, context)

    async def _turn(self, query: CallbackQuery, asker: Asker, data: str, context: Context) -> None:
        conversation, searches, press = self._desk.conversation, self._desk.searches, Press.read(data)
        message = query.message.message_id if query.message else None
        found = await searches.note(lambda: conversation.pick_up(press, asker, message))
        if isinstance(found, Refusal) or press is None or message is None:
            notice = found.notice if isinstance(found, Refusal) else asker.language.expired
            await _acknowledge(query, notice, alert=True)
            return
        judged = press.kind in (keyboard.RIGHT, keyboard.WRONG)
        await _acknowledge(query, asker.language.thanks if judged else "")
        sheet, pressed = found, press

        def carry_out() -> Reply | None:
            return conversation.carry_out(pressed, sheet, asker.language)

        with contextlib.suppress(Busy):
            if press.kind == keyboard.AROUND:
                reply = await searches.run(asker.user, carry_out)
            else:
                reply = await searches.note(carry_out)
            if reply:
                await edit(context.bot, asker.chat, message, self._desk.fitted(reply, asker.chat))

    async def _latest(self, query: CallbackQuery, asker: Asker, context: Context) -> None:
        await _acknowledge(query)
        reply = await self._desk.searches.note(lambda: self._desk.conversation.latest("", asker.language))
        if query.message:
            await edit(context.bot, asker.chat, query.message.message_id, reply)

    async def _choose(self, query: CallbackQuery, asker: Asker, tag: str, context: Context) -> None:
        if tag and tag not in {language.tags[0] for language in languages()}:
            await _acknowledge(query, asker.language.expired, alert=True)
            return
        await _acknowledge(query)
        await self._desk.searches.note(lambda: self._desk.people.choose(asker.user, tag or None))
        code = query.from_user.language_code
        words = self._desk.people.language(asker.user, code).language_set
        if query.message:
            await edit(context.bot, asker.chat, query.message.message_id, said(words))


async def _acknowledge(query: CallbackQuery, notice: str = "", *, alert: bool = False) -> None:
    # After a restart Telegram may wait no longer; the press counts all the same.
    with contextlib.suppress(BadRequest):
        await query.answer(notice or None, show_alert=alert)
