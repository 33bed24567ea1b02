"""The bot's log: readable lines on stderr that never show the token."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType
from typing import TypeAlias

from telegram.error import InvalidToken, TelegramError

from bot.connection import TokenRefused

_log = logging.getLogger(__name__)
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_HIDDEN = "[token]"
_RECEIVED = "Received data was"
_SECRET = 8
"""Characters from which on a part of the token is a secret of its own."""
_Raised: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Redacted(logging.Formatter):
    """Formats records, tracebacks included, with every occurrence of the token and of other secrets blanked out."""

    def __init__(self, token: str, *others: str) -> None:
        super().__init__(_FORMAT)
        # The part after the colon is the secret, and survives where the colon is written as %3A.
        secret = token.partition(":")[2]
        self._secrets = [each for each in (token, secret, *others) if len(each) >= _SECRET or each == token]

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, without the token."""
        return self.redacted(super().format(record))

    def redacted(self, text: str) -> str:
        """The text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text

    def formatException(self, ei: _Raised) -> str:
        """One line for what Telegram or the network did, a traceback for the program's own errors."""
        return f"({ei[1]})" if isinstance(ei[1], TelegramError) else super().formatException(ei)


def start_logging(*secrets: str, debug: bool) -> None:
    """Log to stderr what matters, with `debug` everything but the HTTP traffic; the token is the first of `secrets`."""
    handler = logging.StreamHandler()
    handler.setFormatter(Redacted(*secrets))
    handler.addFilter(_unless_refused)
    handler.addFilter(_without_updates)
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(logging.DEBUG if debug else logging.INFO)
    # They would log every request with its address, which holds the token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # What it warns of when a server goes away in the middle fails the call as well.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    # What nobody caught, and what libraries warn of, would reach stderr without passing the formatter.
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda raised: _log_uncaught(raised.exc_type, raised.exc_value, raised.exc_traceback)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None and not issubclass(kind, (KeyboardInterrupt, SystemExit)):
        _log.critical("the program failed", exc_info=(kind, error, trace))


def _unless_refused(record: logging.LogRecord) -> bool:
    """A refused token ends the program with a line of its own; the library need not report it too."""
    return not (record.exc_info and isinstance(record.exc_info[1], (InvalidToken, TokenRefused)))


def _without_updates(record: logging.LogRecord) -> bool:
    """An update that the library cannot read it would write down whole, with names and what was said."""
    if _RECEIVED in str(record.msg):
        kind = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = "an update cannot be read and is left out (%s)", (kind.__name__ if kind else "",)
        record.exc_info = record.exc_text = None
    return True
