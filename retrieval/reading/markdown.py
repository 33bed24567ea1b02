"""Markdown bodies as lines of visible text: rendered to HTML, then read like any other."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_CODE_OPEN = re.compile(r"\{\{[<%]\s*highlight\b[^}]*[>%]\}\}|\{%-?\s*(?:highlight|codeblock|code)\b[^%]*%\}")
_CODE_CLOSE = re.compile(r"\{\{[<%]\s*/\s*highlight\s*[>%]\}\}|\{%-?\s*end(?:highlight|codeblock|code)\s*-?%\}")
_TEMPLATE = re.compile(r"\{\{[<%].*?[>%]\}\}|\{%.*?%\}|\{#.*?#\}")
_ATTRIBUTES = re.compile(r"\{:\s?[.#:\w][^{}\n]*\}|(?<=\S)[ \t]*\{[#.][\w-][^{}\n]*\}[ \t]*$")
_TOC = re.compile(r"^\s*(?:\[TOC\]|\[\[toc\]\]|@\[toc\].*|\* TOC)\s*$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(footnote_plugin)


def render(body: str) -> str:
    """HTML of a Markdown body, without the site generators' own tags."""
    return str(_renderer().render(without_tags(body)))


def without_tags(body: str) -> str:
    """`body` without Hugo shortcodes, Hexo and Jekyll tags and kramdown attributes; code is left alone.

    A highlight tag pair becomes a fence.
    """
    kept: list[str] = []
    fence = ""
    for line in body.split("\n"):
        if not fence:
            line = _CODE_CLOSE.sub("\n```\n", _CODE_OPEN.sub("\n```\n", line))
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence:
            line = _strip(line)
        kept.append(line)
    return "\n".join(kept)


def _strip(line: str) -> str:
    if _TOC.match(line):
        return ""
    if "{" not in line or "\n```" in line:
        return line
    return _ATTRIBUTES.sub("", _TEMPLATE.sub("", line))
