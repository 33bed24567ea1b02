"""What stands around an article rather than in it: editor credits, app adverts, share prompts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from retrieval.reading.lines import Gap, Kind, LeftOut, Line
from retrieval.reading.repeats import may_repeat

EDGE = 4
"""How many lines from either end of an article a line can be one of these."""
_MAX = 60

_TOC = re.compile(r"\A(?:\[TOC\]|\[\[toc\]\])\Z", re.IGNORECASE)
"""A mark that some generators turn into a table of contents, left over."""
_CREDIT = re.compile(
    r"""\A[\s(（【\[]*(?:
      (?:本文)?(?:责任|責任|流程|执行|值班)?(?:编辑|編輯|校对|校對|监制|審校|审校)\s*[:：/|｜丨]
      (?!.*(?:[的了]|[。！？][^\s)）】\]]|修改|更改|删除|刪除|新增|添加|保存|打开|打開|点击|點擊|可以|需要|一[个個行條条段下]))
      .*                                                                # a name, no clause
    | (?:(?:文章|新闻|稿件|本文|信息|资料)?(?:来源|來源)|原标题|原標題|稿源)\s*[:：].*
    | (?:本文)?(?:来自|转载自|轉載自|首发于).{0,12}(?:公众号|公眾號|APP|客户端).*
    | .{0,24}尽在.{0,12}(?:APP|App|客户端)
    | (?:扫描|扫码|掃描|长按|長按|識別|识别).{0,16}(?:二维码|二維碼|QR\s?code)
      (?:[^。]{0,16}(?:关注|關注|添加|加入|下载|下載|入群|进群|進群|订阅|訂閱).*)?[。！!]?
    | (?:扫描|扫码|掃描|长按|長按)[^受引，。]{0,8}(?:關注|关注)(?!的).*
    | (?:了解更多|(?:阅读|閱讀|查看)(?:原文|全文)|原文链接|原文連結|点击查看|查看知乎讨论|続きを読む
      |Continue\ reading|Read\ more|Read\ the\ full\ (?:article|story))\s*[:：…→»]?(?:\s*https?://\S+)?
    | (?:点击|點擊|戳).{0,8}(?:蓝字|藍字|名片|卡片).{0,12}(?:关注|關注|订阅|訂閱).*
    | (?:版权|版權)(?:所有|声明|聲明).*
    | ©.*
    | \(c\)\s*(?:Copyright\b|(?:19|20)\d\d(?:\s*[-–,]\s*\d{4})?,?\s+[^\W\d]).*
    | Copyright\s*(?:©|\(c\)|(?:19|20)\d\d|by\b).*
    )[\s)）】\]]*\Z""",
    re.VERBOSE | re.IGNORECASE,
)


_WORDS = r"share|shares|sharing|sharer|social|qr|qrcode|appendqr|adverts?|advertisement|ads?|copyright"
_FURNITURE = re.compile(
    rf"(?:^|[-_\s])({_WORDS}|article-editor|editor-info|post-copyright|footnote-backref|headerlink|header-anchor|"
    r"sr-only|visually-hidden|screen-reader-text|katex-mathml|mathjax_preview|copy-btn|copy-code-btn|"
    r"code-block-extension-header)(?:$|[-_\s])",
    re.IGNORECASE,
)
# Of an id the whole: generators make ids from the words of headings (`social-impact`).
_FURNITURE_ID = re.compile(
    rf"(?:(?:post|article)[-_])?({_WORDS})(?:[-_](?:{_WORDS}|bar|box|buttons?|btns?|icons?|links?|\d+))*", re.IGNORECASE
)
_HEADED = frozenset("h1 h2 h3 h4 h5 h6 section dt".split())
"""Elements, and classes of those, whose id is the heading's itself."""
_FURNITURE_MAX = 200
"""Characters: a class name alone never drops more than this (`editor` also names whole bodies)."""
_CONTROL_MAX = 40
"""Characters of a button; what holds more is a button that was never closed."""
_LINE_NUMBERS = frozenset("gutter rouge-gutter lineno linenos ln lnt pre-numbering".split())
"""Classes of the numbers beside code, as Hexo, Rouge, Pygments and Chroma name them."""
DIAGRAM = "source of a diagram"
"""The rule that leaves one out."""
_DIAGRAMS = frozenset(
    "mermaid language-mermaid lang-mermaid language-echarts language-plantuml language-puml language-flow "
    "language-flowchart language-sequence language-markmap language-mindmap language-graphviz language-wavedrom "
    "language-vega-lite wavedrom mermaid-src chartjs-src".split()
)
"""Classes of what scripts make a diagram of: nobody reads its source."""
_CONTENTS = frozenset("toc post-toc article-toc markdown-toc table-of-contents".split())
"""Classes and ids of a table of contents, which says the headings once more."""
_CONTENTS_MAX = 3000
_ANCHORS = frozenset("headerlink header-anchor anchor".split())
_ANCHOR_MAX = 2
"""Characters of the mark beside a heading that shows only when it is pointed at."""


def furniture(name: str, classes: str | None, identifier: str | None, size: int) -> str | None:
    """Why an element of such a name, class and id, with `size` characters of text, is not the article's; None if it is.

    "" where it is not seen beside the text either.
    """
    names = f"{classes or ''} {identifier or ''}"
    words = names.split()
    if _LINE_NUMBERS.intersection(words):
        return "line numbers"
    if _DIAGRAMS.intersection((classes or "").split()):
        return DIAGRAM
    if size <= _CONTENTS_MAX and _CONTENTS.intersection(words):
        return "table of contents"
    if size <= _ANCHOR_MAX and _ANCHORS.intersection(words):
        return ""
    if size > _FURNITURE_MAX or name == "code":
        # The class of code names its language: Obsidian's `ad-note`.
        return None
    if found := _FURNITURE.search(classes or ""):
        return f"class {found[1].lower()}"
    found = _FURNITURE_ID.fullmatch(identifier or "") if _HEADED.isdisjoint([name, *words]) else None
    return f"id {found[1].lower()}" if found else None


def control(name: str, size: int) -> str | None:
    """Why an element of such a name is not read, though browsers show its text; None if it is, "" if there is none."""
    if name == "svg" and not size:
        return ""
    left_out = name in ("select", "svg", "nav") or (name == "button" and size <= _CONTROL_MAX)
    return f"<{name}>" if left_out else None


def without_boilerplate(lines: Sequence[Line], repeated: AbstractSet[str]) -> tuple[list[Line], list[LeftOut]]:
    """`lines` without credits and without what the feed repeats at either end, and those that were left out.

    A line that only looks like one, further inside, stays.
    """
    kept: list[Line] = []
    left_out: list[LeftOut] = []
    cut = False
    for at, line in enumerate(lines):
        rule = _credit(line, at_end=at < EDGE or at >= len(lines) - EDGE)
        if rule is None and line.text in repeated and may_repeat(line, at, len(lines)):
            rule = "repeated"
        if rule:
            left_out.append(LeftOut(rule, line.text))
        else:
            kept.append(replace(line, gap=Gap.CUT) if cut else line)
        cut = bool(rule)
    return kept, left_out


def _credit(line: Line, *, at_end: bool) -> str | None:
    if line.kind is Kind.CODE or len(line.text) > _MAX or 0 < line.level < 7:
        return None
    if _TOC.match(line.text):
        return "mark of a table of contents"
    return "credit" if at_end and _CREDIT.match(line.text) else None
