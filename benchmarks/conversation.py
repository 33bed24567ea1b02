"""Draws docs/conversation.png: real answers of the bot about the sample articles, as a phone shows them.

    python -m benchmarks.conversation

Needs Chromium, and fonts for Chinese and emoji (Debian: `apt install chromium fonts-noto-cjk fonts-noto-color-emoji`).
"""

from __future__ import annotations

import io
import sys
import tempfile
from html import escape
from pathlib import Path

from PIL import Image

from benchmarks import chromium
from bot.dialogue import Dialogue
from bot.languages.language import language_for
from bot.replies import Reply
from retrieval.indexing.build import build_index
from retrieval.reading.links.site import from_settings
from retrieval.searching.retriever import Retriever

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "conversation.png"
SITE = "https://articles.example.org"
PHONES = (
    ("zh-hans", ("钟表博物馆星期几不开门", "参观灯塔为啥每次只放十几个人上去？")),
    ("en", ("which tomato variety cracked the least", "How do I reset the password of my e-mail account?")),
)
WIDTH, HEIGHT, GAP = 420, 930, 28
_STYLE = f"""
* {{ box-sizing: border-box }}
body {{ margin: 0; padding: {GAP}px; display: flex; gap: {GAP}px; background: #fff;
  font: 15px/1.42 "Inter", "Helvetica Neue", "Noto Sans", "Noto Sans CJK SC", "DejaVu Sans", sans-serif }}
.phone {{ width: {WIDTH}px; height: {HEIGHT}px; border-radius: 34px; border: 9px solid #23272e; overflow: hidden;
  background: #b5d6c6; display: flex; flex-direction: column }}
.bar {{ background: #fff; padding: 10px 18px; display: flex; gap: 11px; align-items: center }}
.bar i {{ width: 38px; height: 38px; border-radius: 50%; background: #3e88c7; color: #fff; text-align: center;
  font: 600 19px/38px sans-serif }}
.bar b {{ display: block; line-height: 1.25 }} .bar span {{ font-size: 12.5px; color: #8a939c }}
.talk {{ flex: 1; padding: 10px 10px 12px; display: flex; flex-direction: column; justify-content: flex-end; gap: 7px }}
.said {{ align-self: flex-end; background: #e7fed6; padding: 7px 12px; border-radius: 15px 15px 4px 15px;
  max-width: 84% }}
.reply {{ align-self: flex-start; max-width: 92% }}
.text {{ background: #fff; padding: 8px 12px; border-radius: 15px 15px 15px 4px; white-space: pre-wrap }}
blockquote {{ margin: 5px 0; padding: 5px 10px; border-left: 3px solid #3e88c7; background: #eef5fb;
  border-radius: 4px }}
a {{ color: #2873b4; text-decoration: none }}
.row {{ display: flex; gap: 4px; margin-top: 4px }}
.row span {{ flex: 1; text-align: center; background: rgb(60 100 100 / .45); color: #fff; border-radius: 8px;
  padding: 6px 4px; font-size: 13.5px }}
"""


def main() -> int:
    """Ask, draw, and say where the picture is; 1 where there is no browser."""
    executable = chromium.program()
    if executable is None:
        print("chromium is needed; on Debian: apt install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = from_settings(SITE, "p/:title/")
        build_index(ROOT / "tests" / "articles", folder / "index", site=site)
        with Retriever.open(folder / "index") as retriever:
            phones = [_phone(retriever, folder / tag, tag, questions) for tag, questions in PHONES]
        page_file = folder / "page.html"
        page_file.write_text(f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>{''.join(phones)}", "utf-8")
        with chromium.browser(executable) as page:
            page.resize(len(PHONES) * (WIDTH + GAP) + GAP, HEIGHT + 2 * GAP)
            page.open(page_file.as_uri())
            _save(page.screenshot())
    print(PICTURE)
    return 0


def _save(shot: bytes) -> None:
    """As PNG of few colours: a README should load fast."""
    PICTURE.parent.mkdir(exist_ok=True)
    with Image.open(io.BytesIO(shot)) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


def _phone(retriever: Retriever, data: Path, tag: str, questions: tuple[str, ...]) -> str:
    talk = Dialogue(retriever, data, language_for(tag))
    turns = "".join(f"<div class=said>{escape(each)}</div>{_bubble(talk.reply(each))}" for each in questions)
    head = "<div class=bar><i>问</i><div><b>wenda</b><span>bot</span></div></div>"
    return f"<div class=phone>{head}<div class=talk>{turns}</div></div>"


def _bubble(reply: Reply) -> str:
    rows = "".join(
        f"<div class=row>{''.join(f'<span>{escape(button.label)}</span>' for button in row)}</div>"
        for row in reply.rows
    )
    return f"<div class=reply><div class=text>{reply.html}</div>{rows}</div>"


if __name__ == "__main__":
    sys.exit(main())
