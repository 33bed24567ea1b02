"""The Telegram program: its connections, its limits, its start and its end."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from urllib.parse import urlsplit

from telegram import Bot, LinkPreviewOptions, Update
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, Defaults

from bot.admin import Admin
from bot.albums import Albums
from bot.buttons import Buttons
from bot.commands import Commands
from bot.connection import Connection, Polling, leaving_out_unreadable, refusing_what_is_no_json
from bot.conversation import Conversation
from bot.digest import Digest
from bot.errors import BadSettings, RefusedToken
from bot.feedback import Feedback
from bot.handlers import Handlers
from bot.inline import Inline
from bot.intake import Intake, SharedProcessor
from bot.listings import Listings
from bot.memory import TRIM_SECONDS, trim
from bot.menus import set_menus
from bot.metrics import Metrics
from bot.monitoring import serve as serve_monitoring
from bot.preferences import Preferences
from bot.rate_limiter import RateLimiter
from bot.retrieving import Retrieving
from bot.searches import Searches
from bot.service import AnyApplication, Context, Service
from bot.settings import Settings
from bot.sheets import Sheets
from bot.state import State, opened
from bot.subscriptions import Subscriptions
from bot.update_processor import UpdateProcessor
from retrieval.errors import RetrievalError

CONNECTIONS = 64
READ_SECONDS = 15.0
"""After a timeout nobody knows whether a message was sent, so it is worth waiting for the response."""
_UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
]

_log = logging.getLogger(__name__)


def serve(settings: Settings, retriever: Retrieving) -> None:
    """Answer in Telegram until told to stop; raises RefusedToken where the token is not, or no longer, valid.

    Starts when Telegram can be reached, however long that takes. What was asked while the bot was away is
    answered then. Raises UnusableData.
    """
    # Without it the library writes a warning whenever Telegram asks to wait.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    polling = Polling(read_timeout=READ_SECONDS, connection_pool_size=1)
    connection = Connection(read_timeout=READ_SECONDS, connection_pool_size=CONNECTIONS)
    with ExitStack() as stack:
        stack.enter_context(leaving_out_unreadable())
        stack.enter_context(refusing_what_is_no_json())
        state = stack.enter_context(opened(settings))
        application = _application(settings, state, connection, polling)
        polling.when_refused = partial(_stop, application)
        service = _service(settings, state, retriever, stack)
        if settings.metrics_port:
            _monitor(service, settings, _troubles(service, state, (connection, polling)), stack)
        for handlers in (
            Commands(service),
            Admin(service),
            Buttons(service),
            Inline(service),
            Digest(service),
            Handlers(service, Albums(state.own)),
        ):
            handlers.register(application)
        _keep_trimmed(application)
        try:
            _run(application, settings)
        except InvalidToken:
            polling.refused = True
        except RuntimeError as exc:
            # What is left of the library's start when it is told to stop while Telegram is out of reach.
            if str(exc) != "no running event loop":
                raise
    if polling.refused:
        raise RefusedToken(settings.server)


def _service(settings: Settings, state: State, retriever: Retrieving, stack: ExitStack) -> Service:
    feedback = Feedback(state.feedback)
    service = Service(
        conversation=Conversation(retriever, Sheets(state.own), Listings(state.own), feedback),
        searches=Searches(),
        preferences=Preferences(state.own),
        subscriptions=Subscriptions(state.own),
        quota=state.quota,
        metrics=Metrics(),
        allowed_chats=settings.allowed_chats,
        admins=settings.admins,
    )
    stack.callback(service.searches.close)
    return service


def _troubles(service: Service, state: State, connections: Sequence[Connection]) -> Callable[[], str | None]:
    """Says what keeps the bot from answering."""

    def trouble() -> str | None:
        try:
            # What the index holds is known without asking its server.
            service.conversation.retriever.latest(1)
        except RetrievalError as exc:
            return str(exc)
        return state.trouble() or (
            None if all(each.reachable for each in connections) else "Telegram cannot be reached"
        )

    return trouble


def _monitor(service: Service, settings: Settings, trouble: Callable[[], str | None], stack: ExitStack) -> None:
    about, port = service.conversation.retriever.about, settings.metrics_port or 0
    metrics = service.metrics.application(queue=lambda: service.searches.under_way, created=lambda: about().created)
    try:
        stack.callback(serve_monitoring(settings.listen, port, metrics, trouble))
    except OSError as exc:
        raise BadSettings("METRICS_PORT", f"is {port}, which cannot be used ({exc}); give another") from exc


def _run(application: AnyApplication, settings: Settings) -> None:
    if settings.webhook_url is None:
        application.run_polling(allowed_updates=_UPDATES, bootstrap_retries=-1)
        return
    try:
        _run_webhook(application, settings)
    except OSError as exc:
        words = f"is {settings.webhook_port}, which cannot be used at {settings.listen} ({exc.strerror}); give another"
        raise BadSettings("WEBHOOK_PORT", words) from exc


def _run_webhook(application: AnyApplication, settings: Settings) -> None:
    address = settings.webhook_url or ""
    application.run_webhook(
        listen=settings.listen,
        port=settings.webhook_port,
        url_path=urlsplit(address).path.lstrip("/"),
        webhook_url=address,
        secret_token=settings.webhook_secret,
        allowed_updates=_UPDATES,
        bootstrap_retries=-1,
    )


async def _try_webhook(bot: Bot, settings: Settings) -> None:
    """Raises BadSettings where Telegram refuses the address: the library would ask for ever, in silence."""
    try:
        await bot.set_webhook(
            settings.webhook_url or "", secret_token=settings.webhook_secret, allowed_updates=_UPDATES
        )
    except BadRequest as exc:
        raise BadSettings("WEBHOOK_URL", f"is refused ({exc.message}); give one that Telegram can reach") from exc
    except TelegramError as exc:
        _log.warning("the webhook could not be set yet: %s", exc)


def _application(settings: Settings, state: State, connection: Connection, polling: Polling) -> AnyApplication:
    async def introduce(application: AnyApplication) -> None:
        _log.info("answering as @%s", application.bot.username)
        if settings.webhook_url:
            await _try_webhook(application.bot, settings)
        if application.job_queue:
            # Deleting the webhook, which comes first, may take long.
            application.job_queue.run_once(fill_menus, 0, job_kwargs={"misfire_grace_time": None})

    async def fill_menus(context: Context) -> None:
        # Nobody waits for them, neither who asks nor who stops the bot, whatever Telegram has against them just then.
        menus.append(asyncio.create_task(set_menus(context.bot, settings.admins)))

    async def leave(_: AnyApplication) -> None:
        for each in menus:
            each.cancel()
        await asyncio.gather(*menus, return_exceptions=True)

    menus: list[asyncio.Task[None]] = []
    builder = ApplicationBuilder()
    if state.arrivals:
        builder = builder.update_queue(Intake(state.arrivals))
    return (
        builder.token(settings.token)
        .base_url(settings.base_url)
        .request(connection)
        .get_updates_request(polling)
        .rate_limiter(RateLimiter(buckets=state.buckets))
        .defaults(_defaults())
        # Without it everybody waits for the answer to the one who asked first.
        .concurrent_updates(SharedProcessor(state.arrivals) if state.arrivals else UpdateProcessor())
        .post_init(introduce)
        .post_stop(leave)
        .build()
    )


def _keep_trimmed(application: AnyApplication) -> None:
    async def run(_: object) -> None:
        trim()

    if application.job_queue:
        application.job_queue.run_repeating(run, TRIM_SECONDS)


def _stop(application: AnyApplication) -> None:
    """Stop the application if it runs and is not stopping already."""
    if application.running and application.updater and application.updater.running:
        application.stop_running()


def _defaults() -> Defaults:
    """No preview unless a reply wants one. A question deleted meanwhile is answered all the same."""
    return Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True), allow_sending_without_reply=True)
