"""`article-bot`: the one place where settings, index and conversation come together."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeAlias

from bot.console import console_language, converse
from bot.credentials import exposed
from bot.errors import BotError, UnusableOutput
from bot.memory import share_heaps
from bot.retrieving import Retrieving
from bot.searches import take_short_turns
from bot.settings import Settings, data_folder, passwords_in
from embeddings.errors import EncoderError
from retrieval.commands.run import NO_MEMORY, Parser, complain, mend_streams
from retrieval.commands.settings import embedding_model, index_dir, setting
from retrieval.errors import RetrievalError
from retrieval.indexing.address import Address

_log = logging.getLogger(__name__)
Opener: TypeAlias = Callable[[Address], AbstractContextManager[Retrieving]]


def open_retriever(index: Address) -> AbstractContextManager[Retrieving]:
    """The retriever on an index; raises RetrievalError or EncoderError where it cannot be used."""
    from embeddings.model import load_encoder  # both load the model runtime
    from retrieval.searching.retriever import Retriever

    name = embedding_model()
    return Retriever.open(index, encoder=load_encoder(name) if name else None)


def main(argv: Sequence[str] | None = None, *, opener: Opener = open_retriever) -> int:
    """Run the bot; 0 when it was told to stop, 1 with one line on stderr when it cannot run."""
    options = _parser().parse_args(argv)
    mend_streams()
    try:
        if options.console:
            _in_terminal(opener)
        else:
            _in_telegram(opener, debug=options.debug)
    except (BotError, EncoderError, RetrievalError) as error:
        complain("article-bot", str(error))
        return 1
    except MemoryError:
        complain("article-bot", NO_MEMORY)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> Parser:
    parser = Parser(
        prog="article-bot",
        description="Answer questions about the indexed articles, in Telegram or in a terminal.",
        epilog="Settings, in the environment or in .env: TELEGRAM_BOT_TOKEN (from @BotFather) or "
        "TELEGRAM_BOT_TOKEN_FILE (a file that holds it), INDEX_DIR, "
        "ALLOWED_CHATS (chat ids, separated by commas), ADMINS (user ids), BOT_DATA (a folder of its own), "
        "STATE_URL (postgresql://..., instead of that folder, shared by several processes), "
        "WEBHOOK_URL, WEBHOOK_SECRET, WEBHOOK_PORT, METRICS_PORT, LISTEN (the address of both ports), "
        "TELEGRAM_BASE_URL (another Bot API server).",
    )
    parser.add_argument("--console", action="store_true", help="answer here, one question a line; needs no token")
    parser.add_argument("--debug", action="store_true", help="log every step; the token is blanked out")
    return parser


def _in_telegram(opener: Opener, *, debug: bool) -> None:
    share_heaps()
    take_short_turns()
    settings = Settings.read(setting).with_secret()
    # Before Telegram's library is there to handle it, the signal would end the program with a failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from bot.application import serve  # Telegram's library
    from bot.logs import start_logging

    passwords = (*passwords_in(settings.base_url), *passwords_in(settings.state_url))
    start_logging(settings.token, settings.webhook_secret, *passwords, debug=debug)
    file = exposed(setting)
    if file:
        _log.warning(
            "other people of this machine can read the token in %s; close it to them: chmod 600 %s", file, file
        )
    with opener(index_dir()) as retriever:
        serve(settings, retriever)


def _in_terminal(opener: Opener) -> None:
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    with opener(index_dir()) as retriever:
        try:
            converse(retriever, data_folder(setting), sys.stdin, sys.stdout, console_language(os.environ))
        except OSError as exc:
            # The interpreter's own flush shall go nowhere. Behind a broken pipe somebody has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if not isinstance(exc, BrokenPipeError):
                raise UnusableOutput(exc.strerror or str(exc)) from exc


if __name__ == "__main__":
    sys.exit(main())
