"""What the bot says in one language, and which language a person gets."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import bot.languages

DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """The bot's own words; every text is plain, without markup."""

    tags: tuple[str, ...]
    """IETF language tags it serves, in lower case; `zh` serves `zh-cn` too where no language claims that."""
    greeting: str
    """Answer to /start."""
    help: str
    """Answer to /help and to unknown commands."""
    ask_command: str
    """What /ask does, in the menu of commands."""
    help_command: str
    """What /help does, in the menu of commands."""
    nothing: str
    """No article answers the question."""
    empty: str
    """The message holds no question."""
    too_long: str
    """The question is too long; `{limit}` is the number of characters allowed."""
    busy: str
    """Too many people are asking."""
    trouble: str
    """Something failed on the bot's side."""
    closed: str
    """The bot does not serve this chat."""
    also_in: str
    """Before the titles of further articles that hold the passage, with the space that follows it."""
    between: str
    """Between two such titles."""


@cache
def languages() -> tuple[Language, ...]:
    """Every language there is a module for."""
    names = [module.name for module in pkgutil.iter_modules(bot.languages.__path__)]
    modules = [importlib.import_module(f"bot.languages.{name}") for name in sorted(names)]
    return tuple(module.LANGUAGE for module in modules if hasattr(module, "LANGUAGE"))


def language_for(tag: str | None) -> Language:
    """The language for an IETF tag such as `zh-hant` or `pt-BR`: the closest there is, otherwise English."""
    by_tag = _by_tag(languages())
    return next((by_tag[name] for name in _broader(tag or "") if name in by_tag), by_tag[DEFAULT])


def _by_tag(spoken: Iterable[Language]) -> dict[str, Language]:
    return {tag: language for language in spoken for tag in language.tags}


def _broader(tag: str) -> list[str]:
    """`zh-hant-hk` itself, then `zh-hant`, then `zh`."""
    subtags = tag.lower().replace("_", "-").split("-")
    return ["-".join(subtags[:count]) for count in range(len(subtags), 0, -1)]
