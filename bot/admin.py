"""What the bot does with the commands of its administrators; they are short figures, the same in every language."""

from __future__ import annotations

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.addressing import Given
from bot.delivery import send
from bot.replies import said
from bot.service import AnyApplication, Context, Service


class Admin:
    """Answers /stats, /reload, /feedback; for everybody else they are unknown commands."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def register(self, application: AnyApplication) -> None:
        """Have the application call these handlers where an administrator speaks."""
        own = filters.UpdateType.MESSAGE & filters.User(user_id=self._service.admins)
        for name, handler in {"stats": self.stats, "reload": self.reload, "feedback": self.feedback}.items():
            application.add_handler(MessageHandler(own & Given(name), handler))

    async def stats(self, update: Update, _: Context) -> None:
        """Answer /stats: questions since the start."""
        if update.message is None:
            return
        counts = self._service.metrics.counts()
        lines = [f"{outcome}: {count:,}" for outcome, count in counts.of.items()]
        lines.append(f"under way: {self._service.searches.under_way}")
        await send(update.message, said("\n".join([f"hours: {counts.hours:.1f}", *lines])))

    async def reload(self, update: Update, _: Context) -> None:
        """Answer /reload: look for a new generation of the index, and say which one is live."""
        if update.message is None:
            return
        info = await self._service.searches.note(self._service.conversation.retriever.about)
        lines = [f"generation: {info.generation}", f"created: {info.created}", f"articles: {info.articles:,}"]
        await send(update.message, said("\n".join([*lines, f"passages: {info.passages:,}", f"model: {info.model}"])))

    async def feedback(self, update: Update, _: Context) -> None:
        """Answer /feedback: how answers were judged."""
        if update.message is None:
            return
        tally = await self._service.searches.note(self._service.conversation.feedback.tally)
        await send(update.message, said(f"right: {tally.right:,}\nwrong: {tally.wrong:,}"))
