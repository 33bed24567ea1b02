"""Answers from any chat: `@bot question`."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.constants import ParseMode
from telegram.ext import InlineQueryHandler

from bot.cards import card, named
from bot.delivery import preview
from bot.errors import Busy
from bot.languages.language import Language
from bot.markup import to_html, web_link
from bot.replies import PASSAGES, Reply
from bot.service import AnyApplication, Context, Service
from bot.text import clean, one_line, shortened
from retrieval.errors import BadQuestion, RetrievalError
from retrieval.records import Answer, Hit

CACHED_AT_MOST = 300
"""Seconds."""
CACHED_AT_LEAST = 5
_TITLE_LIMIT = 120
_SNIPPET_LIMIT = 200


class Inline:
    """Answers inline queries."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def register(self, application: AnyApplication) -> None:
        """Have the application call this handler."""
        application.add_handler(InlineQueryHandler(self.offer))

    async def offer(self, update: Update, _: Context) -> None:
        """Offer the passages that answer; nothing where none does, where too many ask, or where the index fails."""
        query = update.inline_query
        if query is None:
            return
        if query.offset:
            # Nothing goes on behind the first results.
            await query.answer([], cache_time=0, is_personal=True)
            return
        asker, retriever = self._service.asker(update), self._service.conversation.retriever
        created, found, failed = "", None, None
        try:
            created = await self._service.searches.note(lambda: retriever.about().created)
            found = await self._service.searches.run(asker.user, lambda: retriever.answer(query.query, PASSAGES))
        except Busy:
            self._service.metrics.count("busy")
        except BadQuestion:
            pass
        except RetrievalError as error:
            failed = error
        # A query is sent again with every letter typed, so only what was found is counted.
        await query.answer(
            offers(found, asker.language),
            cache_time=cache_seconds(created, datetime.now(timezone.utc)) if found else 0,
            is_personal=True,
            button=InlineQueryResultsButton(asker.language.ask_in_private, start_parameter="help"),
        )
        if failed:
            raise failed


def offers(answer: Answer | None, language: Language) -> list[InlineQueryResultArticle]:
    """A result for each passage, where they answer; its message is the whole answer."""
    if answer is None or not answer.answered:
        return []
    unique = {_id_of(hit): hit for hit in answer.hits}
    return [_offer(number, hit, language) for number, hit in unique.items()]


def cache_seconds(created: str, now: datetime) -> int:
    """How long results may be shown again: a tenth of the index's age, 300 s at most.

    When the next generation comes cannot be known; one that has lived long is likely to live on
    (https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2 does the same).
    """
    born = datetime.fromisoformat(created)
    age = (now - (born if born.tzinfo else born.replace(tzinfo=timezone.utc))).total_seconds()
    return int(min(CACHED_AT_MOST, max(CACHED_AT_LEAST, age / 10)))


def _offer(number: str, hit: Hit, language: Language) -> InlineQueryResultArticle:
    picture = web_link(hit.article.image)
    reply = Reply(tuple(card(hit, language)), picture=picture)
    start, end = hit.highlight or (0, len(hit.text))
    return InlineQueryResultArticle(
        id=number,
        title=shortened(named(hit.article), _TITLE_LIMIT),
        description=shortened(one_line(hit.text[start:end]), _SNIPPET_LIMIT),
        thumbnail_url=picture,
        input_message_content=InputTextMessageContent(
            to_html(reply.parts), parse_mode=ParseMode.HTML, link_preview_options=preview(reply)
        ),
    )


def _id_of(hit: Hit) -> str:
    return hashlib.sha256(clean(f"{hit.article.path}\n{hit.text}").encode()).hexdigest()[:32]
