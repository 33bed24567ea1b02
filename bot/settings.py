"""What the bot is told by its environment."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

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
    admins: frozenset[int] = frozenset()
    """The people who may give the commands for administrators."""
    data: Path = Path("bot-data")
    """The folder of what must outlive a restart."""
    webhook_url: str | None = None
    """Where Telegram shall deliver updates; None fetches them."""
    webhook_secret: str = field(default="", repr=False)
    """What Telegram shows with each delivery; empty makes one up at every start."""
    webhook_port: int = 8443
    """The port of this machine that the deliveries arrive at."""
    metrics_port: int | None = None
    """The port of this machine that shows metrics; None shows none."""

    @classmethod
    def read(cls, setting: Callable[[str], str | None]) -> Settings:
        """The settings by their names; raises BadSettings where one is missing or unusable."""
        return cls(
            token=_token(setting("TELEGRAM_BOT_TOKEN") or ""),
            base_url=_base_url(setting("TELEGRAM_BASE_URL") or ""),
            allowed_chats=_numbers("ALLOWED_CHATS", setting("ALLOWED_CHATS") or ""),
            admins=_numbers("ADMINS", setting("ADMINS") or ""),
            data=data_folder(setting),
            webhook_url=_webhook(setting("WEBHOOK_URL") or ""),
            webhook_secret=_secret(setting("WEBHOOK_SECRET") or ""),
            webhook_port=_port("WEBHOOK_PORT", setting("WEBHOOK_PORT") or "8443"),
            metrics_port=_port("METRICS_PORT", text) if (text := setting("METRICS_PORT")) else None,
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


def data_folder(setting: Callable[[str], str | None]) -> Path:
    """The folder of what must outlive a restart: BOT_DATA, else `bot-data` in the working folder."""
    return Path(setting("BOT_DATA") or "bot-data")


def _numbers(setting: str, text: str) -> frozenset[int]:
    names = [name for name in re.split(r"[,，\s]+", text) if name]
    for name in names:
        if not re.fullmatch(r"-?\d+", name, re.ASCII):
            raise BadSettings(setting, f"holds {name!r}; give ids, which are numbers, separated by commas")
    if text.strip() and not names:
        raise BadSettings(setting, "holds no id; give ids, which are numbers, separated by commas")
    return frozenset(map(int, names))


def _webhook(text: str) -> str | None:
    url = text.strip()
    if url and not (web_link(url) and url.startswith("https://")):
        raise BadSettings("WEBHOOK_URL", f"is {url!r}; give an address that starts with https://")
    return url or None


def _secret(text: str) -> str:
    if text and not re.fullmatch(r"[\w-]{1,256}", text, re.ASCII):
        raise BadSettings("WEBHOOK_SECRET", "cannot be used; give 1 to 256 letters, digits, - or _")
    return text


def _port(setting: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text.strip(), re.ASCII) or not 0 < int(text) < 65536:
        raise BadSettings(setting, f"is {text!r}; give a port between 1 and 65535")
    return int(text)
