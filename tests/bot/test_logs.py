"""The log, and the token that is never in it."""

import logging
import sys
import threading
from collections.abc import Iterator

import httpx
import pytest
from telegram.error import InvalidToken, NetworkError

from bot.logs import Redacted, start_logging

TOKEN = "4711:Secret-part_of_it"
URL = f"https://api.telegram.org/bot{TOKEN}/getMe"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root, names = logging.getLogger(), ("bot", "httpx", "httpcore")
    before = root.handlers[:], root.level, [logging.getLogger(name).level for name in names]
    hooks = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(False)
    root.handlers[:], level, levels = before
    root.setLevel(level)
    for name, own in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(own)


def raised(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except Exception as exc:  # noqa: BLE001  (any error is what is to be logged)
        return logging.LogRecord("x", logging.ERROR, "x.py", 1, "it failed", None, (type(exc), exc, exc.__traceback__))


@pytest.mark.parametrize(
    "record",
    [
        logging.LogRecord("x", logging.INFO, "x.py", 1, f"POST {URL}", None, None),
        logging.LogRecord("x", logging.INFO, "x.py", 1, "POST %s", (httpx.URL(URL),), None),
        logging.LogRecord("x", logging.INFO, "x.py", 1, "POST %s", (URL.replace(":Sec", "%3ASec"),), None),
        raised(ValueError(URL)),
        raised(InvalidToken(f"The token `{TOKEN}` was rejected")),
    ],
)
def test_the_token_is_blanked_out_wherever_it_stands(record: logging.LogRecord) -> None:
    line = Redacted(TOKEN).format(record)
    assert "Secret" not in line
    assert "[token]" in line


def test_only_the_programs_own_errors_bring_a_traceback() -> None:
    assert "Traceback" in Redacted(TOKEN).format(raised(ValueError("bug")))
    assert "Traceback" not in Redacted(TOKEN).format(raised(NetworkError("out of reach")))


@pytest.mark.parametrize("debug", [False, True])
def test_http_traffic_is_not_logged_at_any_level(capsys: pytest.CaptureFixture[str], debug: bool) -> None:
    start_logging(TOKEN, debug=debug)
    logging.getLogger("httpx").info("POST %s", URL)
    logging.getLogger("httpcore.http11").debug("send_request_headers %s", URL)
    logging.getLogger("bot.application").info("started")
    logging.getLogger("telegram.ext").error("aborting", exc_info=InvalidToken("refused"))
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(" INFO ")[2] for line in lines] == ["bot.application: started"]


def test_what_nobody_caught_is_logged_without_the_token(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(TOKEN, "another secret", debug=False)
    try:
        raise ValueError(f"{URL} another secret")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    shown = capsys.readouterr().err
    assert "the program failed" in shown
    assert "Secret" not in shown
    assert "another secret" not in shown


def test_an_update_that_cannot_be_read_is_not_written_down(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(TOKEN, debug=False)
    try:
        raise KeyError("chat")
    except KeyError as error:
        data = {"message": {"from": {"first_name": "Zebulon"}}}
        logging.getLogger("telegram.ext.Updater").critical("Oh. Received data was: %r", data, exc_info=error)
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "KeyError" in shown
    assert "Zebulon" not in shown
