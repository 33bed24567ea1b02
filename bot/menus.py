"""The menus of commands: for each language, for private chats, groups and administrators."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.languages.language import DEFAULT, Language, languages

GROUP = ("ask", "search", "latest", "help")
PRIVATE = ("search", "latest", "categories", "subscribe", "unsubscribe", "pictures", "language", "about", "help")
ADMIN = (*PRIVATE, "stats", "reload", "feedback")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Menu:
    """Commands for some people: those in a scope whose Telegram speaks a language."""

    scope: BotCommandScope
    code: str
    """Two letters; empty for every language without a menu of its own."""
    commands: tuple[BotCommand, ...]


def menus(admins: Iterable[int]) -> Iterator[Menu]:
    """All menus."""
    scopes: list[tuple[BotCommandScope, tuple[str, ...]]] = [
        (BotCommandScopeAllPrivateChats(), PRIVATE),
        (BotCommandScopeAllGroupChats(), GROUP),
        *((BotCommandScopeChat(admin), ADMIN) for admin in sorted(admins)),
    ]
    for language in languages():
        for code in _codes(language):
            for scope, names in scopes:
                yield Menu(scope, code, tuple(BotCommand(name, language.menu[name]) for name in names))


async def set_menus(bot: Bot, admins: Iterable[int]) -> None:
    """Fill the menus; one that cannot be set does no harm, as for an administrator who never wrote to the bot."""
    for menu in menus(admins):
        try:
            await bot.set_my_commands(menu.commands, scope=menu.scope, language_code=menu.code or None)
        except TelegramError as error:
            _log.warning("a menu of commands could not be set: %s", error)


def _codes(language: Language) -> list[str]:
    """The two-letter codes that Telegram takes here; an empty one stands for everybody else."""
    codes = [tag for tag in language.tags if len(tag) == 2]
    return ["", *codes] if DEFAULT in codes else codes
