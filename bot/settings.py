"""What the bot is told by its environment."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import BadSettings
from bot.markup import web_link

TELEGRAM = "https://api.telegram.org/bot"


@dataclass(frozen=True, slots=True)
class Settings:
    """The bot's settings, checked."""

    token: str = field(repr=False)
    base_url: str = TELEGRAM
    """Where the Bot API is: the token follows this address directly."""
    allowed_chats: frozenset[int] = frozenset()
    """The chats that are served; empty for all."""

    @classmethod
    def read(cls, setting: Callable[[str], str | None]) -> Settings:
        """The settings by their names; raises BadSettings where one is missing or unusable."""
        return cls(
            token=_token(setting("TELEGRAM_BOT_TOKEN") or ""),
            base_url=_base_url(setting("TELEGRAM_BASE_URL") or ""),
            allowed_chats=_chats(setting("ALLOWED_CHATS") or ""),
        )


def _token(text: str) -> str:
    token = text.strip()
    if not token:
        reason = "is not set; ask @BotFather in Telegram for a token and put it into the environment or .env"
        raise BadSettings("TELEGRAM_BOT_TOKEN", reason)
    if not re.fullmatch(r"[\w:-]+", token, re.ASCII):
        raise BadSettings("TELEGRAM_BOT_TOKEN", "is not a token; copy it again from @BotFather in Telegram")
    return token


def _base_url(text: str) -> str:
    url = text.strip().rstrip("/") or TELEGRAM
    if not web_link(url):
        raise BadSettings("TELEGRAM_BASE_URL", f"is {url!r}; give an address such as http://127.0.0.1:8081/bot")
    return url


def _chats(text: str) -> frozenset[int]:
    names = [name for name in re.split(r"[,，\s]+", text) if name]
    for name in names:
        if not re.fullmatch(r"-?\d+", name, re.ASCII):
            raise BadSettings("ALLOWED_CHATS", f"holds {name!r}; give chat ids, separated by commas")
    if text.strip() and not names:
        raise BadSettings("ALLOWED_CHATS", "holds no chat id; give chat ids, separated by commas")
    return frozenset(map(int, names))
