"""Lines that stand around an article rather than in it: editor credits, app adverts, share prompts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.reading.lines import Kind, Line

EDGE = 4
"""How many lines from either end of an article a line can be one of these."""
_MAX = 60

_TOC = re.compile(r"\A(?:\[TOC\]|\[\[toc\]\])\Z", re.IGNORECASE)
"""A mark that some generators turn into a table of contents, left over."""
_CREDIT = re.compile(
    r"""\A[\s(（【\[]*(?:
      (?:本文)?(?:责任|責任|流程|执行|值班)?(?:编辑|編輯|校对|校對|监制|審校|审校)\s*[:：/|｜丨].*
    | (?:(?:文章|新闻|稿件|本文|信息|资料)?(?:来源|來源)|原标题|原標題|稿源)\s*[:：].*
    | (?:本文)?(?:来自|转载自|轉載自|首发于).{0,12}(?:公众号|公眾號|APP|客户端).*
    | .{0,24}尽在.{0,12}(?:APP|App|客户端)
    | (?:扫描|扫码|掃描|长按|識別|识别).{0,16}(?:二维码|QR\s?code|關注|关注).*
    | (?:了解更多|阅读原文|閱讀原文|原文链接|原文連結|查看原文|点击查看|Read\ more|Read\ the\ full\ (?:article|story))\s*[:：]?(?:\s*https?://\S+)?
    | (?:版权|版權)(?:所有|声明|聲明).*
    | (?:©|\(c\)|Copyright\b).*
    )[\s)）】\]]*\Z""",
    re.VERBOSE | re.IGNORECASE,
)


def without_credits(lines: Sequence[Line]) -> list[Line]:
    """`lines` without credits at either end; a line that only looks like one further inside stays."""
    last = len(lines) - EDGE
    return [
        line
        for at, line in enumerate(lines)
        if not (_TOC.match(line.text) or ((at < EDGE or at >= last) and _is_credit(line)))
    ]


def _is_credit(line: Line) -> bool:
    return line.kind is not Kind.CODE and len(line.text) <= _MAX and bool(_CREDIT.match(line.text))
