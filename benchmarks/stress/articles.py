"""Hostile articles: made of pieces that readers have stumbled over, and a few as large as may be."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.stress import child
from benchmarks.stress.child import Ended
from benchmarks.stress.hostile import PATHS, PIECES, QUESTIONS
from benchmarks.stress.tally import Tally
from benchmarks.stress.world import CheapEncoder
from bot import replies
from bot.conversation import Asker, Conversation
from bot.feedback import Feedback
from bot.languages.language import language_for
from bot.listings import Listings
from bot.markup import to_html
from bot.sheets import Sheet, Sheets
from bot.sqlite import SqliteDatabase
from retrieval.errors import BadQuestion
from retrieval.indexing.analysis import runs, tokens
from retrieval.indexing.build import build_index
from retrieval.reading import budget, files, post
from retrieval.reading.files import UnreadableFile
from retrieval.reading.links.fragments import fragment
from retrieval.reading.links.resolve import resolve
from retrieval.reading.links.site import from_settings
from retrieval.reading.sentences import sentences
from retrieval.records import Filter, Hit
from retrieval.searching.retriever import Retriever

INPUTS = 100_000
BATCH = 1_000
LONGEST = 3_000
"""Characters of a small article."""
EACH = 5
"""Seconds for one small article."""
SLACK = 10
"""Seconds beyond the budget for a large one: the machine may be busy."""
MEMORY_MB = 2_500
SUBJECT = "articles"
SITES = [
    from_settings("https://site.example", "p/:abbrlink.html", abbrlink="crc16-hex"),
    from_settings("https://site.example", ":year/:month/:day/:title/"),
    from_settings("https://site.example", "/:categories/:title.html", generator="jekyll"),
    from_settings("https://site.example", "/:slug/", generator="hugo"),
]


def run(folder: Path, scale: float, chance: random.Random) -> list[Tally]:
    """All that articles and questions may try."""
    return [
        fuzz(round(INPUTS * scale), chance.randrange(1 << 30)),
        large(scale),
        folder_of_traps(folder / "traps"),
    ]


def hostile(chance: random.Random) -> str:
    """An article of random pieces."""
    pieces = chance.choices(PIECES, k=chance.randrange(1, 9))
    if chance.random() < 0.4:
        pieces.insert(0, "---\n")
        pieces.insert(chance.randrange(1, len(pieces) + 1), "\n---\n")
    return "".join(piece * chance.choice((1, 1, 1, 1, 1, 1, 2, 20)) for piece in pieces)[:LONGEST]


def read(path: str, text: str) -> None:
    """All that is done with an article's text, up to what Telegram is sent; raises nothing but UnreadableFile."""
    data = text.encode("utf-8", "surrogatepass")
    found = post.read(path, files.decode(data))
    texts = [passage.text for passage in found.passages]
    for site in SITES:
        link = resolve(path, found.front, site)
        if link.url is not None and not _is_harmless(link.url):
            raise AssertionError(f"a link to {link.url!r}")
    for text in texts:
        if not sentences(text):
            raise AssertionError(f"no sentence in {text!r}")
        for each in runs(text):
            tokens(each)
    if not texts:
        return
    url = resolve(path, found.front, SITES[1]).url
    hits = tuple(
        Hit(text, 0.9, (0, min(9, len(text))), found.article, _linked(url, texts, at))
        for at, text in enumerate(texts[:3])
    )
    sheet = Sheet("x", 7, 7, texts[0][:100], texts[0][:100], True, hits, "g")
    for reply in (
        replies.answer(sheet, LANGUAGE),
        replies.titles(sheet, LANGUAGE),
        replies.paragraphs(sheet, 0, texts, None, LANGUAGE),
    ):
        html = to_html(reply.parts)
        if "<script" in html or 'href="javascript' in html.lower() or len(html.encode("utf-8", "replace")) > 32_768:
            raise AssertionError(f"sent to Telegram: {html[:200]}")


def _is_harmless(url: str) -> bool:
    """Whether it says where it leads: no other scheme, user, line end or invisible letter, no other alphabet."""
    parts = urlsplit(url)
    host = parts.netloc
    return (
        parts.scheme in ("http", "https")
        and "@" not in host
        and url.isprintable()
        and " " not in url
        and host.isascii()
    )


LANGUAGE = language_for("en")


def _linked(url: str | None, texts: Sequence[str], at: int) -> str | None:
    directive = fragment(texts, at)
    return None if url is None else url + (f"#{directive}" if directive else "")


def fuzz(inputs: int, seed: int) -> Tally:
    """Articles of random pieces, each within some seconds."""
    tally = Tally(SUBJECT, "articles of hostile pieces: read, split, linked, shown")
    started = time.perf_counter()
    firsts = range(0, inputs, BATCH)
    for pair in (firsts[at : at + 2] for at in range(0, len(firsts), 2)):
        batches = [child.start(lambda: _batch(seed, first, min(BATCH, inputs - first))) for first in pair]  # noqa: B023
        for first, batch in zip(pair, batches, strict=True):
            _count(tally, f"seed {seed}, inputs from {first}", batch.ended())
    tally.figures["milliseconds_each"] = round(1000 * (time.perf_counter() - started) / max(1, inputs), 2)
    return tally


def _count(tally: Tally, what: str, ended: Ended) -> None:
    if ended.said is None:
        tally.lose(f"{what}: {ended}"[:900])
        return
    tally.outcomes["survived"] += ended.said["read"]
    tally.outcomes["refused"] += ended.said["skipped"]
    for why in ended.said["lost"]:
        tally.lose(why)


def _batch(seed: int, first: int, count: int) -> dict[str, Any]:
    read_, skipped, lost = 0, 0, []
    for number in range(first, first + count):
        chance = random.Random(f"{seed}/{number}")
        path, text = chance.choice(PATHS), hostile(chance)
        # A read that hangs, in native code too, ends the child by the signal.
        signal.alarm(EACH)
        try:
            read(path, text)
            read_ += 1
        except UnreadableFile:
            skipped += 1
        except BaseException as exc:  # noqa: BLE001
            lost.append(f"random.Random('{seed}/{number}'): {type(exc).__name__}: {exc}"[:300])
        signal.alarm(0)
    return {"read": read_, "skipped": skipped, "lost": lost}


def large(scale: float) -> Tally:
    """Articles as large as may be, made to take time and memory."""
    tally = Tally(SUBJECT, "the largest articles: 50 MB in a line, 100,000 nested tags, bombs; time and memory")
    size = files.MAX_BYTES - 1_000
    makes: dict[str, Callable[[], str]] = {
        "50 MB in one line": lambda: "灯塔 " * (50_000_000 // 7),
        "one line": lambda: "灯塔 " * (size // 7),
        "100,000 nested tags": lambda: "<div>" * 100_000 + "灯塔" + "</div>" * 100_000,
        "100,000 nested quotes": lambda: ">" * 100_000 + "灯塔",
        "100,000 nested lists": lambda: "- " * 100_000 + "灯塔",
        "nested brackets": lambda: "[" * 100_000 + "灯塔",
        "tags without end": lambda: "<b>" * (size // 3),
        "table without end": lambda: "|a|b|\n|-|-|\n" + "|a|b|\n" * (size // 6),
        "emphasis": lambda: "*a_" * (size // 3),
        "alias bomb": _aliases,
        "merge bomb": lambda: _aliases(merged=True),
        "entity bomb": lambda: "&amp;" * (size // 5),
        "entities": lambda: (
            '<!DOCTYPE x [<!ENTITY a "' + "b" * 1_000 + '"><!ENTITY c "' + "&a;" * 1_000 + '">]>' + "&c;" * 1_000
        ),
        "long number": lambda: "---\ntitle: 0x" + "f" * 90_000 + "\n---\nx",
        "deep yaml": lambda: "---\n" + "- " * 40_000 + "x\n---\nx",
        "deep json": lambda: '{"a":' * 40_000 + "x",
        "null bytes": lambda: "\0" * size,
        "zero width": lambda: "\u200b" * (size // 3),
        "accents": lambda: "a" + "\u0301" * (size // 2),
        "right to left": lambda: "\u202e灯塔" * (size // 9),
        "words of 5,000 characters": lambda: ("x" * 5_000 + " ") * (size // 5_001),
        "footnotes": lambda: "[^a]: b\n" * (size // 8),
        "definitions": lambda: "a\n: b\n" * (size // 6),
    }
    names = list(makes)[:: max(1, round(0.2 / scale))]
    for name in names:
        ended = child.run(lambda: _measured(makes[name]()))  # noqa: B023
        if ended.said is None:
            tally.lose(f"{name}: {ended}"[:500])
            continue
        outcome, seconds, megabytes = ended.said
        figure = f"{name.replace(' ', '_').replace(',', '')}_s"
        tally.figures[figure] = seconds
        tally.figures["most_mb"] = max(tally.figures.get("most_mb", 0), megabytes)
        if seconds > budget.SECONDS + SLACK or megabytes > MEMORY_MB:
            tally.lose(f"{name}: {seconds} s, {megabytes} MB")
        elif outcome == "read":
            tally.survive()
        else:
            tally.refuse()
    return tally


def _measured(text: str) -> tuple[str, float, int]:
    started = time.perf_counter()
    signal.alarm(120)
    try:
        data = text.encode()
        outcome = "read" if post.read("a.md", _as_file(data)) else ""
    except UnreadableFile as exc:
        outcome = str(exc)
    return outcome, round(time.perf_counter() - started, 2), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _as_file(data: bytes) -> str:
    if len(data) > files.MAX_BYTES:
        raise UnreadableFile("too large")
    return files.decode(data)


def _aliases(*, merged: bool = False) -> str:
    """A few lines of YAML that stand for billions of values."""
    lines = ["a0: &a0 {x: 1}" if merged else "a0: &a0 [x]"]
    for level in range(1, 30):
        many = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} {{<<: [{many}]}}" if merged else f"a{level}: &a{level} [{many}]")
    return "---\n" + "\n".join(lines) + "\n---\n灯塔"


def folder_of_traps(folder: Path) -> Tally:
    """A folder of names, links, FIFOs and claims that mean no good; then questions and filters in query syntax."""
    tally = Tally(SUBJECT, "a folder of traps indexed; questions and filters in SQL and query syntax")
    shutil.rmtree(folder, ignore_errors=True)
    secret = folder / "secret.md"
    articles = folder / "articles"
    articles.mkdir(parents=True)
    secret.write_text("机密：保险柜的密码是四二七九。", encoding="utf-8")
    _set_traps(articles, secret)
    ended = child.run(lambda: _trapped(articles, folder / "index"))
    if ended.said is None:
        tally.lose(str(ended)[:900])
        return tally
    for why in ended.said["lost"]:
        tally.lose(why)
    tally.outcomes["survived"] += ended.said["survived"]
    tally.outcomes["refused"] += ended.said["refused"]
    return tally


def _set_traps(articles: Path, secret: Path) -> None:
    for name in ("a\nb.md", "quote'\".md", "\x1b[31mred.md", "%00.md", "-rf.md", "CON.md", "$(id).md", "a;b.md"):
        (articles / name).write_text(f"陷阱文章，文件名很奇怪。编号{name!r}。", encoding="utf-8")
    (articles / os.fsdecode(b"\xff\xfe.md")).write_text("名字不是文字的文章。", encoding="utf-8")
    (articles / "link.md").symlink_to(secret)
    (articles / "loop.md").symlink_to("loop.md")
    (articles / "up").symlink_to("..")
    (articles / "device.md").symlink_to("/dev/zero")
    os.mkfifo(articles / "fifo.md")
    (articles / "folder.md").mkdir()
    (articles / "binary.md").write_bytes(os.urandom(5_000))
    (articles / "empty.md").write_bytes(b"")
    claim = (
        "---\ntitle: 真文章\npath: other.md\nid: 0\nurl: javascript:alert(1)\n"
        'author: "x\'); DROP TABLE article;--"\n---\n'
    )
    (articles / "claim.md").write_text(claim + "自称是另一篇文章的文章。", encoding="utf-8")
    for number, claimed in enumerate(CLAIMS):
        (articles / f"claim-{number}.md").write_text(
            f"---\ntitle: 真文章\n{claimed}\n---\n第{number}篇自称的文章，讲的是别的事情{number}。", encoding="utf-8"
        )
    (articles / "other.md").write_text(
        "---\ntitle: 真文章\ndate: 2021-03-05\n---\n真正的文章讲的是渡轮改点的事情。", encoding="utf-8"
    )
    (articles / "surrogate.md").write_bytes(b"\xed\xa0\x80 lone surrogate text stands here")


CLAIMS = [
    "path: other.md",
    "permalink: 2021/03/05/other/",
    "slug: other",
    "abbrlink: other",
    "url: https://user:pass@evil.example/x",
    "url: https://bank.example@evil.example/x",
    "url: https://аррle.example/x",
    "url: https://bаnk.example/x",
    'url: "https://evil.example\\u200b.com/x"',
    'url: "https://evil.example/\\nx"',
    'url: "java\\tscript:alert(1)"',
    "url: http://0x7f.1/x",
    "url: data:text/html,x",
    "permalink: ../../../etc/passwd",
    'slug: "..\\\\.."',
]
"""Front matter of articles that claim to be another, or to be elsewhere."""


def _trapped(articles: Path, index: Path) -> dict[str, Any]:
    signal.alarm(300)
    report = build_index(articles, index, encoder=CheapEncoder(), site=SITES[1])
    lost, survived, refused = [], report.articles, len(report.skipped)
    with Retriever.open(index, encoder=CheapEncoder()) as retriever:
        if any("四二七九" in hit.text for hit in retriever.search("保险柜的密码", k=20)):
            lost.append("a link out of the folder was followed")
        hits = retriever.search("自称 渡轮 文章", k=50)
        lost += [f"linked to {hit.url}" for hit in hits if hit.url and not _is_harmless(hit.url)]
        lost += [f"{hit.article.path} has the place of other.md" for hit in hits if _poses(hit)]
        survived += len(hits)
        conversation = Conversation(retriever, Sheets(_in_memory), Listings(_in_memory), Feedback(_in_memory))
        for question in QUESTIONS:
            for where in (None, Filter(category=question), Filter(author=question)):
                try:
                    retriever.answer(question, where=where)
                    survived += 1
                except BadQuestion:
                    refused += 1
            for text in (question, f"author:{question} {question}", f'category:"{question}"', f"after:{question}"):
                conversation.search(text, Asker(7, 7, LANGUAGE))
                survived += 1
    return {"lost": lost, "survived": survived, "refused": refused}


def _poses(hit: Hit) -> bool:
    """Whether an article's text stands under the path or the address of `other.md`."""
    real = "渡轮改点" in hit.text
    taken = hit.article.path == "other.md" or (hit.url or "").startswith("https://site.example/2021/03/05/other/")
    return taken and not real


def _in_memory(schema: str) -> SqliteDatabase:
    return SqliteDatabase(None, schema)
