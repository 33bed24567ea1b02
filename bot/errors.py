"""What can go wrong in the bot.

BotError
├── BadSettings    a setting is missing or cannot be used
├── RefusedToken   Telegram does not know the token
├── UnusableData   a file or database of the bot's own cannot be read or written
├── UnusableOutput what the console says cannot be written
└── Busy           too many questions are waiting already
"""

from __future__ import annotations


class BotError(Exception):
    """Root of this package's errors; the message says what happened and what to do."""


class BadSettings(BotError):
    """A setting is missing or cannot be used."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting} {reason}")
        self.setting = setting


class UnusableOutput(BotError):
    """What the console says cannot be written."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the answers cannot be written ({reason})")


class RefusedToken(BotError):
    """Telegram does not know the token, or knows it no longer."""

    def __init__(self, server: str) -> None:
        super().__init__(
            f"{server} refused the token in TELEGRAM_BOT_TOKEN; copy it again from @BotFather, or ask it for a new one"
        )
        self.server = server


class UnusableData(BotError):
    """A file or database of the bot's own cannot be read or written."""

    def __init__(
        self, place: str, reason: str, remedy: str = "mend its folder BOT_DATA, or move the file away"
    ) -> None:
        super().__init__(f"{place} cannot be used ({reason}); {remedy}")
        self.place = place


class Busy(BotError):
    """Too many questions are waiting already."""
