"""Bodies to passages: what a reader sees, paragraph by paragraph."""

from __future__ import annotations

import unicodedata

import pytest

from retrieval.reading import post

# Each is long enough to stand alone as a passage.
A = (
    "港口的潮汐表从今天起贴在灯塔的门上，渔民出海之前都可以看到当天的涨潮和退潮时间，还有第二天的风向预报。"
    "表格由气象站的两名职员轮流抄写，每天清晨五点半贴出，遇到台风就改成每三个小时更新一次。"
    "不识字的老人也不用发愁，涨潮画一条蓝线，退潮画一条红线，线越长，潮水就来得越高，走得也越远，站在码头上一眼就能看清楚。"
)
B = (
    "灯塔的值守人说，过去大家要走到镇政府才能看到潮汐表，来回要花一个小时，冬天路上结冰的时候尤其不方便。"
    "有一年腊月，两条船因为记错了退潮的时辰搁浅在沙洲上，第二天中午才被拖回来，船底的木板换了十几块。"
    "从那以后，他就想把表贴到离船最近的地方，只是门板太旧，一直等到今年春天换了新门，这件事才办成，他自己掏钱买了图钉和油纸。"
)
E1 = (
    "The harbour office prints the tide table every morning at six, and a volunteer pins it to the lighthouse door "
    "before the first boats leave. Two clerks of the weather station take turns to copy the figures by hand, because "
    "the old printer smears the ink whenever the fog comes in. A blue line stands for high water and a red line for "
    "low water, so that even the children who carry the bait can tell from the pier how long the sandbar will stay dry."
)
E2 = (
    "In winter the keeper also chalks the wind forecast on a slate, because paper does not last an hour in the spray "
    "that comes over the wall. He learned the habit from his aunt, who kept the light before him and wrote the name "
    "of every boat that was still out on the same slate. On some nights, he says, the list was longer than the "
    "forecast, and nobody in the village went to bed before the last name on it had been wiped away with a wet sleeve."
)


def _texts(body: str, path: str = "a.md") -> list[str]:
    return [passage.text for passage in post.read(path, body).passages]


@pytest.mark.parametrize(
    "body",
    [
        f"<div><p>{A}</p><p>{B}</p></div>",
        f"<div>\n<p>　　{A}</p>\n\n<p>　　{B}</p>\n</div>",
        f"<div>{A}<br><br>{B}</div>",
        f"<div>{A}<br>\n<br/>\n{B}</div>",
        f"<div>{A}<br>{B}</div>",
        f"<div>\n{A}\n{B}\n</div>",
        f"<div>{A}<p>{B}</p></div>",
        f"<div><div>{A}</div><div>{B}</div></div>",
        f"<div><li>{A}</li><li><p>{B}</p></li></div>",
        f"<ul><li><ul><li>{A}</li></ul></li><li>{B}</li></ul>",
        f"<table><tr><td>{A}</td></tr><tr><td><p>{B}</p></td></tr></table>",
        f"<blockquote>{A}</blockquote><figure><img src='x'><figcaption>{B}</figcaption></figure>",
        f"<p><font><font>{A[:9]}</font>{A[9:20]}</font><span style='x'>{A[20:]}</span></p><p>{B}</p>",
        f"<!-- <p>流程编辑：某某</p> --><p>{A}</p><style>.x&#123;color:red&#125;</style><script>1</script><p>{B}</p>",
        f"<p>{A}</p><iframe src='x'>no frames</iframe><noscript><p>{A}</p></noscript><p>{B}</p>",
        f"<p>{A}</p><p>\xa0</p><p>　</p><p>{B}</p><p class='article-editor'>责任编辑：某某 </p>",
        f"<p>来源：港口日报</p><p>{A}</p><p>{B}</p><p>责任编辑：某某</p>",
        f"<p>{A}</p><p>{B}</p><div class='share-icons'>分享到：微信 微博</div>",
        f"<p>{A}</p><p style='display:none'>看不见的字</p><p>{B}</p>",
        f"{A}\n\n{B}",
        f"{A}\r\n\r\n{B}\r\n".replace("\r\n", "\n"),
        f"- {A}\n- {B}",
        f"> {A}\n\n{B}",
        f"{A}\n{{: .lead}}\n\n{B}",
        f"{{% note info %}}\n{A}\n{{% endnote %}}\n\n{B}\n{{{{< figure src='x.png' >}}}}",
        f"{A}\n<!--more-->\n\n{B}",
        f"[TOC]\n\n**{A}**\n\n{B}",
        f"{A}\n\n---\n\n{B}",
    ],
)
def test_paragraphs_are_found_whatever_marks_them(body: str) -> None:
    assert _texts(body) == [A, B]


@pytest.mark.parametrize("body", [f"<p>{E1}</p><p>{E2}</p>", f"{E1}\n\n{E2}", f"{E1[:62]}\n{E1[63:]}\n\n{E2}"])
def test_a_wrapped_line_is_one_paragraph(body: str) -> None:
    assert _texts(body) == [E1, E2]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("显卡RTX \n3060的价格", "显卡RTX 3060的价格"),
        ("港口<b>潮</b>汐<i>表</i>", "港口潮汐表"),
        (
            "依照<中华人民共和国海上交通安全法>和 a <= b & c 办理",
            "依照<中华人民共和国海上交通安全法>和 a <= b & c 办理",
        ),
        ("&lt;div&gt; &amp; &#123;x&#125;&nbsp;y", "<div> & {x} y"),
        ("一句话被\n断成两行", "一句话被断成两行"),
        ("one&nbsp;&nbsp;two\tthree", "one two three"),
        ("<b>潮</b>\u200b汐\ufeff表 \u200b <b>T</b>ide\u200b\u200btable\u200b\n\u200b", "潮汐表 Tidetable"),
        ("潮\u200b\n汐", "潮汐"),
        ("ทะเล\u200b\u200bสงบ ពាក្យ\u200bថ្មី", "ทะเล สงบ ពាក្យ ថ្មី"),
    ],
)
def test_inline_marks_never_split_a_word(markup: str, text: str) -> None:
    assert _texts(f"<div><p>{markup}</p></div>") == [text]


def test_a_lone_line_joins_its_neighbour() -> None:
    assert _texts(f"<p>7月28日</p><p>{A}</p><p>{B}</p><p>完</p>") == [f"7月28日\n{A}", f"{B}\n完"]


def test_headings_open_the_passage_below_and_stay_its_context() -> None:
    passages = post.read("a.md", f"# 潮汐\n\n## 时间\n\n{A}\n\n{B}\n\n## 风向\n\n{E1}").passages
    assert [passage.text for passage in passages] == [f"潮汐\n时间\n{A}", B, f"风向\n{E1}"]
    assert [passage.headings for passage in passages] == [
        ("潮汐", "时间"),
        ("潮汐", "时间"),
        ("潮汐", "风向"),
    ]


def test_a_bold_line_alone_is_a_heading() -> None:
    assert post.read("a.md", f"<p><strong>潮汐</strong></p><p>{A}</p><p>{B}</p>").passages[1].headings == ("潮汐",)


def test_a_mark_without_width_leaves_a_bold_line_a_heading() -> None:
    body = f"<p><strong>潮汐</strong>\u200b</p><p>{A}</p><p>{B}</p>"
    assert post.read("a.md", body).passages[1].headings == ("潮汐",)


def test_verse_and_short_items_are_gathered() -> None:
    verse = "<p>The lamp is lit<br>above the bay<br>and every boat<br>comes home to stay.</p>"
    assert _texts(verse) == ["The lamp is lit\nabove the bay\nand every boat\ncomes home to stay."]
    assert _texts("<ul><li>书名：《潮汐》</li><li>作者：林舟</li><li>价格：12 元</li></ul>") == [
        "书名：《潮汐》\n作者：林舟\n价格：12 元"
    ]


def test_code_stays_whole_with_its_line_breaks() -> None:
    body = f"{E1}\n\n```python\ndef tide(hour):\n    # {{{{< not a shortcode >}}}}\n    return hour * 2\n```\n\n{E2}"
    code = "def tide(hour):\n    # {{< not a shortcode >}}\n    return hour * 2"
    assert _texts(body) == [f"{E1}\n{code}", E2]


def test_cells_of_a_row_do_not_glue() -> None:
    assert _texts("| 港口 | 涨潮 |\n|---|---|\n| 北汀 | 06:10 |\n") == ["港口\t涨潮\n北汀\t06:10"]


def test_a_passage_over_the_models_window_is_cut_between_sentences() -> None:
    texts = _texts("<p>" + A * 40 + "</p>")
    assert len(texts) >= 3
    assert "".join(texts) == A * 40
    assert all(text.endswith("。") for text in texts)
    assert max(map(len, texts)) < 1.5 * min(map(len, texts))


def test_a_sentence_over_the_models_window_is_cut_too() -> None:
    assert "".join(_texts("<p>" + "潮" * 5_000 + "</p>")) == "潮" * 5_000


@pytest.mark.parametrize(
    "text",
    [
        "วันนี้ทะเลสงบมาก เราเดินไปที่ท่าเรือเก่ากับเพื่อนๆ " * 60,
        "आज समुद्र शांत था। हम बंदरगाह पर गए। " * 60,
        "ယနေ့ ပင်လယ်ပြင် ငြိမ်သက်သည်။ ဆိပ်ကမ်းသို့ သွားကြသည်။ " * 40,
        "هل كان البحر هادئا اليوم؟ ذهبنا إلى الميناء القديم؛ " * 40,
        "The sea was calm today and " * 100,
    ],
    ids=["Thai", "Hindi", "Burmese", "Arabic", "no marks"],
)
def test_a_cut_falls_between_sentences_or_words_of_any_script(text: str) -> None:
    found = [passage.text for passage in post.read("a.md", text).passages]
    ends = set(text.split())
    assert len(found) > 1
    assert all(piece.split()[0] in ends and piece.split()[-1] in ends for piece in found)
    if any(mark in text for mark in "।။؟"):
        assert all(piece[-1] in "।။؟؛" for piece in found)


def test_a_cut_never_parts_a_mark_from_its_letter() -> None:
    found = [passage.text for passage in post.read("a.md", "ทะเลสงบที่ท่าเรือเก่า" * 100).passages]
    assert len(found) > 1
    assert not any(unicodedata.category(piece[0]) == "Mn" for piece in found)


def test_an_image_alone_gives_no_passage() -> None:
    assert _texts("<div><p><img src='x.jpg'></p><p> \xa0 </p></div>") == []


def test_plain_text_and_whole_pages_are_read() -> None:
    assert _texts(f"{A}\n\n{B}", "a.txt") == [A, B]
    page = post.read("a.html", f"<html><head><title>潮汐表</title></head><body><p>{A}</p></body></html>")
    assert (page.article.title, [passage.text for passage in page.passages]) == ("潮汐表", [A])


def test_deep_nesting_and_floods_do_not_hang() -> None:
    assert _texts("<div>" * 20_000 + A + "</div>" * 20_000) == [A]
    assert _texts("<p>" + "\u200b" * 100_000 + A + "</p>") == [A]
