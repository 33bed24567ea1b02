"""Replies on their way to Telegram: sent once, edited in place."""

from __future__ import annotations

import asyncio

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError

from bot.connection import NotTaken
from bot.keyboard import Rows
from bot.replies import Reply

EDIT_ATTEMPTS, EDIT_SECONDS = 3, 1.0
_UNCHANGED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """The buttons for Telegram."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, url=button.url, callback_data=button.data or None) for button in row]
            for row in rows
        ]
    )


def preview(reply: Reply) -> LinkPreviewOptions:
    """A small picture of the article where it has one; no page is ever previewed."""
    if reply.picture is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(is_disabled=False, url=reply.picture, prefer_small_media=True)


async def send(message: Message, reply: Reply) -> Message:
    """Reply to a message, in its topic."""
    return await message.reply_html(reply.html, reply_markup=markup(reply.rows), link_preview_options=preview(reply))


async def send_to(bot: Bot, chat: int, reply: Reply, thread: int | None = None) -> Message:
    """Send a reply to a chat, to one of its topics where it has some."""
    return await bot.send_message(
        chat,
        reply.html,
        parse_mode=ParseMode.HTML,
        message_thread_id=thread,
        reply_markup=markup(reply.rows),
        link_preview_options=preview(reply),
    )


async def edit(bot: Bot, chat: int, message: int, reply: Reply, attempts: int = EDIT_ATTEMPTS) -> bool:
    """Show a reply in a message that was sent before; False where that message is gone.

    Tried again where the network fails, even if it may have been carried out: the second time it changes nothing.
    """
    try:
        await bot.edit_message_text(
            reply.html,
            chat_id=chat,
            message_id=message,
            parse_mode=ParseMode.HTML,
            reply_markup=markup(reply.rows),
            link_preview_options=preview(reply),
        )
    except BadRequest as error:
        if any(words in error.message.lower() for words in _GONE):
            return False
        if _UNCHANGED not in error.message.lower():
            raise
    except NotTaken:  # after as many attempts as make sense
        raise
    except NetworkError:
        if attempts == 1:
            raise
        await asyncio.sleep(EDIT_SECONDS)
        return await edit(bot, chat, message, reply, attempts - 1)
    return True
