"""Text fragments: the part of an address that makes a browser scroll to a passage and mark it.

`#:~:text=[prefix-,]start[,end]`, see https://wicg.github.io/scroll-to-text-fragment/. A browser takes the first
place where the terms match, between word boundaries. In Chinese and Japanese those are sure only at punctuation and
at the edges of a block, so terms are whole clauses; and no term may cross a line or a cell of a table. Themes list
an article's headings above it, and put marks beside them: terms are the paragraphs' own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias
from urllib.parse import quote

MAX_EXACT = 300
"""Percent-encoded characters up to which a passage is named whole instead of by its two ends."""
MAX_TERM = 500
"""Percent-encoded characters of one term."""
MAX_LENGTH = 1200
"""Percent-encoded characters of a whole fragment; there is none rather than a longer one."""
WIDE = 12
"""Columns of a first term that is hardly found in a menu or a heading, too; Han characters take two."""
NARROW = 6
"""Columns below which a first term is told apart by the paragraph above it."""

_LETTER = r"[^\W\u3005-\u9fff\uf900-\ufaff]"
"""Of a script with blanks between its words: where two come to touch, a term can no longer begin or end."""
_INSIDE = rf"(?:{_LETTER}|[.,'’](?={_LETTER}))"
_FORMULA = r"\${1,2}[^$\n]+\${1,2}|\\\((?:[^\\\n]|\\[^()\n])*\\\)|\\\[(?:[^\\\n]|\\[^\[\]\n])*\\\]"
"""TeX, of which a page makes a formula. A dollar that is money only costs a place to cut."""
# What a page may hold in another form than the text that was read from it: hard blanks, dashes and guillemets; tildes
# (of deletions and subscripts), footnotes, emoji and formulas, each with the letters beside it.
_UNSURE = re.compile(
    r"[\u3000\xa0\u200b\xad\ufeff]| {2,}|-{2,}|<<|>>"
    rf"|(?<!{_INSIDE}){_INSIDE}*"
    rf"(?:(?:~|\[\d{{1,3}}(?::\d+)?\]|:(?:[+-]1|[a-z][a-z\d_+-]{{0,30}}):|{_FORMULA}){_INSIDE}*)+"
)
# One mark at a time: a run of them would take the first mark of an emoji.
_EDGE = re.compile(_UNSURE.pattern + r"""|[…。！？；：，、—–～·「」『』（）《》〈〉【】〔〕“”‘’!?;:,.()\[\]{}"'<>|/]""")
_LINE_END = re.compile(r"[\n\r\t]")
_SOURCE = re.compile(
    r"//[^/]*(?:git|codeberg|bitbucket)[^/]*/.*/(?:blob|src|raw|tree)/|/-/(?:blob|raw|tree)/"
    r"|\.(?:md|markdown|mdown|org|rst|txt)$",
    re.IGNORECASE,
)

Clause: TypeAlias = tuple[int, int]
"""[start, end) in a text, without blanks and punctuation around it."""


def with_fragment(url: str, fragment: str | None) -> str:
    """`url` with what `fragment()` gave; as it is where it names a text already, or a source file."""
    if fragment is None or ":~:" in url or _SOURCE.search(url.partition("?")[0].partition("#")[0]):
        return url
    return f"{url}{':~:' if '#' in url else '#:~:'}{fragment}"


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a link is to lead, and what a browser meets before."""

    text: str
    above: str
    """What `text` touches above; empty where that is not known."""
    before: Sequence[str]
    """All that stands above it, and what may be listed there."""
    headed: bool = False
    """Whether what it touches is a heading, which a theme may put a mark behind."""


def fragment(
    passages: Sequence[str], index: int, *, title: str = "", headings: Sequence[Sequence[str]] = ()
) -> str | None:
    """The directive `text=...` that leads to `passages[index]`; None where none is short and sure enough.

    `passages` are all texts of the article in order, because a browser searches the page from its top; `title`
    stands above them. `headings` are those that each passage stands under: the link leads to the paragraph below them.
    """
    found = _directives(_spot(passages, index, title, headings))
    return next((f"text={terms}" for terms in found if len(terms) <= MAX_LENGTH), None)


def _spot(passages: Sequence[str], index: int, title: str, headings: Sequence[Sequence[str]]) -> _Spot:
    text, above, before = passages[index], passages[index - 1] if index else "", [title, *passages[:index]]
    listed = dict.fromkeys(heading for own in headings for heading in own)
    start = _below_headings(text, index, headings)
    if not start:
        return _Spot(text, above, [*listed, *before])
    if not any(any(line) for line in _lines(text[start:])):
        return _Spot(text, above, before)
    return _Spot(text[start:], text[:start], [*listed, *before, text[:start]], headed=True)


def _below_headings(text: str, index: int, headings: Sequence[Sequence[str]]) -> int:
    """Where in a passage its paragraphs begin. Above its innermost heading stand only others, without any text."""
    known = {heading for own in headings for heading in own}
    lines = text.split("\n")
    count = next((at for at, line in enumerate(lines) if line not in known), len(lines))
    own = headings[index] if headings else ()
    if own and own[-1] in lines and (index == 0 or own != headings[index - 1]):
        count = max(count, lines.index(own[-1]) + 1)
    return sum(len(line) + 1 for line in lines[:count])


def _directives(spot: _Spot) -> Iterator[str]:
    """Terms whose first match on the page is the passage, the best first."""
    text = spot.text
    lines = [clauses for clauses in map(list, _lines(text)) if clauses]
    if not lines:
        return
    seen = _folded("\n".join(spot.before))
    unique = [term for term in _terms(text, lines) if _folded(term) not in seen]
    wide = [term for term in unique if _columns(term) >= WIDE]
    narrow = sorted((term for term in unique if _columns(term) < WIDE), key=_columns, reverse=True)
    last = [_prefixed(spot, lines), (_joined(text, lines, first) for first in narrow)]
    yield from (_joined(text, lines, first) for first in wide)
    yield from (_joined(text, lines, first) for first in narrow if _columns(first) >= NARROW)
    yield from _followed(spot, lines)
    yield from _later(text, lines, seen)
    yield from chain.from_iterable(reversed(last) if spot.headed else last)


def _terms(text: str, lines: Sequence[Sequence[Clause]]) -> Iterator[str]:
    """Beginnings of the passage: the whole of it where it is short, then one clause, two clauses..."""
    whole = text[lines[0][0][0] : lines[-1][-1][1]]
    if len(lines) == 1 and len(_encoded(whole)) <= MAX_EXACT and not _UNSURE.search(whole):
        yield whole
    start = lines[0][0][0]
    for _, end in lines[0]:
        term = text[start:end]
        if _UNSURE.search(term):
            return
        if len(_encoded(term)) > MAX_TERM:
            yield from _cut(term)
            return
        yield term


def _cut(term: str) -> Iterator[str]:
    """The longest beginning that is short enough; only a blank inside a clause is a sure place to cut."""
    words = term.split(" ")
    beginnings = (" ".join(words[:end]) for end in range(len(words) - 1, 0, -1))
    yield from (part for part in beginnings if len(_encoded(part)) <= MAX_EXACT)


def _joined(text: str, lines: Sequence[Sequence[Clause]], first: str) -> str:
    """`first` as a term, with a second one at the end of the passage where that is further on."""
    covered = text.index(first) + len(first)
    end = lines[-1][-1][1]
    if covered >= end:
        return _encoded(first)
    rest = _folded(text[covered:end])
    for start, _ in reversed(lines[-1]):
        last = text[start:end]
        if start < covered or _UNSURE.search(last) or len(_encoded(last)) > MAX_TERM:
            break
        if rest.find(_folded(last)) == len(rest) - len(_folded(last)):
            return f"{_encoded(first)},{_encoded(last)}"
    return _encoded(first)


def _followed(spot: _Spot, lines: Sequence[Sequence[Clause]]) -> Iterator[str]:
    """An opening told from earlier ones by what it touches behind, such as a heading by the text below it."""
    text = spot.text
    start, opened, clauses = _opening(text, lines)
    opening = text[start:opened].rstrip()
    seen = _squeezed("".join(spot.before))
    for _, end in clauses if opening else ():
        suffix = text[opened:end].strip()
        if len(_encoded(suffix)) > MAX_TERM or _LINE_END.search(suffix) or _UNSURE.search(opening + suffix):
            return
        if _squeezed(opening + suffix) not in seen:
            yield f"{_encoded(opening)},-{_encoded(suffix)}"
            return


def _opening(text: str, lines: Sequence[Sequence[Clause]]) -> tuple[int, int, Sequence[Clause]]:
    """[start, end) of the first line, or of as much of it as a term may hold, and the clauses behind it."""
    start = lines[0][0][0]
    line_end = _LINE_END.search(text, lines[0][-1][1])
    end = line_end.start() if line_end else len(text)
    if len(lines) > 1 and len(_encoded(text[start:end])) <= MAX_TERM:
        return start, end, lines[1]
    fitting = [clause for clause in lines[0] if len(_encoded(text[start : clause[1]])) <= MAX_TERM]
    return start, fitting[-1][1] if fitting else start, lines[0][len(fitting) :]


def _later(text: str, lines: Sequence[Sequence[Clause]], seen: str) -> Iterator[str]:
    """First terms further on, for a passage that begins like the title or like one above."""
    for start, end in (clause for line in lines for clause in line):
        first = text[start:end]
        if _columns(first) >= WIDE and _folded(first) not in seen and not _UNSURE.search(first):
            yield _joined(text, lines, first)


def _prefixed(spot: _Spot, lines: Sequence[Sequence[Clause]]) -> Iterator[str]:
    """A first term told from earlier ones by the end of what stands above, with which it must touch."""
    text, above = spot.text, spot.above.rstrip()
    clauses = [clause for line in _lines(above) for clause in line]
    opening = text[: lines[0][0][1]].strip()
    if not clauses:
        return
    prefix = above[clauses[-1][0] :]
    if _UNSURE.search(prefix + opening):
        return
    pair = _squeezed(prefix + opening)
    if "\n" in prefix or pair in _squeezed("".join(spot.before)) or len(_encoded(prefix)) > MAX_TERM:
        return
    yield f"{_encoded(prefix)}-,{_joined(text, lines, opening)}"


def _lines(text: str) -> Iterator[Iterator[Clause]]:
    for line in re.finditer(r"[^\n\r\t]+", text):
        yield _clauses(text, line.start(), line.end())


def _clauses(text: str, start: int, end: int) -> Iterator[Clause]:
    edges = [match.span() for match in _EDGE.finditer(text, start, end) if not _is_inside_word(text, match)]
    for left, right in zip([start, *(edge[1] for edge in edges)], [*(edge[0] for edge in edges), end], strict=True):
        clause = text[left:right].strip()
        if clause:
            at = text.index(clause, left)
            yield at, at + len(clause)


def _is_inside_word(text: str, match: re.Match[str]) -> bool:
    """Whether a mark stands as in 3.5, 12:30 or don't."""
    around = text[max(match.start() - 1, 0) : match.start()] + text[match.end() : match.end() + 1]
    return len(match[0]) == 1 and len(around) == 2 and around.isascii() and around.isalnum()


def _encoded(term: str) -> str:
    """A term in percent-encoding; `-`, `,` and `&` mean something in a fragment."""
    return quote(" ".join(term.split()), safe="").replace("-", "%2D")


def _folded(text: str) -> str:
    """What a browser's search does not tell apart: case, accents, widths, runs of blanks."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf"))
    return re.sub(r"[^\S\n]+", " ", plain)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", _folded(text))


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
