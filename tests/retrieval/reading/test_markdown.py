"""Markdown: the site generators' own tags are removed or rendered, code is left alone."""

from __future__ import annotations

import time

import pytest

from retrieval.reading import post
from retrieval.reading.markdown import without_tags
from retrieval.reading.post import markup


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% note info %}\n潮汐\n{% endnote %}", "\n潮汐\n"),
        ('一{{< ref\n  "tide.md"\n>}}二', "一二"),
        ("{{% notice %}}潮{{% /notice %}}", "潮"),
        ("[表]({% post_url 2022-01-01-tide %})", "[表]()"),
        ("在{{ site.title }}里{# 注 #}", "在里"),
        ("流水线里的 ${{ secrets.KEY }}", "流水线里的 ${{ secrets.KEY }}"),
        ("{% raw %}{{ tide }}{% endraw %}", "{{ tide }}"),
        ("一{% comment %}旧\n文{% endcomment %}二{::comment}旧{:/comment}三", "一二三"),
        ("## 潮汐 {#tide}\n{: .lead}\n{:toc}", "## 潮汐\n\n"),
        ("[TOC]\n@[toc](目录)\n* TOC\n潮", "\n\n\n潮"),
        ("- [ ] 看潮\n- [x] 听风\n1. [X] 收网", "- 看潮\n- 听风\n1. 收网"),
        ("写 `{{ x }}` 和 ``{% y %} ` `` 即可", "写 `{{ x }}` 和 ``{% y %} ` `` 即可"),
        ("```\n{{ x }}\n[TOC]\n```\n{{ y }}", "```\n{{ x }}\n[TOC]\n```\n"),
        ("段\n\n    {{ x }}\n\n段{{ y }}", "段\n\n    {{ x }}\n\n段"),
        ("- 项\n\n    {{ x }}说明", "- 项\n\n    说明"),
        ("没有标记的正文 [1] {", "没有标记的正文 [1] {"),
    ],
)
def test_tags_go_and_code_stays(body: str, expected: str) -> None:
    assert without_tags(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "{% highlight python %}\ntide = '{{ x }}'\n{% endhighlight %}",
        "{% codeblock 表 lang:python %}\ntide = '{{ x }}'\n{% endcodeblock %}",
        "{{< highlight go \"linenos=table\" >}}\ntide = '{{ x }}'\n{{< /highlight >}}",
    ],
)
def test_a_highlight_pair_is_a_block_of_code(body: str) -> None:
    assert [passage.text for passage in post.read("a.md", body).passages] == ["tide = '{{ x }}'"]


def test_a_figure_leaves_its_captions() -> None:
    found = post.read("a.md", '潮\n{{< figure src="x.png" title="灯塔 <旧>" caption="摄于冬天" >}}\n汐').passages
    assert found[0].text == "潮\n灯塔 <旧>\n摄于冬天\n汐"


def test_tables_footnotes_and_definitions_are_rendered() -> None:
    body = "| 港 | 时 |\n|--|--|\n| 北汀 | 六点 |\n\n潮[^1]\n\n汐\n: 夜里的潮\n\n[^1]: 海水的涨落"
    found = post.read("a.md", body)
    assert [passage.text for passage in found.passages] == ["港\t时\n北汀\t六点\n潮[1]\n汐\n夜里的潮\n海水的涨落"]
    assert [out.text for out in found.left_out] == ["↩︎"]


def test_a_body_of_tags_around_markdown_is_markdown() -> None:
    assert "<strong>" in markup("a.md", "<p align='center'><img src='x'></p>\n\n**潮汐**表")
    assert markup("a.md", "<div>**潮**\n- 汐</div>") == "<div>**潮**\n- 汐</div>"


@pytest.mark.parametrize(
    "body",
    [
        "{{< " * 20_000,
        "{% raw %}" * 20_000,
        "`" * 20_000 + "{{",
        "a {#x " * 20_000,
        "{%" + " " * 20_000,
        "{::comment}" * 5_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_tags_left_open_take_linear_time(body: str) -> None:
    started = time.process_time()
    without_tags(body)
    assert time.process_time() - started < 2
