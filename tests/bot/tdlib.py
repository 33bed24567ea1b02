"""Telegram's own parser: TDLib, which the Bot API server is built on, without the network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import tdjson

VISIBLE_LIMIT = 4096
RAW_LIMIT = 32_768
ENTITY_LIMIT = 100


class Refused(Exception):
    """The Bot API would answer 400 with this description."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A message as a client shows it."""

    text: str
    entities: tuple[dict[str, Any], ...]

    def shown(self, kind: str) -> list[str]:
        """The texts under entities of a kind, e.g. `Bold`."""
        raw = self.text.encode("utf-16-le")
        return [
            raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            for entity in self.entities
            if entity["type"]["@type"] == f"textEntityType{kind}"
        ]

    def links(self) -> list[str]:
        """The addresses behind linked texts."""
        return [entity["type"]["url"] for entity in self.entities if "url" in entity["type"]]


def parse_html(html: str) -> Parsed:
    """The message for a text in parse mode HTML; raises Refused where it breaks a rule of the Bot API."""
    if len(html.encode()) > RAW_LIMIT:
        raise Refused("Bad Request: text is too long")
    result = _execute("parseTextEntities", text=html, parse_mode={"@type": "textParseModeHTML"})
    if result["@type"] == "error":
        raise Refused(f"Bad Request: {result['message']}")
    return checked(Parsed(result["text"], tuple(result["entities"])))


def checked(message: Parsed) -> Parsed:
    """The message itself; raises Refused where it is empty, too long, or quotes inside a quote."""
    if not message.text.strip():
        raise Refused("Bad Request: message text is empty")
    if len(message.text.encode("utf-16-le")) // 2 > VISIBLE_LIMIT:
        raise Refused("Bad Request: message is too long")
    if len(message.entities) > ENTITY_LIMIT:
        raise Refused("Bad Request: too many entities")
    if _quotes_overlap(message):
        raise Refused("Bad Request: nested quotes")
    return message


def found_entities(text: str) -> list[dict[str, Any]]:
    """The commands and mentions Telegram finds in a plain text, in the Bot API's words."""
    kinds = {"textEntityTypeBotCommand": "bot_command", "textEntityTypeMention": "mention"}
    return [
        {"type": kinds[entity["type"]["@type"]], "offset": entity["offset"], "length": entity["length"]}
        for entity in _execute("getTextEntities", text=text)["entities"]
        if entity["type"]["@type"] in kinds
    ]


def _quotes_overlap(message: Parsed) -> bool:
    quotes = sorted(
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in message.entities
        if entity["type"]["@type"].endswith("BlockQuote")
    )
    return any(end > start for (_, end), (start, _) in pairwise(quotes))


def _execute(method: str, **arguments: Any) -> dict[str, Any]:
    answer = tdjson.td_execute(json.dumps({"@type": method, **arguments}).encode())
    return json.loads(answer)


_execute("setLogVerbosityLevel", new_verbosity_level=0)
