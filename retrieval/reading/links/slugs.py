"""Text as a path segment, the way each generator makes it."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

_SPECIAL = re.compile(r"""[\s\ufeff~`!@#$%^&*()\-_+=\[\]{}|\\;:"'<>,.?/]+""")
_CONTROL = re.compile(r"[\x00-\x1f]")
_HEX_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


def slugize(text: str, case: int = 0) -> str:
    """Hexo: ASCII punctuation and blanks become one hyphen, Latin letters lose their marks.

    `case` is Hexo's `filename_case`: 0 keeps, 1 lowers, 2 raises. Source: hexo-util, slugize.
    """
    slug = _SPECIAL.sub("-", _CONTROL.sub("", text.translate(_diacritics()))).strip("-")
    return {1: slug.lower(), 2: slug.upper()}.get(case, slug)


@cache
def _diacritics() -> dict[int, str]:
    table: dict[str, str] = json.loads(Path(__file__).with_name("diacritics.json").read_text("utf-8"))
    return {ord(letter): base for base, letters in table.items() for letter in letters}


def slugify(text: str, *, pretty: bool = False, keep_case: bool = False) -> str:
    """Jekyll: each run of other than letters, marks and digits becomes one hyphen.

    `pretty` keeps `._~!$&'()+,;=@` as well. Source: jekyll, Utils.slugify.
    """
    kept = "._~!$&'()+,;=@" if pretty else ""
    marked = "".join(char if char in kept or _is_word(char) else "\0" for char in text)
    slug = re.sub("\0+", "-", marked)
    slug = slug.removeprefix("-").removesuffix("-")
    return slug if keep_case else slug.lower()


def _is_word(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"


def sanitize(text: str) -> str:
    """Hugo: blanks become a hyphen where none stands beside them; what is not allowed in a path is dropped.

    Source: hugo, common/paths, Sanitize.
    """
    out: list[str] = []
    pending = False
    for at, char in enumerate(text):
        if _is_path_character(text, at):
            if pending and char != "-":
                out.append("-")
            pending = False
            out.append(char)
        elif out and out[-1] != "-" and char.isspace():
            pending = True
    return "".join(out)


def _is_path_character(text: str, at: int) -> bool:
    char = text[at]
    if char == "%":
        return _HEX_ESCAPE.match(text, at) is not None
    return char in "._-/\\#+~@" or _is_word(char)


def without_accents(text: str) -> str:
    """Hugo's `removePathAccents`: marks of decomposed letters are dropped."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c) != "Mn"))
