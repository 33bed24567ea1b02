"""The bot's log: readable lines on stderr that never show the token."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import TypeAlias

from telegram.error import InvalidToken, TelegramError

from bot.connection import TokenRefused

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_HIDDEN = "[token]"
_SECRET = 8
"""Characters from which on a part of the token is a secret of its own."""
_Raised: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Redacted(logging.Formatter):
    """Formats records, tracebacks included, with every occurrence of the token blanked out."""

    def __init__(self, token: str) -> None:
        super().__init__(_FORMAT)
        # The part after the colon is the secret, and survives where the colon is written as %3A.
        secret = token.partition(":")[2]
        self._secrets = (token, secret) if len(secret) >= _SECRET else (token,)

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, without the token."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text

    def formatException(self, ei: _Raised) -> str:
        """One line for what Telegram or the network did, a traceback for the program's own errors."""
        return f"({ei[1]})" if isinstance(ei[1], TelegramError) else super().formatException(ei)


def start_logging(token: str, *, debug: bool) -> None:
    """Log to stderr what matters; with `debug` everything but the HTTP traffic."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacted(token))
    handler.addFilter(_unless_refused)
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.DEBUG if debug else logging.INFO)
    # They would log every request with its address, which holds the token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _unless_refused(record: logging.LogRecord) -> bool:
    """A refused token ends the program with a line of its own; the library need not report it too."""
    return not (record.exc_info and isinstance(record.exc_info[1], (InvalidToken, TokenRefused)))
