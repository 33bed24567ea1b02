"""The sample articles keep the rough shapes they were written to show; their questions stay answerable."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import opencc
import pytest
import yaml
from bs4 import BeautifulSoup

FOLDER = Path(__file__).parent / "articles"
PATHS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.md"))
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (FOLDER / "questions.jsonl").read_text("utf-8").splitlines()
]
ANSWERABLE = [row for row in QUESTIONS if row["path"] is not None]
DRAFT = "2023/地铁5号线试运行.md"
IMAGES = "2021/组图-雪后的老码头.md"
PARTS = re.compile(r"\A\s*(---|\+\+\+)\n(?P<front>.*?)\n\1\n(?P<body>.*)\Z", re.DOTALL)
SIMPLIFIED = opencc.OpenCC("t2s")

SHAPES = [
    ("a blank line before the front matter", "2022/maisui-3-4.md", r"\A\n---\n"),
    ("no closing newline", "2022/maisui-3-4.md", r" \Z"),
    (
        "2021: categories indented by four",
        "2021/2021-03-18-17路公交改线.md",
        r"categories: \n    - 本地\n    - 蓝河晚报\n",
    ),
    (
        "2022: categories indented by one, and headimg",
        "2022/maisui-3-4.md",
        r"categories: \n - 编程\n.*\nheadimg: 'https://picsum",
    ),
    ("categories as a flow list", "2022/云雀岭春茶记.md", r"\ncategories: \[生活, 茶\]\n"),
    ("categories in a list of lists", "2022/薑汁芋圓.md", r"\ncategories:\n- \[食譜, 甜點\]"),
    ("categories as one string", "2022/嶼南圖書館深夜開館.md", r"\ncategories: 文化\ntags:\n- "),
    ("tags as one string", "2023/小学生每天多晒四十分钟太阳.md", r"\ntags: 近视, 户外课, 学校\n"),
    ("title in single quotes", "2022/路灯与夜蛾.md", r"\ntitle: '[^']+'\n"),
    ("title without quotes", "2021/北汀岛灯塔.md", r"\ntitle: 北"),
    ("title in seven double quotes", "2021/杉嶺森林小火車.md", r"\ntitle: \"{7}'"),
    ("title in nine double quotes", "2022/凌晨三点的面包店.md", r"\ntitle: \"{9}'"),
    (
        "quotes inside the title's quotes",
        "2021/the-ferrymans-kettle.md",
        r"\ntitle: \"{9}'\"The ferryman's kettle\"'\"{9}\n",
    ),
    ("title that parses as a date", "2021/2021-04-02.md", r"\ntitle: 2021-04-02\n"),
    ("title over three lines", "2023/钟表博物馆.md", r"\ntitle: '[^'\n]+\n[^'\n]+\n[^'\n]+'\n"),
    (
        "colon in an unquoted title",
        "2023/credit-union-drops-fee.md",
        r"\ntitle: Ostrey Vale Credit Union: no",
    ),
    ("hash in an unquoted title", "2023/星鴉小屋だより-14.md", r"\ntitle: 星鴉小屋だより #14\n"),
    ("title that is the beginning of the text", "2022/快讯-澜藻生物.md", r"\ntitle: '【.*\.\.\.'\n"),
    ("date of RFC 2822", "2022/路灯与夜蛾.md", r"\ndate: Thu, 18 Aug 2022 00:00:00 GMT\n"),
    ("date and time without a zone", "2021/北汀岛灯塔.md", r"\ndate: 2021-03-22 04:49:32\n"),
    ("ISO date with a zone", "2022/云雀岭春茶记.md", r"\ndate: 2022-04-11T07:30:00\+08:00\n"),
    ("date alone", "2024/海龜小滿回家了.md", r"\ndate: 2024-05-21\n"),
    ("Invalid Date", "2022/快讯-澜藻生物.md", r"\ndate: Invalid Date\n"),
    ("no author", "2024/海龜小滿回家了.md", r"\A(?!.*\nauthor:)"),
    ("empty pictures", "2022/路灯与夜蛾.md", r"\nheadimg: ''\n.*\nthumbnail: ''\n"),
    ("thumbnail without a value", "2021/comet-5-2-0.md", r"\nthumbnail: \n"),
    ("link of its own", "2022/data-center-pool.md", r"\nlink: https://"),
    ("canonical link", "2022/pebblelog-2-0.md", r"\ncanonical_url: https://"),
    ("permalink", "2022/云雀岭春茶记.md", r"\npermalink: /tea/"),
    (
        "Hugo's TOML and shortcode",
        "2024/swing-bridge.md",
        r"\A\+\+\+\ntitle = .*\n\+\+\+\n.*\{\{< figure .*<!--more-->",
    ),
    ("draft", DRAFT, r"\ndraft: true\n"),
    (
        "paragraphs in <p> with a full-width indent",
        "2021/2021-03-18-17路公交改线.md",
        r"<p cms-style=\"font-L\">　　",
    ),
    ("paragraphs by <br><br>", "2021/北汀岛灯塔.md", r"<br><br>\n\n(?!.*<p>)"),
    ("bare text and one raw newline", "2022/快讯-澜藻生物.md", r"<div>   \n[^<>\n]+\n[^<>\n]+\n</div>"),
    ("one bare block in a <div>", "2022/凌晨三点的面包店.md", r"<div class=\"p_mainnew\">\n(?!.*<p>)"),
    ("<li> without <ul>, <p> in <li>", "2021/comet-5-2-0.md", r"<li class=[^<]+\n\s+<p class(?!.*<ul)"),
    ("nested <ul>", "2021/2021-04-02.md", r"<ul><li><ul><li>"),
    ("<ul> straight in a <ul>", "2024/walking-bus.md", r"</li>\n<ul><li>"),
    ("nested <font>", "2022/data-center-pool.md", r"<font cms-style=\"[^\"]+\"><font "),
    ("a <span> around each run", "2022/路灯与夜蛾.md", r"</span><span style=\"font-size:16px\">"),
    ("HTML table", "2023/credit-union-drops-fee.md", r"<table>\n<thead>"),
    ("HTML table with <p> in its cells", "2023/小学生每天多晒四十分钟太阳.md", r"<td><p>"),
    ("Markdown table and quote", "2022/薑汁芋圓.md", r"\n\|------\|-----:\|\n.*\n> "),
    ("<pre>", "2022/maisui-3-4.md", r"<pre><code>"),
    ("fenced code and a footnote", "2022/pebblelog-2-0.md", r"\n```go\n.*\n\[\^space\]: "),
    ("Markdown headings, lists and links", "2022/pebblelog-2-0.md", r"\n## .*\n- \*\*.*\[forum\]\(https://"),
    ("a poem by <br>", "2021/the-ferrymans-kettle.md", r"(,|;|\w)<br>\n"),
    ("angle brackets in the prose", "2022/maisui-3-4.md", r"<= 64.*<麦穗插件开发约定>"),
    ("U+00A0", "2022/maisui-3-4.md", r"<p>\u00a0</p>"),
    ("entities", "2024/walking-bus.md", r"&ldquo;.*&rdquo;"),
    ("an editor's line", "2021/2021-03-18-17路公交改线.md", r"<p class=\"article-editor\">责任编辑："),
    ("a source line", "2021/2021-03-18-17路公交改线.md", r">　　来源："),
    (
        "the original title as a paragraph",
        "2022/data-center-pool.md",
        r"<p class=\"ori_titlesource\">　　原标题：",
    ),
    (
        "an advert for an app, styles with written-out braces",
        "2021/2021-03-18-17路公交改线.md",
        r"<style>.*&#123;.*APP</div>",
    ),
    ("a comment with markup and text", "2022/data-center-pool.md", r"<!-- <div class=\"more\"><p>\w"),
    ("<script> and <iframe>", "2022/路灯与夜蛾.md", r"<script>.*</script>\n<iframe "),
    ("<noscript> twin of a picture", "2022/linnet-2-wakes-up.md", r"<noscript><img "),
    (
        "share icons and a copyright line",
        "2021/the-ferrymans-kettle.md",
        r"class=\"author_copyright\"> ©.*<i class=\"fa ",
    ),
]


def raw(path: str) -> str:
    """The article as it stands in its file."""
    return (FOLDER / path).read_text("utf-8")


def parts(path: str) -> tuple[str, str]:
    """Front matter and body."""
    found = PARTS.match(raw(path))
    assert found, path
    return found["front"], found["body"]


def visible(path: str) -> str:
    """What a reader sees of the body: an HTML body without its markup, a Markdown body as it is."""
    body = parts(path)[1]
    if "<div>" not in body:
        return body
    soup = BeautifulSoup(body, "html.parser")
    for unseen in soup(["script", "style"]):
        unseen.decompose()
    return soup.get_text()


def language(text: str) -> str:
    """The language of a sample article, told by its letters."""
    if re.search(r"[ぁ-ヿ]", text):
        return "ja"
    if re.search(r"[가-힣]", text):
        return "ko"
    if not re.search(r"[一-鿿]", text):
        return "es" if re.search(r"\bel\b", text) else "en"
    changed = sum(a != b for a, b in zip(text, SIMPLIFIED.convert(text), strict=False))
    return "zh-Hant" if changed > len(text) / 50 else "zh-Hans"


def kind(row: dict[str, Any]) -> str:
    """What the languages of a question and of its article make of it."""
    if row["path"] is None:
        return "unanswerable"
    asked, written = row["language"], language(visible(row["path"]))
    if asked == written:
        return "same-language"
    return "other-script" if {asked, written} == {"zh-Hans", "zh-Hant"} else "cross-language"


def test_there_are_posts_in_many_languages() -> None:
    """A newcomer finds something to ask about, whatever the language."""
    counts = Counter(language(visible(path)) for path in PATHS if path != IMAGES)
    least = {"zh-Hans": 12, "zh-Hant": 5, "en": 8, "ja": 4, "ko": 1, "es": 1}
    assert {name: counts[name] for name in least if counts[name] < least[name]} == {}


@pytest.mark.parametrize(("path", "pattern"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_shape_is_present(path: str, pattern: str) -> None:
    """Each rough shape of real feed posts stands in the sample post that shows it."""
    assert re.search(pattern, raw(path), re.DOTALL)


def test_some_front_matter_is_broken_yaml() -> None:
    """Titles as broken as real ones are: a YAML parser alone fails on these four."""
    broken = set()
    for path in (path for path in PATHS if not raw(path).startswith("+++")):
        try:
            yaml.safe_load(parts(path)[0])
        except yaml.YAMLError:
            broken.add(Path(path).stem)
    assert broken == {"杉嶺森林小火車", "凌晨三点的面包店", "the-ferrymans-kettle", "credit-union-drops-fee"}


def test_one_post_is_pictures_alone() -> None:
    """There is nothing to index in it, and nothing to fail on."""
    assert visible(IMAGES).strip() == ""


def test_one_paragraph_is_very_long() -> None:
    """A passage cannot always be a paragraph."""
    paragraphs = BeautifulSoup(parts("2023/钟表博物馆.md")[1], "html.parser")("p")
    assert max(len(re.findall(r"[一-鿿]", p.get_text())) for p in paragraphs) >= 1000


def test_two_posts_report_one_story() -> None:
    """They share one paragraph word for word, and another nearly."""
    full, brief = (set(visible(f"2023/{name}.md").split("\n")) for name in ("青潭马拉松改期", "青潭马拉松推迟三周"))
    assert any(len(line) > 40 for line in full & brief)
    assert [line for line in full - brief if "豆雁比往年" in line]
    assert [line for line in brief - full if "豆雁比往年" in line]


def test_questions_are_enough_and_of_all_kinds() -> None:
    """Sixty and more, a dozen without an answer, and no question twice."""
    kinds = Counter(row["kind"] for row in QUESTIONS)
    assert len(QUESTIONS) >= 80
    assert kinds["cross-language"] >= 12
    assert kinds["other-script"] >= 8
    assert kinds["unanswerable"] >= 16
    assert len({row["question"] for row in QUESTIONS}) == len(QUESTIONS)


def test_questions_are_what_they_say() -> None:
    """A question's kind agrees with its article's language; it has an answer where it has an article."""
    keys = {"question", "path", "answers", "language", "kind"}
    assert [row for row in QUESTIONS if set(row) != keys or bool(row["answers"]) != bool(row["path"])] == []
    assert [row for row in QUESTIONS if row["kind"] != kind(row)] == []


def test_answers_stand_once_in_their_article() -> None:
    """A hit that holds the answer is the right passage, not another one of the article."""
    answers = [(row["path"], answer) for row in ANSWERABLE for answer in row["answers"]]
    assert [pair for pair in answers if visible(pair[0]).count(pair[1]) != 1] == []
    assert all(2 <= len(answer) <= 20 for _, answer in answers)


def test_every_post_with_text_is_asked_about() -> None:
    """The draft and the pictures are not: nothing may be answered from them."""
    assert {row["path"] for row in ANSWERABLE} == set(PATHS) - {DRAFT, IMAGES}


def test_the_draft_alone_would_answer_one_question() -> None:
    """Whoever answers it has read a draft."""
    assert [path for path in PATHS if "地铁5号线" in visible(path)] == [DRAFT]
    assert [row["kind"] for row in QUESTIONS if "地铁5号线" in row["question"]] == ["unanswerable"]
