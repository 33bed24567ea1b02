"""Marks that begin a line and that Markdown with extensions takes away: boxes of tasks, alerts, containers."""

from __future__ import annotations

import re
from html import escape

_LINES = re.compile(
    r"""^[ \t]*(?:\[TOC\]|\[\[_?toc_?\]\]|@\[toc\].*|\*\ TOC)[ \t]*$
      | ^[ \t]*(?:[-*+]|\d{1,9}\.)[ \t]+\S.*\n[ \t]*\{:toc[^}\n]*\}          # kramdown's table of contents,
      | ^\^[ \t]*$                                                      # its end of a block,
      | ^\*\[[^\]\n]{1,80}\]:.*$                                        # and its abbreviations
      | ^(?P<task>[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]{1,4})\[[ xX]\][ \t]     # GitHub's boxes of tasks,
      | ^(?P<alert>[ \t]*(?:>[ \t]*)+)\[![\w|-]{1,40}\][+-]?(?P<alerted>.*)$   # and its alerts
      | ^(?P<table>[ ]{0,3}\|.*\n[ ]{0,3}\|?[ \t]*:?-+:?[ \t]*\|[-:| \t]*)$   # and a table below an item of a list
      | ^import\s[^'"\n;]{0,300}\sfrom\s["'][^"'\n]{1,300}["'];?[ \t]*$       # Docusaurus
      | ^[ \t]*:{3,}[ \t]*(?:[\w-]+)?[ \t]*(?P<container>.*)$             # containers of markdown-it
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
"""Marks that stand at the beginning of a line."""
_ATTRIBUTES = re.compile(r"\{(?:[^{}]*?\btitle=\"([^\"{}]*)\")?[^{}]*\}")
"""VitePress: `::: details title {open}`; Quarto: `::: {.callout-note title="title"}`; MyST: `:::{note} title`."""
_BRACKETED = re.compile(r"\A\[(.*)\]\Z")
"""Docusaurus: `:::note[title]`."""


def without_marks(text: str) -> str:
    """`text`, in which nothing is code, without such marks; titles that stand behind them stay."""
    return _LINES.sub(_without_mark, text)


def _without_mark(match: re.Match[str]) -> str:
    if match["task"]:
        return match["task"]
    if match["alert"]:
        title = match["alerted"].strip()
        return match["alert"] + (f"<strong>{escape(title, quote=False)}</strong><br>" if title else "")
    if match["table"]:
        return f"\n{match['table']}"
    if match["container"] is None:
        return ""
    title = _BRACKETED.sub(r"\1", _ATTRIBUTES.sub(r"\1", match["container"]).strip())
    return f"\n{title}\n"
