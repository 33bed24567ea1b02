"""Front matter values as the text a site generator makes of them."""

from __future__ import annotations

import math
from datetime import date

from retrieval.reading.links.link import NoAddress


def text_of(value: object, name: str) -> str:
    """`value` as JavaScript, Ruby and Go print it alike; `name` is for the message.

    Raises NoAddress where YAML readers disagree on it (`no` is False here and a word to Hexo), or where the
    text depends on the building machine (dates).
    """
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, list):
        return ",".join("" if item is None else text_of(item, name) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return _number(value, name)
    kind = "a date" if isinstance(value, date) else "a field" if isinstance(value, dict) else "true or false"
    raise NoAddress(f"the address is made of {name}, which is not text but {kind}; put it in quotes")


def title_of(value: object) -> str:
    """A title as text: as `text_of`, but a whole number is refused, too.

    `1:20` reads 80 in YAML 1.1 (Python, Ruby) and stays as it is in YAML 1.2 (Hexo, Hugo).
    """
    if isinstance(value, int) and not isinstance(value, bool):
        raise NoAddress("the address is made of the title, which is a number; put it in quotes")
    return text_of(value, "the title")


def _number(value: float, name: str) -> str:
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    if "e" in text:
        raise NoAddress(f"the address is made of {name}, a number that is written in several ways; put it in quotes")
    return text
