"""HTML bodies: the visible text and nothing else, in linear time."""

from __future__ import annotations

import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.reading import html, post
from retrieval.reading.elements import MAX_DEPTH, events
from retrieval.reading.lines import Kind


def _lines(markup: str) -> list[str]:
    return [line.text for line in html.read(events(markup)).lines]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>退潮<p>涨潮", ["退潮", "涨潮"]),
        ("<p hidden>看不见<p>看得见", ["看得见"]),
        ("<ul><li>一号码头<li>二号码头</ul>", ["一号码头", "二号码头"]),
        ("<dl><dt>潮差<dd>高低之差</dl>", ["潮差", "高低之差"]),
        ("<table><tr><td>港口<td>时间<tr><td>北汀<td>六点</table>", ["港口\t时间", "北汀\t六点"]),
        ("<table><tr><td><p>港口</td><td></div>时间</table>", ["港口", "时间"]),
        ("<b>粗<p>体</b>字</p>后", ["粗", "体字", "后"]),
        ("一</p>二</br>三", ["一", "二", "三"]),
        ("<div/>甲<div/>乙", ["甲", "乙"]),
        ("<p/>甲<p/>乙", ["甲", "乙"]),
        ("潮高<3米，</3>a<b，<中文>完", ["潮高<3米，a完"]),
        ("潮高<3米，a < b，<中文>完", ["潮高<3米，a < b，<中文>完"]),
        ("<!-- <p>旧</p> --!>新<!>鲜<?php 1 ?>的<!-->鱼", ["新鲜的鱼"]),
        ("<p title='a>b' data-x=c\"d>鱼</p><p a=\"'>\">虾</p>", ["鱼", "虾"]),
        ("<SCRIPT>x</p>1</Script ><style>p{}</style>虾<noscript>旧</noscript>", ["虾"]),
        ("<iframe src=x>蟹<p>贝", ["蟹", "贝"]),
        ("<iframe>旧</iframe>蟹<textarea>填写</textarea><select><option>选</select>", ["蟹"]),
        ("<ruby>汐<rp>(</rp><rt>しお</rt><rp>)</rp></ruby>", ["汐しお"]),
        ("&lt;b&gt; &amp;amp; &copy2022 &#x6f6e; &#99999999999999999999; &zzz;", ["<b> &amp; ©2022 潮 \ufffd &zzz;"]),
        ("<details><summary>潮</summary>汐</details>", ["潮", "汐"]),
        ("<dialog>关</dialog><dialog open>开</dialog>", ["开"]),
        ("<p>读 <button>分享</button> 完", ["读", "完"]),
        ("<button>没有关上的按钮" + "潮" * 60, ["没有关上的按钮" + "潮" * 60]),
        ("<h2>潮<a class='headerlink' href='#x'>¶</a></h2>", ["潮"]),
        ("<h2>潮<a class='header-anchor'>#</a></h2>", ["潮"]),
        ("<p>读<svg><title>图标</title><path/></svg>完</p>", ["读完"]),
        ("<nav><a>首页</a></nav><ul id='markdown-toc'><li>潮</ul><h2>潮</h2>", ["潮"]),
        ("<span style='display: block'>甲</span><span style='display:inline'>乙</span>丙", ["甲", "乙丙"]),
        (
            "<span class=katex><span class=katex-mathml><math>x</math></span><i class=katex-html>x</i></span>",
            ["x"],
        ),
        ("<mjx-container><mjx-math>x</mjx-math><mjx-assistive-mml>x</mjx-assistive-mml></mjx-container>", ["x"]),
        ("<p class='sr-only'>给读屏的</p>汐", ["汐"]),
        ("完。<a href=x", ["完。"]),
        ("<h2><div>标题</div></h2>", ["标题"]),
        ("<p style='white-space: pre-wrap'>早潮\n晚潮</p><p>早\n晚</p>", ["早潮", "晚潮", "早晚"]),
        ("<div style='white-space:pre-line'>\n早潮\n<p>晚潮\n夜</p></div>潮\n汐", ["早潮", "晚潮", "夜", "潮汐"]),
        ("<p style='white-space:pre-wrap'>早<b style='white-space:normal'>潮\n与</b>晚\n夜", ["早潮与晚", "夜"]),
        ("<u style='white-space:pre'>早\n晚<div>夜</u>潮\n汐</div>港\n口", ["早", "晚", "夜潮汐", "港口"]),
    ],
)
def test_text_is_what_browsers_show(markup: str, expected: list[str]) -> None:
    assert _lines(markup) == expected


def test_code_keeps_its_lines_and_loses_the_numbers_beside_it() -> None:
    markup = (
        "<figure class='highlight'><table><tr><td class='gutter'><pre>1<br>2</pre></td><td><pre>"
        "<span class='line'>if tide:</span><br><span class='line'>    sail()</span></pre></td></tr></table></figure>"
        "<pre>a<div>b</div>c</pre>"
    )
    found = html.read(events(markup))
    assert [(line.text, line.kind) for line in found.lines] == [
        ("if tide:\n    sail()", Kind.CODE),
        ("a\nb\nc", Kind.CODE),
    ]
    assert [(out.rule, out.text) for out in found.left_out] == [("line numbers", "12")]


def test_what_is_left_out_is_told_with_its_rule() -> None:
    body = "<p>潮汐表</p><div class='share-bar'>分享 微信</div><p style='display: none'>无</p><p>责任编辑：某</p>"
    found = post.read("a.md", body)
    assert [passage.text for passage in found.passages] == ["潮汐表"]
    assert [(out.rule, out.text) for out in found.left_out] == [
        ("class share", "分享 微信"),
        ("credit", "责任编辑：某"),
    ]


def test_no_passage_runs_across_what_is_left_out() -> None:
    body = "<p>退潮</p><div class='ad'>买鱼</div><p>涨潮</p>"
    assert [passage.text for passage in post.read("a.md", body).passages] == ["退潮", "涨潮"]


def test_a_class_name_never_drops_much_text() -> None:
    long = "潮水" * 150
    assert _lines(f"<div class='copyright'>{long}</div>") == [long]


N = 100_000


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * N + "潮" + "</div>" * N,
        "<div>" * N + "潮",
        "<p>潮" * N,
        "<ul>" + "<li>潮" * N,
        "<b>" * N + "潮" + "<p>" * N,
        "<b><div>" * (N // 2) + "</b>" * (N // 2),
        "<div class='ad'>潮" * N,
        "<table><tr><td>" * (N // 3) + "潮",
        "<pre>" * N + "潮",
        "<h2>潮</h2>" * (N // 3),
        "<a " * N,
        "<a b='" * N,
        "<!--" * N,
        "<![CDATA[" * N,
        "<?" * N,
        "<iframe>" * N,
        "<script>" * N,
        "<" * N,
        "</" * N,
        "&" * N,
        "&amp;" * N,
        "&#9999999999" * N,
        "\u200b" * 10 * N,
        "<p class='" + "x " * 20 * N + "'>潮",
        "<p>" + "x" * 5_000 + "</p>",
        "潮\n" * N,
        "<p>" + "潮\n" * N,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_hostile_bodies_are_read_quickly(body: str) -> None:
    started = time.thread_time()
    post.read("a.html", body)
    assert time.thread_time() - started < 4


def test_text_below_the_greatest_depth_is_kept() -> None:
    assert (
        "".join(_lines("<div>甲" * (MAX_DEPTH + 50) + "</div>" * (MAX_DEPTH + 50) + "乙"))
        == "甲" * (MAX_DEPTH + 50) + "乙"
    )


WORDS = st.sampled_from(
    ["潮汐", "灯塔", "the pier", "RTX 3060", "時刻表", "3.5 米", "a < b", "“引号”", "x&y", "、", "한글"]
)
INLINE = st.sampled_from(["b", "i", "a", "span", "font", "em", "code", "strong", "u", "sub"])
BLOCK = st.sampled_from(["div", "p", "h2", "blockquote", "li", "section", "figure", "td", "pre", "summary"])
UNSEEN = st.sampled_from(
    [
        "<script>var a=1</script>",
        "<style>p{}</style>",
        "<!-- 旧 -->",
        "<br>",
        "<img src=x alt=图>",
        "\n",
        "<wbr>",
        "\u3000",
    ]
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _inside(tag: str, parts: list[str]) -> str:
    return f"<{tag}>{''.join(parts)}</{tag}>"


RUN = WORDS.map(_escaped) | UNSEEN
PHRASE = st.recursive(RUN, lambda inner: st.builds(_inside, INLINE, st.lists(inner, max_size=3)), max_leaves=6)
BODY = st.recursive(
    st.lists(PHRASE, max_size=4).map("".join),
    lambda inner: st.builds(_inside, BLOCK.filter(lambda tag: tag != "p"), st.lists(inner, max_size=4)),
    max_leaves=12,
)


def _visible(markup: str) -> str:
    soup = BeautifulSoup(markup, "html.parser")
    for unseen in soup(["script", "style"]):
        unseen.decompose()
    return "".join(soup.get_text().split())


@settings(deadline=None, max_examples=300)
@given(BODY)
def test_passages_are_the_visible_text_in_order_nothing_lost_nothing_doubled(body: str) -> None:
    found = post.read("a.html", body)
    squeezed = ["".join(passage.text.split()) for passage in found.passages]
    assert "".join(squeezed) == _visible(body)
    assert not found.left_out


@settings(deadline=None, max_examples=200)
@given(st.lists(BODY | st.just("<p class='share'>分享到</p>") | st.just("<div class=ad>广告</div>"), max_size=6))
def test_each_passage_is_one_run_of_the_visible_text(bodies: list[str]) -> None:
    body = "".join(f"<div>{part}</div>" for part in bodies)
    visible = _visible(body)
    start = 0
    for passage in post.read("a.html", body).passages:
        text = "".join(passage.text.split())
        start = visible.index(text, start) + len(text)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(PHRASE | st.sampled_from(["<div>", "</div>", "</p>", "<p>", "<b>", "</b>", "<td>", "<", "</", "&#", "<!"]))
)
def test_any_wreckage_is_read(parts: list[str]) -> None:
    post.read("a.html", "".join(parts))


def test_what_a_script_shows_is_read() -> None:
    page = '<div id="js_content" style="visibility: hidden; opacity: 0;"><p>潮汐表贴在灯塔的门上。</p></div>'
    assert _lines(page) == ["潮汐表贴在灯塔的门上。"]


def test_each_code_of_a_preformatted_text_is_a_line() -> None:
    page = "<pre><code>cd /opt/app</code><code>git pull</code><code><br></code><code>make install</code></pre>"
    assert "\n".join(_lines(page)) == "cd /opt/app\ngit pull\n\nmake install"


def test_the_button_beside_code_is_not_part_of_it() -> None:
    button, numbers = '<span class="copy-code-btn">复制代码</span>', '<ul class="pre-numbering"><li>1</li></ul>'
    page = f"<pre><code>npm i</code>{button}{numbers}</pre>"
    assert "\n".join(_lines(page)).strip() == "npm i"
