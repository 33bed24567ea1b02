"""What the bot does with its commands besides asking."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.addressing import Given, after_command, identity
from bot.conversation import Asker
from bot.languages.language import Language
from bot.replies import Reply, choice_of_language, said
from bot.service import AnyApplication, Context, Service
from bot.subscriptions import TOPICS, stated

Handler: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]
Work: TypeAlias = Callable[[str, Asker, int], Reply]
"""From what stands behind a command, who gave it, and the identity of its message, to the reply."""


class Commands:
    """Answers /search, /latest, /categories, /about, /language, /pictures, /subscribe, /unsubscribe."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def register(self, application: AnyApplication) -> None:
        """Have the application call these handlers."""
        conversation = self._service.conversation
        searched: dict[str, Work] = {
            "search": lambda text, asker, asked: conversation.search(text, asker, asked=asked),
            "latest": lambda text, asker, asked: conversation.latest(text, asker, asked=asked),
            "categories": lambda _, asker, __: conversation.contents.categories(asker.language),
            "about": lambda _, asker, __: conversation.contents.about(asker.language),
        }
        for name, work in searched.items():
            application.add_handler(_on(name, self._answer_with(work)))
        application.add_handler(_on("language", self.language))
        application.add_handler(_on("pictures", self.pictures))
        application.add_handler(_on("subscribe", self.subscribe))
        application.add_handler(_on("unsubscribe", self.unsubscribe))

    async def language(self, update: Update, _: Context) -> None:
        """Answer /language with a button for each."""
        if update.message:
            await self._service.send(update.message, choice_of_language(self._service.asker(update).language))

    async def pictures(self, update: Update, _: Context) -> None:
        """Answer /pictures: a chat that had pictures has them no more, and the other way round."""
        message = update.message
        if message is None:
            return
        asker, preferences = self._service.asker(update), self._service.preferences
        wanted = not preferences.wants_pictures(asker.chat)
        await self._service.searches.note(lambda: preferences.show_pictures(asker.chat, wanted))
        await self._service.send(message, said(asker.language.pictures_on if wanted else asker.language.pictures_off))

    async def subscribe(self, update: Update, _: Context) -> None:
        """Answer /subscribe TOPIC."""
        message = update.message
        if message is None:
            return
        asker, topic = self._service.asker(update), stated(after_command(message))
        thread = message.message_thread_id if message.is_topic_message else None

        def add() -> bool:
            tag = asker.language.tags[0]
            return self._service.subscriptions.add(asker.chat, topic, language=tag, thread=thread)

        await self._service.send(message, said(await self._subscribed(topic, asker.language, add)))

    async def unsubscribe(self, update: Update, _: Context) -> None:
        """Answer /unsubscribe TOPIC; where the chat has but one, /unsubscribe will do."""
        message = update.message
        if message is None:
            return
        asker, topic = self._service.asker(update), stated(after_command(message))
        words = await self._service.searches.note(lambda: self._unsubscribed(asker, topic))
        await self._service.send(message, said(words))

    def _answer_with(self, work: Work) -> Handler:
        async def handle(update: Update, _: Context) -> None:
            message = update.message
            if message is None:
                return
            asker, text, asked = self._service.asker(update), after_command(message), identity(message)
            await self._service.reply(message, asker, lambda: work(text, asker, asked))

        return handle

    async def _subscribed(self, topic: str, language: Language, add: Callable[[], bool]) -> str:
        if not topic:
            return language.subscribe_usage
        if await self._service.searches.note(add):
            return language.subscribed.format(topic=topic)
        return language.too_many_topics.format(limit=TOPICS)

    def _unsubscribed(self, asker: Asker, topic: str) -> str:
        subscriptions, language = self._service.subscriptions, asker.language
        topics = subscriptions.topics(asker.chat)
        wanted = topic or (topics[0] if len(topics) == 1 else "")
        if wanted and subscriptions.remove(asker.chat, wanted):
            return language.unsubscribed.format(topic=wanted)
        if not topics:
            return language.no_topics
        return language.not_subscribed.format(topics=language.between.join(topics))


def _on(command: str, handler: Handler) -> MessageHandler[Context, None]:
    return MessageHandler(filters.UpdateType.MESSAGE & Given(command), handler)
