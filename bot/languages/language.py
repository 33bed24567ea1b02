"""What the bot says in one language, and which language a person gets."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import regex
from babel import Locale
from babel.numbers import format_decimal

import bot.languages

DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """The bot's own words; every text is plain, without markup."""

    tags: tuple[str, ...]
    """IETF language tags it serves, in lower case; `zh` serves `zh-cn` too where no language claims that."""
    locale: str
    """Its name in Unicode's CLDR, for dates."""
    name: str
    """What the language calls itself."""
    greeting: str
    """Answer to /start."""
    help: str
    """Answer to /help and to unknown commands; before other commands, on a line of their own."""
    help_in_telegram: str
    """What follows there: those commands, and how to ask in a group."""
    menu: Mapping[str, str]
    """What each command does, for the menu of commands."""
    nothing: str
    """No article answers the question."""
    empty: str
    """The message holds no question."""
    too_long: str
    """The question is too long; `{limit}` is the number of characters allowed."""
    busy: str
    """Too many people are asking."""
    slower: str
    """This person asks too much."""
    trouble: str
    """Something failed on the bot's side, or on the way: an answer may have come all the same."""
    closed: str
    """The bot does not serve this chat."""
    also_in: str
    """Before the titles of further articles that hold the passage, with the space that follows it."""
    between: str
    """Between two such titles."""
    understood: str
    """How the bot understood `{question}`."""
    previous: str
    next: str
    more: str
    """Button: the paragraphs around the passage."""
    source: str
    """Button: the article itself."""
    right: str
    found: str
    """Button: this passage, not the first, was the answer."""
    wrong: str
    back: str
    earlier: str
    """Button: the paragraphs before those shown."""
    later: str
    latest_button: str
    thanks: str
    """After a verdict."""
    expired: str
    """The button is too old, or was never the bot's."""
    not_yours: str
    """The button belongs to somebody else's answer."""
    changed: str
    """The article no longer holds the passage."""
    bad_filter: str
    """`{text}` is not a filter that can be understood."""
    search_usage: str
    latest: str
    """Above a list of the newest articles."""
    no_articles: str
    """No article meets the filters."""
    categories: str
    """Above the list of categories."""
    no_categories: str
    choose_language: str
    automatic: str
    """Button: the language of the person's Telegram."""
    language_set: str
    """The choice was noted; in the language chosen."""
    pictures_on: str
    """Answers come with the article's picture from now on."""
    pictures_off: str
    about: str
    """What the index holds: `{articles}` and `{passages}`, counted, and the day `{moment}`."""
    articles: Mapping[str, str]
    """`{number}` articles, by the plural category of the number: CLDR names them `one`, `few`, `other` and so on."""
    passages: Mapping[str, str]
    """`{number}` passages."""
    subscribe_usage: str
    subscribed: str
    """New articles on `{topic}` will be announced."""
    unsubscribed: str
    """Those on `{topic}` no longer."""
    not_subscribed: str
    """None of these ends; `{topics}` are the topics subscribed to."""
    no_topics: str
    """Nothing is subscribed to."""
    too_many_topics: str
    """At most `{limit}` topics a chat."""
    digest: str
    """Above the new articles on `{topic}`."""
    ask_in_private: str
    """Button above inline results."""

    def number(self, value: int) -> str:
        """A whole number as the language writes it."""
        return str(format_decimal(value, locale=self.locale))

    def counted(self, forms: Mapping[str, str], value: int) -> str:
        """So many of something, in the form that the language has for that number."""
        form = forms.get(Locale.parse(self.locale).plural_form(value), forms["other"])
        return form.format(number=self.number(value))


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


def tag_of(text: str) -> str | None:
    """The language that a script gives away, for people of whom Telegram does not tell it."""
    if regex.search(r"[\p{Hiragana}\p{Katakana}]", text):
        return "ja"
    return "zh" if regex.search(r"\p{Han}", text) else None


def _by_tag(spoken: Iterable[Language]) -> dict[str, Language]:
    return {tag: language for language in spoken for tag in language.tags}


def _broader(tag: str) -> list[str]:
    """`zh-hant-hk` itself, then `zh-hant`, then `zh`."""
    subtags = tag.lower().replace("_", "-").split("-")
    return ["-".join(subtags[:count]) for count in range(len(subtags), 0, -1)]
