"""What Chromium shows of each body against its passages.

    python -m benchmarks.visible

Needs Chromium (Debian: `apt install chromium`) and rapidfuzz. Every body is laid out by the browser, HTML as it is in
the file and Markdown rendered, with scripts and network off; `document.body.innerText` is compared with the
passages, white space aside, by their longest common subsequence. What the reader leaves out by a rule (an advert, an
editor credit) is taken out of the browser's text first, and reported by rule. Exit code 1 where a corpus misses a bar.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import chromium
from benchmarks.chromium import Page
from benchmarks.corpora import FOLDERS, Body, bodies, squeezed
from benchmarks.results import save

if TYPE_CHECKING:
    from rapidfuzz.distance import Opcode

KEPT = 0.995
"""At least this share of the visible characters is in the passages, in order."""
EXTRA = 0.005
"""At most this share of the passages' characters is not visible."""
EXAMPLES = 5

# Inline handlers are scripts too: nothing but the debugger may run.
_BLANK = """<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><body></body>"""
# What is folded away can be unfolded by its reader.
_SHOW = """body => {
  document.body.innerHTML = body;
  for (const details of document.querySelectorAll('details')) details.open = true;
  return document.body.innerText;
}"""


@dataclass(slots=True)
class Tally:
    """Counts over a corpus, in characters unless it says otherwise."""

    articles: int = 0
    passages: int = 0
    broken: int = 0
    """Passages that are not one run of the visible text."""
    visible: int = 0
    lost: int = 0
    read: int = 0
    extra: int = 0
    tags: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, body: Body, shown: str) -> None:
        texts = [squeezed(passage.text) for passage in body.post.passages]
        read = "".join(texts)
        left = self._without_left_out(body, shown, read)
        edits = _edits(left, read)
        lost = [left[edit.src_start : edit.src_end] for edit in edits if edit.src_end > edit.src_start]
        extra = [read[edit.dest_start : edit.dest_end] for edit in edits if edit.dest_end > edit.dest_start]
        self.articles += 1
        self.passages += len(texts)
        self.broken += sum(text not in shown for text in texts)
        self.visible += len(left)
        self.read += len(read)
        self.tags += body.tags
        self.lost += sum(map(len, lost))
        self.extra += sum(map(len, extra))
        if lost or extra:
            self.examples.append(f"{body.post.article.path}: lost {lost[:3]}, extra {extra[:3]}")

    def _without_left_out(self, body: Body, shown: str, read: str) -> str:
        """The visible text without what a rule left out, found next to where the passages miss something."""
        gone = bytearray(len(shown))
        missed = [(edit.src_start, edit.src_end) for edit in _edits(shown, read)] if body.post.left_out else []
        for left_out in body.post.left_out:
            text = squeezed(left_out.text)
            at = _place(text, shown, missed, gone)
            if at is not None:
                gone[at : at + len(text)] = b"\1" * len(text)
                self.rules[left_out.rule] += len(text)
        return "".join(char for char, left in zip(shown, gone, strict=True) if not left)

    def figures(self) -> dict[str, object]:
        return {
            "articles": self.articles,
            "passages": self.passages,
            "passages_not_one_run_of_the_page": self.broken,
            "visible_characters": self.visible,
            "in_passages_in_order": _share(self.visible - self.lost, self.visible),
            "passage_characters": self.read,
            "not_visible": _share(self.extra, self.read),
            "left_out_by_rule": dict(self.rules.most_common()),
            "site_generator_tags_removed": self.tags,
            "examples": [example[:300] for example in self.examples[:EXAMPLES]],
        }

    def meets_the_bars(self) -> bool:
        return self.visible - self.lost >= KEPT * self.visible and self.extra <= EXTRA * self.read


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0


def _edits(shown: str, read: str) -> list[Opcode]:
    from rapidfuzz.distance import Indel

    return [edit for edit in Indel.opcodes(shown, read) if edit.tag != "equal"]


def _place(text: str, shown: str, missed: list[tuple[int, int]], gone: bytearray) -> int | None:
    """Where `text` stands in `shown` next to one of the runs that were missed, and not `gone` yet."""
    for start, end in missed:
        at = shown.find(text, max(start - len(text), 0), end + len(text))
        while at >= 0 and any(gone[at : at + len(text)]):
            at = shown.find(text, at + 1, end + len(text))
        if at >= 0:
            return at
    return None


def _show(page: Page, body: Body) -> str:
    return squeezed(str(page.run(_SHOW, body.markup)))


def measure(page: Page, folder: Path) -> Tally:
    """Compare all articles of a folder."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        page.open(chromium.page_url(Path(scratch), "blank.html", _BLANK))
        for body in bodies(folder):
            tally.add(body, _show(page, body))
    return tally


def main() -> int:
    """Entry point; gives the exit code."""
    executable = chromium.program()
    missing = _what_is_missing(executable)
    if missing or executable is None:
        print(f"skipped: {missing}", file=sys.stderr)
        return 0
    with chromium.browser(executable) as page:
        tallies = {name: measure(page, folder) for name, folder in FOLDERS.items()}
    figures = {name: tally.figures() for name, tally in tallies.items()}
    print(save("visible", "python -m benchmarks.visible", {"browser": chromium.version(executable), **figures}))
    for name, found in figures.items():
        print(f"{name}: {found['in_passages_in_order']} read, {found['not_visible']} not visible")
    return 0 if all(tally.meets_the_bars() for tally in tallies.values()) else 1


def _what_is_missing(executable: str | None) -> str | None:
    if executable is None:
        return "Chromium is not installed (Debian: apt install chromium)"
    if find_spec("rapidfuzz") is None:
        return "rapidfuzz is not installed (pip install rapidfuzz)"
    absent = [str(folder) for folder in FOLDERS.values() if not folder.is_dir()]
    return f"no articles at {', '.join(absent)}" if absent else None


if __name__ == "__main__":
    sys.exit(main())
