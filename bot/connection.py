"""HTTP to the Bot API: tells when the server is out of reach, when the token is revoked, what cannot be read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext._utils.webhookhandler import TelegramHandler
from telegram.request import HTTPXRequest
from tornado.web import HTTPError

from bot.essence import essential

_NOT_TAKEN = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE)
"""But not a gateway's timeout: what is behind it may have gone on."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What the library raises where a field is missing or is not what it should be."""

_log = logging.getLogger(__name__)


class TokenRefused(NetworkError):
    """The server does not take the token any more."""


class NotTaken(NetworkError):
    """The server did not take the request, so it can be made again without being carried out twice."""


class Connection(HTTPXRequest):
    """An HTTPXRequest that tells what was not taken, and logs an outage once when it begins and once when it ends."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reachable = True
        """Whether the last request got through."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """The status and body of the response; raises NotTaken or NetworkError where there is none."""
        try:
            status, body = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            self._note_outage(error)
            if isinstance(error.__cause__, _NOT_SENT):
                raise NotTaken(error.message) from error
            raise
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._note_outage(f"status {status}")
            if status in _NOT_TAKEN:
                raise NotTaken(f"status {status}")
        elif not self.reachable:
            self.reachable = True
            _log.warning("Telegram can be reached again")
        return status, body

    def _note_outage(self, reason: object) -> None:
        if self.reachable:
            self.reachable = False
            _log.warning("Telegram cannot be reached, trying again until it can (%s)", reason)


class Polling(Connection):
    """The connection that fetches updates.

    The library stops fetching for good, and goes on running, when the token is refused halfway through;
    this calls `when_refused` instead, and passes the refusal on as an outage.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.refused = False
        self.when_refused: Callable[[], None] | None = None

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """The status and body of the response; raises NetworkError without one, TokenRefused at 401."""
        status, body = await super().do_request(*args, **kwargs)
        if status == HTTPStatus.NOT_FOUND:
            # The library takes that for a refused token too, but by now the token has been accepted.
            self._note_outage(f"status {status}")
            raise NetworkError(f"status {status}")
        if status != HTTPStatus.UNAUTHORIZED:
            return status, body
        self.refused = True
        if self.when_refused:
            self.when_refused()
        raise TokenRefused("the token was refused")


@contextmanager
def leaving_out_unreadable() -> Iterator[None]:
    """Have the library take of an update that it cannot read what is essential, for the duration of the block.

    What cannot be read even so is taken for an update that tells nothing.

    By itself it asks for such an update again and again, and for nothing that came later. At a webhook it refuses the
    update, so that Telegram delivers it again and again. Neither can be taught otherwise but at the place where both
    of them read.
    """
    own = vars(Update)["de_json"]
    read = Update.de_json

    def read_or_leave_out(data: dict[str, Any], bot: Bot | None = None) -> Update:
        with suppress(*_UNREADABLE):
            return read(data, bot)
        try:
            return read(essential(data), bot)
        except _UNREADABLE as error:
            # By its kind only: what it says of an update may hold names and what was said.
            _log.error("an update cannot be read and is left out (%s)", type(error).__name__)
            return Update(data["update_id"])

    Update.de_json = staticmethod(read_or_leave_out)  # type: ignore[method-assign]
    try:
        yield
    finally:
        Update.de_json = own  # type: ignore[method-assign]


@contextmanager
def refusing_what_is_no_json() -> Iterator[None]:
    """Have the webhook refuse as a bad request, not fail on, what is no JSON, for the duration of the block."""
    post = TelegramHandler.post

    async def post_or_refuse(handler: TelegramHandler) -> None:
        try:
            await post(handler)
        except (ValueError, RecursionError) as error:
            raise HTTPError(HTTPStatus.BAD_REQUEST) from error

    TelegramHandler.post = post_or_refuse  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        TelegramHandler.post = post  # type: ignore[method-assign]
