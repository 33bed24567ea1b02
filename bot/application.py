"""The Telegram program: its connections, its limits, its start and its end."""

from __future__ import annotations

import logging
from functools import partial

from telegram import BotCommand, LinkPreviewOptions, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, Defaults

from bot.connection import Connection, Polling
from bot.errors import RefusedToken
from bot.handlers import AnyApplication, Handlers
from bot.languages.language import DEFAULT, Language, languages
from bot.searches import Retrieving, Searches
from bot.settings import Settings

ATTEMPTS = 3
"""How often a message is sent again where Telegram asks to slow down."""
CONNECTIONS = 64
READ_SECONDS = 15.0
"""After a timeout nobody knows whether a message was sent, so it is worth waiting for the response."""

_log = logging.getLogger(__name__)


def serve(settings: Settings, retriever: Retrieving) -> None:
    """Answer in Telegram until told to stop; raises RefusedToken where the token is not, or no longer, valid.

    Starts when Telegram can be reached, however long that takes. What was asked while the bot was away is
    answered then.
    """
    polling = Polling(read_timeout=READ_SECONDS, connection_pool_size=1)
    searches = Searches(retriever)
    application = _application(settings, polling)
    polling.when_refused = partial(_stop, application)
    Handlers(searches, settings.allowed_chats).register(application)
    try:
        application.run_polling(allowed_updates=[Update.MESSAGE], bootstrap_retries=-1)
    except InvalidToken:
        polling.refused = True
    finally:
        searches.close()
    if polling.refused:
        raise RefusedToken(settings.base_url)


def _application(settings: Settings, polling: Polling) -> AnyApplication:
    return (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.base_url)
        .request(Connection(read_timeout=READ_SECONDS, connection_pool_size=CONNECTIONS))
        .get_updates_request(polling)
        .rate_limiter(AIORateLimiter(max_retries=ATTEMPTS))
        .defaults(_defaults())
        # Without it everybody waits for the answer to the one who asked first.
        .concurrent_updates(True)
        .post_init(_introduce)
        .build()
    )


def _stop(application: AnyApplication) -> None:
    """Stop the application if it runs and is not stopping already."""
    if application.running and application.updater and application.updater.running:
        application.stop_running()


def _defaults() -> Defaults:
    """No preview: the passages are the preview. A question deleted meanwhile is answered all the same."""
    return Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True), allow_sending_without_reply=True)


async def _introduce(application: AnyApplication) -> None:
    """Fill the menu of commands, in each language that Telegram can tell apart."""
    _log.info("answering as @%s", application.bot.username)
    try:
        for language in languages():
            for code in _menu_codes(language):
                await application.bot.set_my_commands(_commands(language), language_code=code or None)
    except TelegramError as error:
        _log.warning("the menu of commands could not be set: %s", error)


def _menu_codes(language: Language) -> list[str]:
    """The two-letter codes that Telegram takes here; an empty one stands for everybody else."""
    codes = [tag for tag in language.tags if len(tag) == 2]
    return ["", *codes] if DEFAULT in codes else codes


def _commands(language: Language) -> list[BotCommand]:
    return [BotCommand("ask", language.ask_command), BotCommand("help", language.help_command)]
