"""Markdown bodies as lines of visible text: rendered to HTML, then read like any other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_LIST = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])\s")
_INDENTED = re.compile(r"^(?: {4}| {0,3}\t)")
_CODE_OPEN = re.compile(
    r"\{\{[<%]\s*highlight\b[^}]{0,200}[>%]\}\}|\{%-?\s*(?:highlight|codeblock|code)\b[^%]{0,200}%\}"
)
_CODE_CLOSE = re.compile(r"\{\{[<%]\s*/\s*highlight\s*[>%]\}\}|\{%-?\s*end(?:highlight|codeblock|code)\s*-?%\}")
_MARKED = re.compile(r"\{|\* TOC|\[[ x]\]|\[toc\]", re.IGNORECASE)
"""Without one of these a body has nothing to remove."""
_TAGGED = "\n~~~~~~\n"
"""What a highlight tag becomes."""
_TOC = re.compile(r"^[ \t]*(?:\[TOC\]|\[\[toc\]\]|@\[toc\].*|\* TOC)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_TASK = re.compile(r"^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]{1,4})\[[ xX]\][ \t]", re.MULTILINE)
_TAG = re.compile(
    r"""(?P<code>(?<!`)(?P<ticks>`{1,9})(?!`).{1,1000}?(?<!`)(?P=ticks)(?!`))   # left as it is
      | \{%-?\s*raw\s*-?%\}(?P<raw>.{0,5000}?)\{%-?\s*endraw\s*-?%\}
      | \{%-?\s*comment\s*-?%\}.{0,5000}?\{%-?\s*endcomment\s*-?%\}             # Liquid
      | \{::comment\}.{0,5000}?\{:/(?:comment)?\}                               # kramdown
      | \{\{[<%]\s*figure\s(?P<figure>[^{}]{0,1000}?)/?\s*[>%]\}\}            # Hugo
      | \{\{[<%].{0,1000}?[>%]\}\}
      | (?<!\$)\{\{.{0,1000}?\}\}                                               # Nunjucks and Liquid; not ${{CI}}
      | \{%.{0,1000}?%\}
      | \{\#.{0,1000}?\#\}
      | \{:(?:/|:|\s?[.\#:\w])[^{}\n]{0,500}\}                                  # kramdown attributes
      | (?<=\S)[ \t]{0,9}\{[\#.][\w-][^{}\n]{0,500}\}[ \t]*$                    # attributes of a heading
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_CAPTION = re.compile(r"\b(?:title|caption)\s*=\s*(?:\"([^\"]*)\"|`([^`]*)`|'([^']*)')")


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    engine = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return engine.use(footnote_plugin).use(deflist_plugin)


def render(body: str) -> str:
    """HTML of a Markdown body, without the site generators' own tags."""
    return str(_renderer().render(without_tags(body)))


def without_tags(body: str) -> str:
    """`body` without Hugo shortcodes, Hexo and Jekyll tags and kramdown attributes; code is left alone.

    A highlight tag pair becomes a fence, a figure its captions, and what stands in a raw pair stays.
    """
    if not _MARKED.search(body):
        return body
    stretches = groupby(_marked(body.split("\n")), key=itemgetter(0))
    texts = ((is_code, "\n".join(line for _, line in run)) for is_code, run in stretches)
    return "\n".join(text if is_code else _TAG.sub(_untagged, _without_boxes(text)) for is_code, text in texts)


def _marked(lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Whether each line is of a block of code, and the line.

    Such a block is fenced, between highlight tags, or indented behind a blank line outside of a list.
    """
    fence = ""
    after_blank, in_list = True, False
    for line in lines:
        tag = None if fence else _CODE_OPEN.search(line)
        mark = _FENCE.match(line)
        indented = after_blank and not in_list and bool(_INDENTED.match(line))
        is_code = bool(fence or tag or mark or indented)
        if tag or fence == _TAGGED:
            fence = "" if _CODE_CLOSE.search(line) else _TAGGED
            line = _CODE_CLOSE.sub(_TAGGED, _CODE_OPEN.sub(_TAGGED, line))
        elif mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        yield is_code, line
        after_blank = indented or not line.strip()
        if line.strip() and not line.startswith((" ", "\t")):
            in_list = bool(_LIST.match(line))


def _without_boxes(text: str) -> str:
    """`text` without marks for a table of contents, nor the boxes of a list of tasks."""
    return _TASK.sub(r"\1", _TOC.sub("", text))


def _untagged(match: re.Match[str]) -> str:
    if match["code"]:
        return match[0]
    if match["figure"]:
        captions = (escape("".join(found)) for found in _CAPTION.findall(match["figure"]))
        return f"<br><br>{'<br>'.join(captions)}<br><br>"
    return match["raw"] or ""
