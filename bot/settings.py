"""What the bot is told by its environment."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.credentials import read_token
from bot.errors import BadSettings
from retrieval.commands.settings import at_home
from retrieval.postgres import SCHEMES

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
    state_url: str = field(default="", repr=False)
    """The PostgreSQL database that processes share; empty keeps everything in the folder."""
    webhook_url: str | None = None
    """Where Telegram shall deliver updates; None fetches them."""
    webhook_secret: str = field(default="", repr=False)
    """What Telegram shows with each delivery; empty makes one up at every start."""
    webhook_port: int = 8443
    """The port of this machine that the deliveries arrive at."""
    metrics_port: int | None = None
    """The port of this machine that shows metrics; None shows none."""
    listen: str = "127.0.0.1"
    """The address of this machine that both ports are open at."""

    @property
    def server(self) -> str:
        """The host of the Bot API, fit to be shown."""
        return urlsplit(self.base_url).hostname or ""

    def with_secret(self) -> Settings:
        """The same with a secret for the webhook, made up where none is set."""
        return self if self.webhook_secret else replace(self, webhook_secret=token_urlsafe(32))

    @classmethod
    def read(cls, setting: Callable[[str], str | None]) -> Settings:
        """The settings by their names; raises BadSettings where one is missing or unusable."""
        base_url = _base_url(setting("TELEGRAM_BASE_URL") or "")
        state_url = _state(setting("STATE_URL") or "")
        if state_url and setting("WEBHOOK_URL") and not setting("WEBHOOK_SECRET"):
            raise BadSettings("WEBHOOK_SECRET", "is not set; with STATE_URL, give all processes the same one")
        return cls(
            token=read_token(setting),
            base_url=base_url,
            allowed_chats=_numbers("ALLOWED_CHATS", setting("ALLOWED_CHATS") or ""),
            admins=_numbers("ADMINS", setting("ADMINS") or ""),
            data=data_folder(setting),
            state_url=state_url,
            webhook_url=_webhook(setting("WEBHOOK_URL") or "", base_url),
            webhook_secret=_secret(setting("WEBHOOK_SECRET") or ""),
            webhook_port=_port("WEBHOOK_PORT", setting("WEBHOOK_PORT") or "8443"),
            listen=_listen(setting("LISTEN") or "127.0.0.1"),
            metrics_port=_port("METRICS_PORT", text) if (text := setting("METRICS_PORT")) else None,
        )


def _base_url(text: str) -> str:
    url = text.strip().rstrip("/") or TELEGRAM
    if not _reachable(url):
        # It is not repeated: it may hold a password, or by mistake the token.
        raise BadSettings("TELEGRAM_BASE_URL", "is no address; give one such as http://127.0.0.1:8081/bot")
    # Behind a host alone the token would be taken for a part of the host or its port.
    return url if urlsplit(url).path else f"{url}/bot"


def passwords_in(url: str) -> list[str]:
    """The passwords in an address, which are never to be shown: as they stand there, and as they are meant."""
    address = urlsplit(url)
    stated = [value for name, value in parse_qsl(address.query) if "password" in name]
    return [*filter(None, (address.password, unquote(address.password or ""))), *stated]


def _state(text: str) -> str:
    url = text.strip()
    try:
        usable = not url or (url.startswith(SCHEMES) and urlsplit(url) is not None)
    except ValueError:
        usable = False
    if not usable:
        # It is not repeated: it may hold a password.
        raise BadSettings("STATE_URL", "is no address; give one such as postgresql://wenda@127.0.0.1/wenda")
    return url


def _reachable(url: str) -> bool:
    """Whether it is an address of the web, be it only of this machine, without blanks or an unknown port."""
    try:
        address = urlsplit(url)
        return (
            address.scheme in ("http", "https")
            and bool(address.hostname)
            and address.port != 0
            and not re.search(r"\s", url)
        )
    except ValueError:
        return False


def data_folder(setting: Callable[[str], str | None]) -> Path:
    """The folder of what must outlive a restart: BOT_DATA, else `bot-data` in the working folder."""
    return Path(at_home(setting("BOT_DATA") or "bot-data"))


def _numbers(setting: str, text: str) -> frozenset[int]:
    names = [name for name in re.split(r"[,，\s]+", text) if name]
    for name in names:
        if not re.fullmatch(r"-?\d{1,20}", name, re.ASCII):
            raise BadSettings(setting, f"holds {name[:40]!r}; give ids, which are numbers, separated by commas")
    if text.strip() and not names:
        raise BadSettings(setting, "holds no id; give ids, which are numbers, separated by commas")
    return frozenset(map(int, names))


def _webhook(text: str, base_url: str) -> str | None:
    url = text.strip()
    # A Bot API server of one's own delivers over HTTP too: https://core.telegram.org/bots/api#using-a-local-bot-api-server
    if url and not (_reachable(url) and (url.startswith("https://") or base_url != TELEGRAM)):
        # It is not repeated: many put the token into it.
        raise BadSettings("WEBHOOK_URL", "cannot be used; give an address that starts with https://")
    return url or None


def _secret(text: str) -> str:
    if text and not re.fullmatch(r"[\w-]{1,256}", text, re.ASCII):
        raise BadSettings("WEBHOOK_SECRET", "cannot be used; give 1 to 256 letters, digits, - or _")
    return text


def _listen(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError as exc:
        raise BadSettings("LISTEN", f"is {text!r}; give an IP address of this machine, 0.0.0.0 for all") from exc


def _port(setting: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text.strip(), re.ASCII) or not 0 < int(text) < 65536:
        raise BadSettings(setting, f"is {text!r}; give a port between 1 and 65535")
    return int(text)
