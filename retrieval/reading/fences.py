"""Fences: which lines of a Markdown body are of a block of code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_FENCE = re.compile(r"^(?:[ \t]|(?:[-*+]|\d{1,9}[.)])[ \t])*(`{3,}(?=[^`]*$)|~{3,})")
"""May begin a list item; what stands behind backticks holds none."""
_LIST = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])\s")
_INDENTED = re.compile(r"^(?: {4}| {0,3}\t)")
_CODE_OPEN = re.compile(
    r"\{\{[<%]\s*highlight\b[^}]{0,200}[>%]\}\}|\{%-?\s*(?:highlight|codeblock|code)\b[^%]{0,200}%\}"
)
_CODE_CLOSE = re.compile(r"\{\{[<%]\s*/\s*highlight\s*[>%]\}\}|\{%-?\s*end(?:highlight|codeblock|code)\s*-?%\}")
_ELEMENT = re.compile(
    r"<(/?)(?:article|aside|blockquote|center|details|div|dl|figure|footer|header|main|ol|section|table|ul)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
"""Elements whose end tags authors write."""
_TAG = re.compile(r"</?[A-Za-z]")
_TAGGED = "\n~~~~~~\n"
"""What a highlight tag becomes."""


def marked(lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """Whether each line is of a block of code, and the line.

    Such a block is fenced, between highlight tags, or indented behind a blank line outside of a list. Indented tags
    in an element are none: kramdown reads them as HTML down to the end tag, and no author means them as code.
    """
    fence = ""
    depth = 0
    after_blank, in_list = True, False
    for line in lines:
        inside = bool(fence)
        if depth and not inside and after_blank and _TAG.match(line.lstrip()):
            line = line.lstrip()
        deep = bool(_INDENTED.match(line)) and not in_list
        tagged = fence == _TAGGED if inside else _opens_code(line)
        mark = None if inside or tagged or deep else _FENCE.match(line)
        indented = after_blank and deep
        is_code = bool(inside or tagged or mark or indented)
        if tagged:
            fence = "" if _CODE_CLOSE.search(line) else _TAGGED
            line = with_highlights(line, _TAGGED, _TAGGED)
        elif mark:
            fence = line[: mark.end()]
        elif inside and _ends(fence, line):
            fence = ""
        yield is_code, line
        if not is_code and (depth or line.lstrip().startswith("<")):
            depth = max(0, depth + sum(1 if tag[1] == "" else -1 for tag in _ELEMENT.finditer(line)))
        if not inside and line.strip() and not line.startswith((" ", "\t")):
            continued = in_list and not after_blank and not is_code and line[0] not in "#<"
            in_list = continued or bool(_LIST.match(line))
        after_blank = indented or not line.strip()


def with_highlights(text: str, opened: str, closed: str) -> str:
    """`text` with other marks for highlight tags."""
    return _CODE_CLOSE.sub(closed, _CODE_OPEN.sub(opened, text))


def _opens_code(line: str) -> bool:
    """Whether a highlight tag stands in a line, and not in code in it."""
    tag = _CODE_OPEN.search(line)
    return tag is not None and "`" not in line[: tag.start()]


def _ends(fence: str, line: str) -> bool:
    """Whether a line ends what `fence`, a line up to its last mark, began: no fewer marks, no deeper, nothing else."""
    marks = line.strip()
    start = len(fence.rstrip(fence[-1]))
    return len(marks) >= len(fence) - start and not marks.strip(fence[-1]) and line.find(marks) <= start + 3
