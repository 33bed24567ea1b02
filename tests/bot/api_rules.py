"""What the Bot API refuses besides texts: buttons, previews, menus and inline results out of their limits."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import Any

from tdlib import Parsed, Refused, checked, parse_html

_CALLBACK_BYTES = 64
_BUTTONS = 100
_A_ROW = 8
_RESULTS = 50
_COMMANDS = 100
_SCOPES = ("default", "all_private_chats", "all_group_chats", "chat")


def text_of(arguments: dict[str, Any], name: str = "text") -> Parsed:
    """The text as people see it."""
    text, mode = str(arguments.get(name, "")), arguments.get("parse_mode")
    if mode and "entities" in arguments:
        raise Refused("Bad Request: parse_mode and entities exclude each other")
    if mode not in (None, "HTML"):
        raise Refused("Bad Request: unsupported parse_mode")
    return parse_html(text) if mode else checked(Parsed(text, ()))


def check_buttons(arguments: dict[str, Any]) -> None:
    """Each button has a label and exactly one thing to do."""
    rows = arguments.get("reply_markup", {}).get("inline_keyboard", [])
    if sum(map(len, rows)) > _BUTTONS or any(not 1 <= len(row) <= _A_ROW for row in rows):
        raise Refused("Bad Request: reply markup is too long")
    for button in (button for row in rows for button in row):
        if not legible(button.get("text", "")):
            raise Refused("Bad Request: text buttons are empty")
        if ("callback_data" in button) == ("url" in button):
            raise Refused("Bad Request: BUTTON_TYPE_INVALID")
        if not 1 <= len(button.get("callback_data", "-").encode()) <= _CALLBACK_BYTES:
            raise Refused("Bad Request: BUTTON_DATA_INVALID")
        if "url" in button:
            _check_address(button["url"], "BUTTON_URL_INVALID")


def check_preview(arguments: dict[str, Any]) -> None:
    """A preview is disabled or of an address."""
    options = arguments.get("link_preview_options", {})
    if options.get("url"):
        _check_address(options["url"], "wrong link preview URL")


def check_menu(arguments: dict[str, Any]) -> None:
    """Names, descriptions, scope and language of a menu of commands."""
    if len(arguments["commands"]) > _COMMANDS:
        raise Refused("Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in arguments["commands"]:
        name, description = command["command"], command["description"]
        if not (name.isascii() and name.islower() and 1 <= len(name) <= 32 and 1 <= len(description) <= 256):
            raise Refused("Bad Request: BOT_COMMAND_INVALID")
    if arguments.get("scope", {"type": "default"})["type"] not in _SCOPES:
        raise Refused("Bad Request: unsupported scope")
    if len(arguments.get("language_code", "")) not in (0, 2):
        raise Refused("Bad Request: LANG_CODE_INVALID")


def check_results(arguments: dict[str, Any]) -> None:
    """Inline results: few enough, told apart by short ids, each with a message that could be sent."""
    results = arguments["results"]
    ids = [result["id"] for result in results]
    if len(results) > _RESULTS or len(ids) != len(set(ids)):
        raise Refused("Bad Request: RESULTS_TOO_MUCH or RESULT_ID_DUPLICATE")
    for result in results:
        if not 1 <= len(result["id"].encode()) <= 64 or not result["title"].strip():
            raise Refused("Bad Request: RESULT_ID_INVALID or ARTICLE_TITLE_EMPTY")
        if result.get("thumbnail_url"):
            _check_address(result["thumbnail_url"], "WEBDOCUMENT_URL_INVALID")
        content = result["input_message_content"]
        text_of(content, "message_text")
        check_preview(content)
    start = arguments.get("button", {}).get("start_parameter", "x")
    if not (1 <= len(start) <= 64 and start.replace("_", "").replace("-", "").isalnum()):
        raise Refused("Bad Request: START_PARAM_INVALID")


def legible(text: str) -> bool:
    """Whether a label shows anything."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


def _check_address(url: str, words: str) -> None:
    """TDLib opens the address: in a text it would drop the link, in a button it refuses the message."""
    if not parse_html(f'<a href="{escape(url)}">x</a>').links():
        raise Refused(f"Bad Request: {words}")
