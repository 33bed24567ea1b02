"""Whether a message is meant for the bot, and the question or command it holds."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType
from telegram.ext.filters import MessageFilter

from bot.followups import asks_on
from bot.text import after_pause, clean

_MENTIONS = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
_DEEP_QUESTION = re.compile(r"q-([\w-]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Command:
    """What a message or a caption begins with, as in `/ask@wenda_bot When?`."""

    name: str
    """In lower case, without the stroke."""
    bot: str
    """In lower case, whom it names; nobody in `/ask When?`."""
    rest: str
    """What stands behind it."""


class Given(MessageFilter):
    """Messages and captions that begin with a command: one of this name that may be for this bot, or else any."""

    __slots__ = ("_command",)

    def __init__(self, command: str | None = None) -> None:
        super().__init__(f"Given({command})")
        self._command = command

    def filter(self, message: Message) -> bool:
        """Whether it is one."""
        given = command_in(message)
        if given is None or self._command is None:
            return given is not None
        return given.name == self._command and given.bot in ("", message.get_bot().username.lower())


def question_in(message: Message, me: User) -> str | None:
    """The question put to the bot, without its mention; None where the message is not for the bot.

    In private everything with words is a question. In a group only what mentions the bot, or replies to it, and
    somebody says there: what a channel posts comes to its group by itself. Thanks in reply to it are none there.
    """
    text = message.text or message.caption
    if text is None or message.is_automatic_forward or _from_another_bot(message) or sent_by(me, message):
        return None
    mentions = _mentions_of(me, message)
    replies = _replies_to(me, message) and asks_on(text)
    if message.chat.type != ChatType.PRIVATE and not mentions and not replies:
        return None
    return clean(_without(mentions, text)).strip()


def question_replied_to(message: Message, me: User) -> str:
    """What somebody else said that a message replies to, or the part that it quotes: `/ask` there asks it."""
    original = message.reply_to_message
    if original is None or _replies_to(me, message):
        return ""
    quoted = message.quote.text if message.quote else original.text or original.caption
    return clean(quoted or "").strip()


def question_linked(payload: str) -> str:
    """The question in `https://t.me/BOT?start=q-...`, where it stands in URL-safe base64."""
    match = _DEEP_QUESTION.fullmatch(payload)
    if match is None:
        return ""
    try:
        return base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def may_be_for(me: User, message: Message) -> bool:
    """Whether a message asks the bot something, or gives a command that does not name another one."""
    command = command_in(message)
    if command:
        return command.bot in ("", f"{me.username}".lower())
    return question_in(message, me) is not None


def sent_by(me: User, message: Message) -> bool:
    """Whether somebody sent one of this bot's own inline results: its words are an answer, not a question."""
    return message.via_bot is not None and message.via_bot.id == me.id


def commands_me(message: Message, me: User) -> bool:
    """Whether a command is for this bot alone: given in private, or as `/command@this_bot`."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    command = command_in(message)
    return command is not None and command.bot == f"{me.username}".lower()


def command_in(message: Message) -> Command | None:
    """The command that somebody gives with a message or a caption, which begins with it; None where nobody does."""
    if message.is_automatic_forward or _from_another_bot(message):
        return None
    parse = message.parse_entities if message.text else message.parse_caption_entities
    given = [text for entity, text in parse([MessageEntity.BOT_COMMAND]).items() if entity.offset == 0]
    if not given:
        return None
    name, _, bot = given[0].lower().removeprefix("/").partition("@")
    rest = (message.text or message.caption or "").removeprefix(given[0])
    return Command(name, bot, after_pause(clean(rest)))


def after_command(message: Message) -> str:
    """What stands behind the command."""
    command = command_in(message)
    return command.rest if command else ""


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
