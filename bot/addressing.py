"""Whether a message is meant for the bot, and the question it holds."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

from bot.text import clean

_MENTIONS = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]


def question_in(message: Message, me: User) -> str | None:
    """The question put to the bot, without its mention; None where the message is not for the bot.

    In private everything with words is a question. In a group only what mentions the bot, or replies to it.
    """
    text = message.text or message.caption
    if text is None or _from_another_bot(message) or sent_by(me, message):
        return None
    mentions = _mentions_of(me, message)
    if message.chat.type != ChatType.PRIVATE and not mentions and not _replies_to(me, message):
        return None
    return clean(_without(mentions, text)).strip()


def sent_by(me: User, message: Message) -> bool:
    """Whether somebody sent one of this bot's own inline results: its words are an answer, not a question."""
    return message.via_bot is not None and message.via_bot.id == me.id


def commands_me(message: Message, me: User) -> bool:
    """Whether a command is for this bot alone: given in private, or as `/command@this_bot`."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    command = (message.text or "").split(maxsplit=1)[0]
    return command.lower().endswith(f"@{me.username}".lower())


def after_command(message: Message) -> str:
    """What stands behind the command."""
    return clean("".join((message.text or "").split(maxsplit=1)[1:])).strip()


def identity(message: Message) -> int:
    """What tells a message from all others of its chat, also from those of another bot or server with its number.

    When it was sent, which no edit changes, and its number, which the Bot API keeps in 31 bits.
    """
    return int(message.date.timestamp()) << 31 | message.message_id


def _from_another_bot(message: Message) -> bool:
    """Two bots that answer each other would never end; people who write as a chat are shown as bots too."""
    sender = message.from_user
    return sender is not None and sender.is_bot and message.sender_chat is None


def _replies_to(me: User, message: Message) -> bool:
    original = message.reply_to_message
    return original is not None and original.from_user is not None and original.from_user.id == me.id


def _mentions_of(me: User, message: Message) -> list[MessageEntity]:
    parse = message.parse_entities if message.text else message.parse_caption_entities
    return [entity for entity, text in parse([*_MENTIONS]).items() if _is_me(entity, text, me)]


def _is_me(entity: MessageEntity, text: str, me: User) -> bool:
    if entity.user:
        return entity.user.id == me.id
    return text.lower() == f"@{me.username}".lower()


def _without(entities: Iterable[MessageEntity], text: str) -> str:
    """Offsets of entities count UTF-16 code units."""
    raw = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(entities, key=lambda entity: entity.offset, reverse=True):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        raw = raw[:start] + " ".encode("utf-16-le") + raw[end:]
    return raw.decode("utf-16-le", "surrogatepass")
