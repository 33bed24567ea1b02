"""The essence of an update: what the bot goes by, without what an older or a newer server may tell otherwise."""

from __future__ import annotations

from typing import Any

_MESSAGES = ("message", "edited_message")
_OF_A_MESSAGE = (
    "message_id",
    "date",
    "edit_date",
    "chat",
    "from",
    "sender_chat",
    "via_bot",
    "message_thread_id",
    "is_topic_message",
    "is_automatic_forward",
    "media_group_id",
    "text",
    "entities",
    "caption",
    "caption_entities",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)
_QUOTED = ("reply_to_message", "pinned_message")
_OUT = ("left", "kicked")


def essential(update: dict[str, Any]) -> dict[str, Any]:
    """An update of the Bot API with no more than the words of its message, or who came and went."""
    cut = {kind: _message(update[kind]) for kind in _MESSAGES if kind in update}
    if "callback_query" in update:
        cut["callback_query"] = _press(update["callback_query"])
    if "my_chat_member" in update:
        cut["my_chat_member"] = _change(update["my_chat_member"])
    return {**update, **cut}


def _message(message: dict[str, Any]) -> dict[str, Any]:
    quoted = {name: _words(message[name]) for name in _QUOTED if name in message}
    return {**_words(message), **quoted}


def _words(message: dict[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in _OF_A_MESSAGE if name in message}


def _press(query: dict[str, Any]) -> dict[str, Any]:
    return {**query, "message": _message(query["message"])} if "message" in query else query


def _change(change: dict[str, Any]) -> dict[str, Any]:
    return {**change, **{name: _member(change[name]) for name in ("old_chat_member", "new_chat_member")}}


def _member(member: dict[str, Any]) -> dict[str, Any]:
    return {"user": member["user"], "status": "left" if member["status"] in _OUT else "member"}
