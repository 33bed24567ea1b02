"""Text fragments, followed by Chromium: does the highlight begin where the passage begins?

    python -m benchmarks.fragments [--passages 600]

Needs Chromium (Debian: `apt install chromium`). Every body becomes a page below its title and a table of contents, as
themes have it; each passage's fragment is opened, and the first highlighted pixel is compared with the place of the
first letter of the passage, or of its first paragraph below its headings (a mark in front of it may be left out). Exit
code 1 where fewer than 98% are exact.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count, takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks import chromium
from benchmarks.chromium import Page
from benchmarks.corpora import FOLDERS, Body, bodies, squeezed
from benchmarks.results import save
from retrieval.reading import html
from retrieval.reading.elements import events
from retrieval.reading.lines import Kind
from retrieval.reading.links.fragments import fragment, with_fragment

EXACT = 0.98
SEED = 7
WIDTH, HEIGHT = 1000, 3000
SLACK = 4
"""Pixels between the box of a letter and the highlight around it."""
EXAMPLES = 12
_NUMBERS = count()

_PAGE = """<!doctype html><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="script-src 'none'; img-src 'none'; frame-src 'none'">
<style>::target-text {{ background: #f0f; color: #f0f }} body {{ overflow-wrap: anywhere }}
pre {{ white-space: pre-wrap }} td, th {{ vertical-align: top }}
sup, sub {{ vertical-align: baseline }}</style>
<h1>{title}</h1><ul id="table-of-contents">{contents}</ul>{markup}"""

# The boxes of characters of a passage, numbered from its first: found in the shown text, behind all before it.
_BOXES = r"""async (texts, leads) => {
  const pause = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (let round = 0; round < 3; round++) await pause();
  const characters = [], places = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    range.selectNodeContents(node);
    if (node.parentElement.closest('h1:first-of-type') === document.querySelector('h1')) continue;
    if (node.parentElement.closest('#table-of-contents') || !range.getClientRects().length) continue;
    for (let at = 0; at < node.data.length; at++)
      if (!/[\s\u200b\ufeff]/.test(node.data[at])) { characters.push(node.data[at]); places.push([node, at]); }
  }
  const shown = characters.join('');
  let start = 0;
  for (const text of texts.slice(0, -1)) {
    const found = shown.indexOf(text, start);
    if (found >= 0) start = found + text.length;
  }
  start = shown.indexOf(texts.at(-1), start);
  if (start < 0) return [];
  return leads.map(lead => {
    const [node, at] = places[start + lead];
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getClientRects()[0] ?? range.getBoundingClientRect();
    return [box.left, box.top];
  });
}"""


@dataclass(frozen=True, slots=True)
class Case:
    """A passage whose fragment is followed."""

    corpus: str
    body: Body
    index: int

    @property
    def texts(self) -> list[str]:
        return [passage.text for passage in self.body.post.passages]

    @property
    def language(self) -> str:
        text = self.texts[self.index]
        if re.search("[\u3041-\u30ff]", text):
            return "Japanese"
        return "Chinese" if re.search("[\u4e00-\u9fff]", text) else "English"

    @property
    def headings(self) -> list[str]:
        lines = html.read(events(self.body.markup)).lines
        return [line.text for line in lines if line.kind is Kind.HEADING]

    @property
    def fragment(self) -> str | None:
        outlines = [passage.headings for passage in self.body.post.passages]
        return fragment(self.texts, self.index, title=self.body.post.article.title, headings=outlines)

    @property
    def starts(self) -> list[int]:
        """Where a highlight may begin, in characters without blanks: a first character or letter."""
        lines, headings = self.texts[self.index].split("\n"), set(self.headings)
        above = list(takewhile(headings.__contains__, lines))
        below = lines[len(above) :] or lines
        ends = len(squeezed("".join(above))) if below is not lines else 0
        return [0, _letter(squeezed("".join(lines))), ends, ends + _letter(squeezed("".join(below)))]


def _letter(text: str) -> int:
    found = re.search(r"[^\W_]", text)
    return found.start() if found else 0


def cases(limit: int) -> Iterator[Case]:
    """All passages of the small corpora and a random sample of the large one, `limit` in all."""
    chosen = random.Random(SEED)
    for corpus, folder in sorted(FOLDERS.items(), key=lambda item: item[0] == "sofastack"):
        found = [Case(corpus, body, index) for body in bodies(folder) for index in range(len(body.post.passages))]
        sample = sorted(chosen.sample(range(len(found)), min(limit, len(found))))
        limit -= len(sample)
        yield from (found[at] for at in sample)


def follow(page: Page, case: Case, terms: str, folder: Path) -> bool:
    """Whether the highlight begins with the passage, or with the paragraphs below its headings."""
    contents = "".join(f"<li>{escape(heading)}</li>" for heading in case.headings)
    title = escape(case.body.post.article.title)
    markup = _PAGE.format(title=title, contents=contents, markup=case.body.markup)
    page.open(with_fragment(chromium.page_url(folder, f"{next(_NUMBERS)}.html", markup), terms))
    texts = [squeezed(text) for text in case.texts[: case.index + 1]]
    boxes = page.run(_BOXES, texts, case.starts)
    start = _highlight(page.screenshot())
    return start is not None and isinstance(boxes, list) and any(_touches(start, box) for box in boxes)


def _highlight(picture: bytes) -> tuple[int, int] | None:
    """(x, y) of where the highlight begins: the left end of its first line."""
    pixels: NDArray[np.uint8] = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    marked = (pixels == (255, 0, 255)).all(axis=2)
    rows = np.flatnonzero(marked.any(axis=1))
    if not rows.size:
        return None
    top = int(rows[0])
    return int(np.flatnonzero(marked[top : top + 2 * SLACK].any(axis=0))[0]), top


def _touches(start: tuple[int, int], box: Sequence[float]) -> bool:
    return abs(start[0] - box[0]) <= SLACK and abs(start[1] - box[1]) <= SLACK


def measure(page: Page, found: Iterable[Case]) -> dict[str, object]:
    """Follow every case's fragment, and count."""
    exact: Counter[str] = Counter()
    followed: Counter[str] = Counter()
    without = 0
    misses: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for case in found:
            terms = case.fragment
            if terms is None:
                without += 1
                continue
            right = follow(page, case, terms, Path(scratch))
            for group in ("all", case.corpus, case.language):
                followed[group] += 1
                exact[group] += right
            if not right:
                misses.append(f"{case.body.post.article.path} {case.index}: {terms[:150]}")
    return {
        "fragments": dict(followed),
        "exact": {group: round(exact[group] / count, 4) for group, count in followed.items()},
        "passages_without_a_fragment": without,
        "misses": misses[:EXAMPLES],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    parser = argparse.ArgumentParser("benchmarks.fragments", description=__doc__)
    parser.add_argument("--passages", type=int, default=600)
    options = parser.parse_args(arguments)
    executable = chromium.program()
    absent = [str(folder) for folder in FOLDERS.values() if not folder.is_dir()]
    if executable is None or absent:
        reason = (
            f"no articles at {', '.join(absent)}"
            if absent
            else "Chromium is not installed (Debian: apt install chromium)"
        )
        print(f"skipped: {reason}", file=sys.stderr)
        return 0
    with chromium.browser(executable) as page:
        page.resize(WIDTH, HEIGHT)
        figures = measure(page, cases(options.passages))
    print(save("fragments", f"python -m benchmarks.fragments --passages {options.passages}", figures))
    print(figures)
    shares = figures["exact"]
    return 0 if isinstance(shares, dict) and shares["all"] >= EXACT else 1


if __name__ == "__main__":
    sys.exit(main())
