"""The bot's token: from the environment, or from a file that nobody else may read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from bot.errors import BadSettings
from retrieval.commands.settings import at_home

TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105  (names of settings)
TOKEN_FILE = "TELEGRAM_BOT_TOKEN_FILE"  # noqa: S105


def read_token(setting: Callable[[str], str | None]) -> str:
    """The token, checked; raises BadSettings where there is none, and never repeats what it found."""
    token = (setting(TOKEN) or "").strip()
    if token:
        return _checked(token, TOKEN)
    file = setting(TOKEN_FILE)
    if file:
        return _checked(_content(Path(at_home(file))), TOKEN_FILE)
    reason = f"is not set; ask @BotFather in Telegram for a token and put it into the environment, .env or {TOKEN_FILE}"
    raise BadSettings(TOKEN, reason)


def exposed(setting: Callable[[str], str | None]) -> Path | None:
    """The file that the token came from, where other people of this machine can read it."""
    if os.environ.get(TOKEN):
        return None
    file = Path(".env") if setting(TOKEN) else Path(at_home(setting(TOKEN_FILE) or ".env"))
    return file if file.exists() and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH) else None


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSettings(TOKEN_FILE, f"names {file}, which cannot be read ({type(exc).__name__})") from exc


def _checked(token: str, setting: str) -> str:
    if not re.fullmatch(r"[\w:-]+", token, re.ASCII):
        raise BadSettings(setting, "holds no token; copy it again from @BotFather in Telegram")
    return token
