"""Markdown bodies as lines of visible text: rendered to HTML, then read like any other."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from retrieval.reading import admonitions
from retrieval.reading.elements import BLOCKS
from retrieval.reading.fences import marked, with_highlights
from retrieval.reading.marks import without_marks
from retrieval.reading.tags import left_by_comment, left_by_shortcode, left_by_tag

_MARKED = re.compile(
    r"[{$]|\* TOC|\[[ x]\]|\[toc\]|\*\*|\[!|:::|\*\[|\smarkdown\s*=|\[\[|%%|==|\s\^\w"
    r"|^(?:\^|import\s| {0,3}\||(?: {4}|\t)\s*<)",
    re.IGNORECASE | re.MULTILINE,
)
"""Without one of these a body has nothing to remove."""
_CODE_SPAN = r"""
    (?P<code>(?<!`)(?P<ticks>`{1,9})(?!`)
    (?:(?!\n[ \t]*(?:\n|(?:[-*+]|\#{1,6}|\d{1,9}[.)])[ \t])).){1,1000}?
    (?<!`)(?P=ticks)(?!`))
"""
"""Code within a paragraph; it goes on over a line break, but not over a blank line, a heading or an item of a list."""
_TAG = re.compile(
    _CODE_SPAN
    + r"""
      | (?P<math>\$\$[^`]{1,3000}?\$\$ | (?<!\\)\$(?=[^$\n`]{0,300}[\\^_])[^\s$`][^$\n`]{0,300}(?<![\s\\])\$(?!\d))
      | \{%-?\s*raw\s*-?%\}(?P<raw>.{0,5000}?)\{%-?\s*endraw\s*-?%\}
      | \{(?:%-?|\{[<%])\s*(?P<drawn>mermaid|wavedrom|echarts|chart|markmap|plantuml|graphviz)\b[^%}\n]{0,200}
        (?:%|[>%]\})\}(?P<diagram>.{0,5000}?)\{(?:%-?\s*end|\{[<%]\s*/\s*)(?P=drawn)\s*(?:-?%|[>%]\})\}
      | \{%-?\s*comment\s*-?%\}.{0,5000}?\{%-?\s*endcomment\s*-?%\}             # Liquid
      | \{::comment\}.{0,5000}?\{:/(?:comment)?\}                               # kramdown
      | \{\{(?P<escaped>[<%]/\*.{0,1000}?\*/[>%])\}\}                            # Hugo
      | \{\{[<%](?P<shortcode>.{0,1000}?)[>%]\}\}
      | (?<!\$)\{\{(?!-?\s{0,9}[.$]).{0,1000}?\}\}                               # Nunjucks and Liquid; not ${{CI}}
      | \{%(?P<tag>.{0,1000}?)%\}
      | \{\#.{0,1000}?\#\}
      | \{/\*.{0,1000}?\*/\}                                                    # Docusaurus
      | <!--\s{0,9}(?:tab|timeline)[ ](?P<tab>[^>\n]{1,200}?)\s{0,9}-->            # NexT, Butterfly
      | \{:(?:/|:|\s?(?:[.\#]\w|[\w-]{1,40}=))[^{}\n]{0,500}\}                  # kramdown attributes,
      | (?:^[ \t]*|(?<=[])>*_`]))\{:\s?[\w -]{1,100}\}                          # and names of those
      | (?P<link>\]\([^()\n]{0,500}\))\{[^{}\n]{0,200}=[^{}\n]{0,200}\}
      | (?<=\S)[ \t]{0,9}\{[\#.][\w-][^{}\n]{0,500}\}[ \t]*$                    # attributes of a heading
      | (?<![*\\])\*\*(?P<strong>[^*\s\\](?:[^*\n]{0,300}?[^*\s\\])?)\*\*(?!\*)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_NOTES = re.compile(
    _CODE_SPAN
    + r"""
      | !\[\[[^\[\]\n]{1,300}\]\]                                                # Obsidian's embedded pages,
      | (?<!\[)\[\[(?P<page>[^\s\[\]|,][^\[\]\n|]{0,300})(?:\|(?P<alias>[^\[\]\n]{1,300}))?\]\](?!\()  # its links,
      | (?<![\w%])%%(?=[^%\d])[^%]{1,3000}%%(?![\w%])                             # its comments,
      | (?<![A-Za-z0-9_=!<>)\]])==(?P<marked>[^\s=](?:[^=\n]{0,300}[^\s=])?)==(?![A-Za-z0-9_=(])  # its highlights,
      | [ \t]\^[A-Za-z0-9-]{4,40}[ \t]*$                                         # and its names of blocks
    """,
    re.VERBOSE | re.MULTILINE,
)
_LITERAL = {ord(mark): chr(0x10FF00 + ord(mark)) for mark in string.punctuation if mark != "&"}
"""Characters of private use that stand for a formula's marks while Markdown is read, which gives those a meaning."""
_SHOWN = {ord(literal): f"&#{mark};" for mark, literal in _LITERAL.items()}
"""What they become in HTML."""
_ESCAPED = re.compile(r"\{\{([<%])/\*(.{0,1000}?)\*/([>%])\}\}", re.DOTALL)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}\n?(.{0,5000}?)(?:\n[ \t]*)?\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_TAGS_BEFORE = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|<!--[^>]*-->")
_PUNCTUATION_AT_ENDS = re.compile(r"[^\w\s]|.*[^\w\s]\Z", re.DOTALL)
_CODE = ("pre", "code")
_HTML_CODE = re.compile(
    "(" + "|".join(rf"<{name}\b.{{0,50000}}?</{name}>" for name in (*_CODE, "script", "style")) + ")",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK = "(?:" + "|".join(sorted(BLOCKS - {"pre"})) + ")"
_OPENED = rf"<{_BLOCK}\b[^<>]{{0,300}}?\smarkdown\s*=\s*[\"']?(?:1|block|span)\b[^<>]{{0,300}}>"
_HOLDS_MARKDOWN = re.compile(_OPENED)
_BLOCK_TAG = re.compile(
    rf"""{_CODE_SPAN}
      | {_OPENED}
      | </{_BLOCK}>(?=[ \t]*(?:\n?[ ]{{0,3}}[^\s<]|\Z))
    """,
    re.VERBOSE | re.DOTALL,
)
"""Tags behind which kramdown goes on with Markdown; CommonMark does so behind a blank line only."""
_LOOSE_LINE = 30
"""Lines up to this length are not what a longer paragraph was wrapped into."""
_EAST_ASIAN_END = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60][”’…—]{0,6}\Z")


@lru_cache(maxsize=2)
def _renderer(hard_breaks: bool) -> MarkdownIt:
    engine = MarkdownIt("commonmark", {"html": True, "breaks": hard_breaks}).enable(["table", "strikethrough"])
    engine.use(footnote_plugin).use(deflist_plugin)
    # Addresses are not shown, so they are neither checked nor encoded.
    engine.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    engine.normalizeLink = str  # type: ignore[method-assign, assignment]
    engine.add_render_rule("footnote_anchor", lambda *_: "")
    engine.add_render_rule("softbreak", _softbreak)
    return engine


def _softbreak(_: RendererProtocol, tokens: Sequence[Token], at: int, options: OptionsDict, _env: object) -> str:
    """A line break where Hexo has one, and where readers of Chinese see one: between short lines, as verse has them."""
    if options.breaks:
        return "<br>\n"
    start = next((i for i in range(at - 1, -1, -1) if tokens[i].type in ("softbreak", "hardbreak")), -1) + 1
    before = "".join(token.content for token in tokens[start:at])
    return "<br>\n" if len(before) <= _LOOSE_LINE and _EAST_ASIAN_END.search(before) else "\n"


def render(body: str, *, hard_breaks: bool = False) -> str:
    """HTML of a Markdown body, without the site generators' own tags.

    With `hard_breaks`, every newline in a paragraph is a line break.
    """
    return str(_renderer(hard_breaks).render(without_tags(body))).translate(_SHOWN)


def without_tags(body: str) -> str:
    """`body` without Hugo shortcodes, Hexo and Jekyll tags and kramdown attributes; code is left alone.

    A highlight tag pair becomes a fence, a figure its captions, what stands in a raw pair stays, and formulas are
    written so that Markdown sees none of its marks in them: `_LITERAL`.
    """
    if admonitions.MARKED.search(body):
        body = "\n".join(admonitions.unfolded(body.split("\n")))
    if not _MARKED.search(body):
        return body
    apart = _apart if _HOLDS_MARKDOWN.search(body) else str
    stretches = groupby(marked(body.split("\n")), key=itemgetter(0))
    texts = ((is_code, "\n".join(line for _, line in run)) for is_code, run in stretches)
    return "\n".join(_unescaped(text) if is_code else _without_tags(apart(text)) for is_code, text in texts)


def holds_markdown(body: str) -> bool:
    """Whether an element is marked to hold Markdown, as kramdown has it: `<div markdown="1">`; one in code is not."""
    found = _HOLDS_MARKDOWN.search(body)
    if found is None:
        return False
    return all(body.rfind(f"</{name}", 0, found.start()) >= body.rfind(f"<{name}", 0, found.start()) for name in _CODE)


def html_without_tags(body: str) -> str:
    """The same for a body of HTML; what stands in `<pre>` and `<code>` is left alone."""
    if "{%" not in body and "{{" not in body:
        return body
    parts = _HTML_CODE.split(with_highlights(body, "<pre>", "</pre>"))
    return "".join(
        _unescaped(part) if number % 2 else _TAG.sub(_untagged_html, part) for number, part in enumerate(parts)
    )


def _apart(text: str) -> str:
    return _BLOCK_TAG.sub(lambda match: match[0] if match["code"] else match[0] + "\n\n", text)


def _without_tags(text: str) -> str:
    return _TAG.sub(_untagged, _NOTES.sub(_without_note, without_marks(text)))


def _without_note(match: re.Match[str]) -> str:
    if match["code"]:
        return match[0]
    if match["page"]:
        return escape(match["alias"] or match["page"], quote=False)
    return match["marked"] or ""


def _untagged(match: re.Match[str]) -> str:
    if match["code"]:
        return _unescaped(match[0])
    if match["math"]:
        return match["math"].translate(_LITERAL)
    if match["drawn"]:
        return f'\n\n<pre class="mermaid">{escape(match["diagram"])}</pre>\n\n'
    if match["strong"]:
        return _strong(match)
    if match["escaped"]:
        return _unescaped(match[0]).replace("<", "&lt;")
    if match["tab"]:
        return left_by_comment(match["tab"])
    if match["shortcode"]:
        return left_by_shortcode(match["shortcode"], own_line=_begins_line(match))
    if match["tag"]:
        return left_by_tag(match["tag"], own_line=_begins_line(match))
    return match["link"] or match["raw"] or ""


def _untagged_html(match: re.Match[str]) -> str:
    """The same where `**` and the marks of formulas mean nothing."""
    if match["strong"]:
        return f"**{_TAG.sub(_untagged_html, match['strong'])}**"
    return match["math"] or _untagged(match)


def _begins_line(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 200) : match.start()].rpartition("\n")[2]
    return not _TAGS_BEFORE.sub("", before).strip()


def _strong(match: re.Match[str]) -> str:
    """`**“潮”**汐`, where CommonMark sees no end because of the punctuation, and readers do."""
    inside = _TAG.sub(_untagged, match["strong"])
    beside = match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]
    if _PUNCTUATION_AT_ENDS.match(match["strong"]) and not beside.isascii():
        return f"<strong>{inside}</strong>"
    return f"**{inside}**"


def _unescaped(code: str) -> str:
    """Shortcodes that are shown, `{{</* x */>}}`, and what stands in a raw pair, as they are shown."""
    code = _ESCAPED.sub(r"{{\1\2\3}}", code) if "/*" in code else code
    return _RAW.sub(r"\1", code) if "endraw" in code else code
