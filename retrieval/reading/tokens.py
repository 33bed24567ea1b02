"""Tokens of HTML, cut as browsers cut them (https://html.spec.whatwg.org/multipage/parsing.html#tokenization).

Written out, because the standard library's parser takes time that grows with the square of what is left open, and an
article is anyone's text; and because what it reads differs between Python releases and from what a browser shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from sys import intern
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Start:
    """A start tag."""

    name: str
    written: str = ""
    """Its attributes as they are written."""


@dataclass(frozen=True, slots=True)
class End:
    """An end tag."""

    name: str


Token: TypeAlias = Start | End | str
"""A string is text, its entities decoded."""

_RAW = ("script", "style", "title", "textarea", "iframe", "noscript", "noembed", "noframes")
"""Elements in which tags are not read; only a title's text is told."""
_SWALLOWING = _RAW[:4]
"""Left open, these take the rest of the page with them; the others are then read as if they were empty."""
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}

_NAME = re.compile(r"[A-Za-z][^\s/>]*")
_UP_TO_VALUE = re.compile(r"[^>=]*")
_VALUE = re.compile(r"=\s*(?:([\"'])|[^\s>]*)")
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(r"([^\s=/\"'>][^\s=/>]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*)))?")
_ENDLESS_NUMBER = re.compile(r"&#\d{8,};?")


def tokens(markup: str) -> Iterator[Token]:
    """The tokens of `markup`, in order, in linear time; comments, doctypes and instructions are left out."""
    return _Scanner(markup).tokens()


def attributes(written: str) -> Mapping[str, str]:
    """The attributes of a start tag by their lower-case names; the first of a doubled one counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        found.setdefault(match[1].lower(), decoded(match[2] or match[3] or match[4] or ""))
    return found


def decoded(text: str) -> str:
    """`text` with its entities as the characters they stand for."""
    if "&" not in text:
        return text
    # Python refuses to make a number of more than some thousand digits.
    return unescape(_ENDLESS_NUMBER.sub("\ufffd", text) if "&#" in text else text)


@dataclass(slots=True)
class _Scanner:
    markup: str
    at: int = 0
    endless: set[str] = field(default_factory=set)
    """Raw elements that are known not to end any more."""

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.markup):
            tag = self.markup.find("<", self.at)
            text = self.markup[self.at : tag if tag >= 0 else None]
            if text:
                yield decoded(text)
            if tag < 0:
                return
            self.at = tag
            yield from self._tag()

    def _tag(self) -> Iterator[Token]:
        """What begins with the `<` at this place."""
        ends = self.markup.startswith("/", self.at + 1)
        name = _NAME.match(self.markup, self.at + 1 + ends)
        if name is None and (ends or self.markup.startswith(("!", "?"), self.at + 1)):
            self.at = self._behind_comment()
        elif name is None:
            self.at += 1
            yield "<"
        else:
            end = self._tag_end(name.end())
            self.at = end + 1
            # An unfinished tag is not shown, nor anything behind it.
            if end < len(self.markup):
                lower = intern(name[0].lower())
                yield End(lower) if ends else Start(lower, self.markup[name.end() : end])
                if lower in _RAW_END and not ends:
                    yield from self._raw(lower)

    def _tag_end(self, at: int) -> int:
        """Where the `>` of a tag is, outside of quoted values."""
        while (plain := _UP_TO_VALUE.match(self.markup, at)) and (value := _VALUE.match(self.markup, plain.end())):
            at = value.end()
            if value[1]:
                at = self.markup.find(value[1], at) + 1 or len(self.markup)
        return plain.end() if plain else at

    def _behind_comment(self) -> int:
        """Behind the comment, doctype or instruction at this place."""
        if not self.markup.startswith("<!--", self.at):
            return self.markup.find(">", self.at) + 1 or len(self.markup)
        if self.markup.startswith((">", "->"), self.at + 4):
            return self.markup.index(">", self.at) + 1
        end = _COMMENT_END.search(self.markup, self.at + 4)
        return end.end() if end else len(self.markup)

    def _raw(self, name: str) -> Iterator[Token]:
        end = None if name in self.endless else _RAW_END[name].search(self.markup, self.at)
        if end is None and name not in _SWALLOWING:
            self.endless.add(name)
        else:
            start, stop = self.at, end.start() if end else len(self.markup)
            self.at = (self.markup.find(">", stop) + 1 if end else 0) or len(self.markup)
            if name == "title":
                yield decoded(self.markup[start:stop])
        yield End(name)
