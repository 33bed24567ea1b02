"""What the Bot API refuses besides texts: buttons, previews, menus and inline results out of their limits."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tdlib import Parsed, Refused, checked, parse_html

_CALLBACK_BYTES = 64
_BUTTONS = 100
_A_ROW = 8
_RESULTS = 50
_SCOPES = ("default", "all_private_chats", "all_group_chats", "chat")


def text_of(arguments: dict[str, Any], name: str = "text") -> Parsed:
    """The text as people see it."""
    text, mode = str(arguments.get(name, "")), arguments.get("parse_mode")
    if mode not in (None, "HTML"):
        raise Refused("Bad Request: unsupported parse_mode")
    return parse_html(text) if mode else checked(Parsed(text, ()))


def check_buttons(arguments: dict[str, Any]) -> None:
    """Each button has a label and exactly one thing to do."""
    rows = arguments.get("reply_markup", {}).get("inline_keyboard", [])
    if sum(map(len, rows)) > _BUTTONS or any(not 1 <= len(row) <= _A_ROW for row in rows):
        raise Refused("Bad Request: reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button.get("text", "").strip():
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
        content = result["input_message_content"]
        text_of(content, "message_text")
        check_preview(content)
    start = arguments.get("button", {}).get("start_parameter", "x")
    if not (1 <= len(start) <= 64 and start.replace("_", "").replace("-", "").isalnum()):
        raise Refused("Bad Request: START_PARAM_INVALID")


def _check_address(url: str, words: str) -> None:
    address = urlsplit(url)
    if address.scheme.lower() not in ("http", "https", "tg") or not address.hostname or " " in url:
        raise Refused(f"Bad Request: {words}")
