"""Markdown: the site generators' own tags are removed or rendered, code is left alone."""

from __future__ import annotations

import time

import pytest

from retrieval.reading import post
from retrieval.reading.customs import Customs
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
        ("返回 {:ok, value} 或 {:error}，元组", "返回 {:ok, value} 或 {:error}，元组"),
        ("[表](t){:external} *潮*{:.red} `t`{: .x}\n{:lead}", "[表](t) *潮* `t`\n"),
        ("模板 {{ .Title }} 与 {{- $x -}}，{{ page.title }}", "模板 {{ .Title }} 与 {{- $x -}}，"),
        ("import Tabs from '@theme/Tabs';\nimport {a, b} from \"./c\"\n{/* 注 */}潮", "\n\n潮"),
        ("import 一词 from 何来", "import 一词 from 何来"),
        ("[[_TOC_]]\n潮", "\n潮"),
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
    assert not found.left_out


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # Hexo's own tags, and those of NexT and Butterfly.
        ("见 {% post_link tide 潮汐表 %} 和 {% asset_link t.zip 下载 %}。", "见 潮汐表 和 下载。"),
        ("见 {% link 潮汐 https://tide.example true 题 %}{% asset_img t.jpg 图 %}。", "见 潮汐。"),
        ("[表]({% link _posts/2022-01-01-tide.md %})", "表"),
        (
            "{% blockquote 罗怀安, 守塔记 https://t.example %}\n灯要每天擦。\n{% endblockquote %}",
            "罗怀安, 守塔记\n灯要每天擦。",
        ),
        ("{% note warning 小心 %}\n涨潮了\n{% endnote %}", "小心\n涨潮了"),
        ("{% note info simple %}\n涨潮了\n{% endnote %}", "涨潮了"),
        (
            "{% tabs t %}\n<!-- tab 早潮@fa-sun -->\n六点\n<!-- endtab -->\n"
            "<!-- tab 晚潮 -->\n七点\n<!-- endtab -->\n{% endtabs %}",
            "早潮\n六点\n晚潮\n七点",
        ),
        ("{% label primary@早潮 %} {% label 晚潮 red %} {% btn t.html, 看表, home %}", "早潮 晚潮 看表"),
        ("{% u 退潮 %}{% kbd F5 %}{% span red, 红字 %}{% hideInline 答案,看 %}", "退潮F5红字答案"),
        ("{% hideToggle 展开 %}\n内容\n{% endhideToggle %}", "展开\n内容"),
        # Jekyll's.
        ('{% include figure.html src="t.jpg" caption="灯塔" %}', "灯塔"),
        ("{% if x %}早{% else %}晚{% endif %}", "早 晚"),
        ("1. TOC\n{:toc}\n\n潮汐\n^\n*[HW]: 高潮", "潮汐"),
        ("![图](t.png){width=50%}[表](t){:target='_blank'}", "表"),
        # Hugo's.
        ('{{% alert title="注意" %}}\n涨潮了\n{{% /alert %}}', "注意\n涨潮了"),
        ('{{< tabpane >}}{{< tab header="早" >}}\n六点\n{{< /tab >}}{{< /tabpane >}}', "早\n六点"),
        ('{{< details "展开" >}}\n内容\n{{< /details >}}', "展开\n内容"),
        ('{{% notice tip "提示" %}}\n内容\n{{% /notice %}}', "提示\n内容"),
        ('{{< img src="t.png" title="指着才有" caption="图注" >}}', "图注"),
        ('{{< youtube id="x" title="片名" >}}潮', "潮"),
        ('{{< outer >}}\n{{< inner a="}}" >}}里面{{< /inner >}}\n{{< /outer >}}', "里面"),
        ("写成 {{</* figure */>}} 就行", "写成 {{< figure >}} 就行"),
        ("```\n{{</* figure */>}}\n```", "{{< figure >}}"),
        # Marks of other Markdown.
        ("> [!NOTE]\n> 退潮", "退潮"),
        ("> [!TIP] 小心\n> 退潮", "小心\n退潮"),
        ("::: tip 提示\n退潮\n:::", "提示\n退潮"),
        ("::: details 展开 {open}\n退潮\n:::\n::: {.callout-note}\n涨潮\n:::", "展开\n退潮\n涨潮"),
        (':::{note} 提示\n退潮\n:::\n::: {.x title="小心"}\n涨潮\n:::', "提示\n退潮\n小心\n涨潮"),
        ("**“退潮”**之后**涨潮。**然后", "“退潮”之后涨潮。然后"),
        ("**退潮**，**涨潮**，`**“x”**y`", "退潮，涨潮，**“x”**y"),
        ("潮高 $a_1*b_2*c^3$ 与 $$\\{x\\}_{{1}}$$，花了 $5。", "潮高 $a_1*b_2*c^3$ 与 $$\\{x\\}_{{1}}$$，花了 $5。"),
        ("花 $5 看[潮_表](t)，又花了**$50**。", "花 $5 看潮_表，又花了$50。"),
        ("$t_a 与 *潮* 以及 [表](t) 和 $t，**完**", "$t_a 与 潮 以及 表 和 $t，完"),
        ("\\$5_a 与 *潮* 与 \\$6", "$5_a 与 潮 与 $6"),
        ("求 $x^*$ 与 $y^*$ 的潮差", "求 $x^*$ 与 $y^*$ 的潮差"),
        ("<div>$$\na_1 = b^{2} < 3\n$$</div>\n\n**潮**", "$$ a_1 = b^{2} < 3 $$\n潮"),
        ("<pre>$a_1$</pre>\n\n- 潮\n\n      $b_1*c$ {", "$a_1$\n潮\n$b_1*c$ {"),
        ("> [!quote|right]- 老人说\n> 退潮", "老人说\n退潮"),
        # Where a link has no text, the slug stands for the other post's title.
        (
            "见{% post_link 潮汐表 true %}和{% post_link a/tide#x %}，{% post_link b '港口 的表' true %}",
            "见潮汐表和tide，港口 的表",
        ),
        ("{% galleryGroup '灯塔' '冬天 拍的' '/g/tower' t.png %}\n潮", "灯塔 冬天 拍的\n潮"),
        ("“走吗？”\n“走。”\n他说……\n门开了", "“走吗？”\n“走。”\n他说……\n门开了"),
        # A table below an item of a list, as Hexo and Hugo have it.
        ("- 早潮\n- 晚潮\n| 港 | 时 |\n|:--|--:|\n| 北汀 | 六点 |", "早潮\n晚潮\n港\t时\n北汀\t六点"),
        ("```\n- 潮\n| 港 |\n|---|\n```", "- 潮\n| 港 |\n|---|"),
        ("{% timenode 早潮 [表](t) %}\n六点\n{% endtimenode %}", "早潮 表\n六点"),
        ("**早**：六点\n**晚**：七点", "早：六点\n晚：七点"),
        ("**早潮 \\**晚潮\\** 夜**，完", "早潮 *晚潮* 夜，完"),
        ("床前明月光\n疑是地上霜", "床前明月光\n疑是地上霜"),
    ],
)
def test_tags_leave_the_text_that_pages_show(body: str, expected: str) -> None:
    assert post.read("a.md", body).text == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # A fence of backticks has none behind it, and only marks end it.
        ("先装：\n\n```npm install tide```\n\n{% note info %}\n涨潮\n{% endnote %}", "先装：\nnpm install tide\n涨潮"),
        ("```\n```go\n{{ x }}\n```\n{{ y }}潮", "```go\n{{ x }}\n潮"),
        ("````\n```\n{{ x }}\n```\n````\n{{ y }}潮", "```\n{{ x }}\n```\n潮"),
        ("```\n1. 潮\n\n    ```\n    {{ x }}\n    ```\n```\n{{ y }}汐", "1. 潮\n\n    ```\n    {{ x }}\n    ```\n汐"),
        # One in a list is as deep as the list.
        (
            "1. 潮\n\n    ~~~\n    a: {{ x }}\n\n    b: {{ x }}\n    ~~~\n\n{{ y }}汐",
            "潮\na: {{ x }}\n\nb: {{ x }}\n汐",
        ),
        ("1. 潮\n汐\n    ```\n    {{ x }}\n\n    {{ x }}\n    ```", "潮\n汐\n{{ x }}\n\n{{ x }}"),
        ("- ```\n  {{ x }}\n  ```\n- {{ y }}汐", "{{ x }}\n汐"),
        ("- 潮\n## 汐\n\n    {{ x }}", "潮\n汐\n{{ x }}"),
        # A tag in code opens nothing, and a stray backtick no code beyond its paragraph.
        ("写 `{% highlight go %}` 即可\n\n{{ x }}**潮**汐", "写 {% highlight go %} 即可\n潮汐"),
        ("按 ` 键 {{ x }}\n\n再按 ` 键", "按 ` 键\n再按 ` 键"),
        ("- 按 ` 键 {{ x }}\n- 再按 ` 键", "按 ` 键\n再按 ` 键"),
        ("按 `{{ x }}\n{{ y }}` 键", "按 {{ x }} {{ y }} 键"),
    ],
)
def test_code_ends_where_markdown_ends_it(body: str, expected: str) -> None:
    assert post.read("a.md", body).text == expected


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("a.md", "```\n{% raw %}\n{{ x }}\n{% endraw %}\n```", "{{ x }}"),
        ("a.md", "{% highlight go %}{% raw %}\n{{ x }}\n{% endraw %}{% endhighlight %}", "{{ x }}"),
        (
            "a.md",
            "写 `{% raw %}{{ x }}{% endraw %}` 和 `{% raw %}`、`{% endraw %}`",
            "写 {{ x }} 和 {% raw %}、{% endraw %}",
        ),
        ("a.html", "<p>潮</p><pre>{% raw %}{{ x }}{% endraw %}</pre>", "潮\n{{ x }}"),
    ],
)
def test_raw_pairs_in_code_leave_what_they_hold(path: str, body: str, expected: str) -> None:
    assert post.read(path, body).text == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>早潮{% include ad.html %}</p>{% raw %}<p>{{ x }}</p>{% endraw %}", "早潮\n{{ x }}"),
        ("<p>{{ site.title }}潮</p><pre>{{ x }}</pre><code>{% y %}</code>", "潮\n{{ x }}\n{% y %}"),
        ("<p>码</p>{% highlight go %}\na := 1\nb := 2\n{% endhighlight %}", "码\na := 1\nb := 2"),
        ("<p>{{ x }}$a_1$ **{{ x }}$b_1$**</p>", "$a_1$ **$b_1$**"),
        ('<p>前</p><img src=t.jpg html="{:loading=>"lazy", :class=>"x"}"> 后', "前\n后"),
    ],
)
def test_bodies_of_html_lose_their_tags_too(body: str, expected: str) -> None:
    assert post.read("a.html", body).text == expected


def test_a_body_of_tags_around_markdown_is_markdown() -> None:
    assert "<strong>" in markup("a.md", "<p align='center'><img src='x'></p>\n\n**潮汐**表")
    assert markup("a.md", "<div>**潮**\n- 汐</div>") == "<div>**潮**\n- 汐</div>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '<div class="n" markdown="1">\n## 早潮\n**六点** [表](http://t.example/a)。\n\n- 退潮\n</div>',
            "早潮\n六点 表。\n退潮",
        ),
        ("前\n\n<p markdown=span>**潮**汐</p>\n后 **文**", "前\n潮汐\n后 文"),
        (
            '<details markdown="block"><summary>展开</summary>\n`码` 和 **潮**\n\n```\n</div>x\n```\n</details>',
            "展开\n码 和 潮\n</div>x",
        ),
        ('写 `<div markdown="1">**潮**</div>`，**汐**', '写 <div markdown="1">**潮**</div>，汐'),
        ('<p>潮</p><pre><div markdown="1">\n**x**</pre>', "潮\n**x**"),
    ],
)
def test_elements_that_say_so_hold_markdown(body: str, expected: str) -> None:
    assert post.read("a.md", body).text == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<img src="a.jpg">\n\n用 `kubectl` 来 *部署*。', "用 kubectl 来 部署。"),
        ('<img src="a.jpg">\n\n| 港 | 时 |\n|---|---|\n| 北汀 | 六点 |', "港\t时\n北汀\t六点"),
        ('<img src="a.jpg">\n\n~~早潮~~ *晚潮*', "早潮 晚潮"),
        ('<img src="a.jpg">\n\n__早潮__ *晚潮*', "早潮 晚潮"),
        ("<!-- more -->\n\n早潮 *晚潮*", "早潮 晚潮"),
        ('<img src="a.jpg">\n\n写 `<code>` 和 **潮**', "写 <code> 和 潮"),
    ],
)
def test_light_markdown_behind_a_tag_or_a_comment_is_markdown(body: str, expected: str) -> None:
    assert post.read("a.md", body).text == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<https://tide.example/a_b>\n\n# 早潮\n\n见 [表](t)。", "https://tide.example/a_b\n早潮\n见 表。"),
        ("<keeper@tide.example> 说 **潮**", "keeper@tide.example 说 潮"),
        ('<a name="top">\n\n# 早潮\n\n**六点**', "早潮\n六点"),
        ('<span id="more"/>\n\n- **早潮**\n- 晚潮', "早潮\n晚潮"),
        ("<font size=4>\n\n1. *早潮*\n2. **晚潮**\n\n</font>", "早潮\n晚潮"),
        ("<div>\n\n> **早潮**\n\n</div>", "早潮"),
        ("<details><summary>表</summary>\n\n```\n<早>\n```\n\n</details>", "表\n<早>"),
    ],
)
def test_a_tag_ends_at_a_blank_line_with_markdown_below(body: str, expected: str) -> None:
    assert post.read("a.md", body).text == expected


@pytest.mark.parametrize(
    "body",
    [
        "<div><pre>a\n\n# b\n\n- **c**</pre></div>",
        "<div><PRE><code>a\n\n- `b`",
        "<p>潮</p><!--\n\n# **旧** --><p>**汐**</p>",
        "<div>潮\n\n<p># 汐 `a`</p>\n- 表</div>",
        "<p>潮</p>汐<br>表<pre>`a` ~~b~~ __c d__\n\n|---|---|\n\n# x</pre>",
        "<p>潮</p>汐 <code>`a`</code>",
        "<!-- x --><p>潮 `a`</p><p>~~汐~~</p>",
        "<p>潮</p>a__b __init__ ~~",
    ],
)
def test_marks_in_code_or_paragraphs_of_html_leave_it_html(body: str) -> None:
    assert markup("a.md", body) == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div>\n\n    <p>早潮</p>\n\n\t<p>晚潮</p>\n\n</div>\n\n**表**", "早潮\n晚潮\n表"),
        ("**表**\n\n<table>\n  <tr>\n\n    <td>港</td>\n\n    <td>时</td>\n  </tr>\n</table>", "表\n港\t时"),
        # Outside of an element it is code.
        ("<div>潮</div>\n\n**表**\n\n    <p>晚潮</p>", "潮\n表\n<p>晚潮</p>"),
        ("**表**\n\n    <div>\n\n    <p>晚潮</p>", "表\n<div>\n\n<p>晚潮</p>"),
        ("<div>\n\n```\n<a>\n\n    <p>晚潮</p>\n```\n\n</div>\n\n**表**", "<a>\n\n    <p>晚潮</p>\n表"),
    ],
)
def test_indented_tags_in_an_element_are_html(body: str, expected: str) -> None:
    assert post.read("a.md", body).text == expected


@pytest.mark.parametrize(
    "body",
    [
        "早潮如图。\n\n```mermaid\ngraph TD\n\n  A[涨] --> B\n```\n\n晚潮如表。",
        "早潮如图。\n\n{% mermaid graph TD %}\nA[涨] --> B\n\nB --> C\n{% endmermaid %}\n\n晚潮如表。",
        "早潮如图。\n{{< echarts >}}\n{ title: '涨' }\n{{< /echarts >}}\n晚潮如表。",
        "早潮如图。\n\n<div class='mermaid'>\ngraph TD\n</div>\n\n晚潮如表。\n\n- 完",
    ],
)
def test_the_source_of_a_diagram_is_not_read(body: str) -> None:
    found = post.read("a.md", body)
    assert [passage.text.removesuffix("\n完") for passage in found.passages] == ["早潮如图。", "晚潮如表。"]
    assert [left.rule for left in found.left_out] == ["source of a diagram"]


def test_a_chart_without_an_end_takes_nothing_with_it() -> None:
    assert post.read("a.md", '{{< chart path="a.json" >}}\n潮 `mermaid`').text == "潮 mermaid"


def test_newlines_are_line_breaks_where_the_site_makes_them() -> None:
    lines = "港口的潮汐表从今天起贴在灯塔的门上，渔民出海之前都可以看到当天的，\nand the keeper\nreads it."
    assert post.read("a.md", lines, customs=Customs(hard_breaks=True)).text == lines
    assert post.read("a.md", lines).text == lines.replace("\n", " ")


@pytest.mark.parametrize(
    "body",
    [
        "{{< " * 20_000,
        "{% raw %}" * 10_000,
        "`" * 20_000 + "{{",
        "a {#x " * 20_000,
        "{%" + " " * 20_000,
        "{::comment}" * 5_000,
        "$$" * 20_000 + "$a_",
        "{" + "`a\n" * 20_000,
        "```\n{% raw %}endraw" * 5_000,
        "**a" * 20_000,
        "{{</*" * 20_000,
        "<!-- tab " * 20_000,
        "<div markdown=" * 20_000,
        "<div markdown=1>" + "</div>  " * 20_000,
        "{% mermaid %}" * 10_000,
        "{{< chart >}}" * 10_000,
        "<div>\n\n    <p>\n" * 10_000,
        '!!! note "a"\n' * 20_000,
        "".join(f"{'    ' * depth}!!! note\n" for depth in range(400)),
        "| a\n|-|" * 20_000,
        "{/*" * 20_000,
        "::: " + "{title=" * 20_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_tags_left_open_take_linear_time(body: str) -> None:
    started = time.thread_time()
    without_tags(body)
    assert time.thread_time() - started < 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("读了 [[潮汐表|港口的表]]，另见 [[灯塔#历史]]。![[灯塔.png|300]]", "读了 港口的表，另见 灯塔#历史。"),
        ("正文 ==重点== 结束。 ^a1b2c3", "正文 重点 结束。"),
        ("门开着。%% 钥匙在抽屉里 %%", "门开着。"),
        ("if x==1 和 y==2", "if x==1 和 y==2"),
        ("`[[x]] ==a==`, [[1,2],[3]] 与 [[ -f x ]]", "`[[x]] ==a==`, [[1,2],[3]] 与 [[ -f x ]]"),
        ("写 if(a){b=1} 就行", "写 if(a){b=1} 就行"),
        ("[潮汐表](tide.md){target=_blank}", "[潮汐表](tide.md)"),
        ("H{% sub 2 %}O 是{% bubble 水,'说明' %}", "H2O 是水"),
    ],
)
def test_marks_of_notes_leave_their_words(body: str, expected: str) -> None:
    assert without_tags(body) == expected


def test_a_container_of_docusaurus_has_its_title() -> None:
    assert without_tags(":::note[先看这里]\n内容\n:::").split() == ["先看这里", "内容"]
