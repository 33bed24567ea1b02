"""Simplified Chinese."""

from bot.languages.language import Language

LANGUAGE = Language(
    tags=("zh", "zh-hans"),
    greeting="你好！这里收录的文章，有什么想知道的，直接问我就行。\n\n我会找出最贴切的段落，一字不改地引给你，并附上原文出处的链接。",
    help=(
        "直接把问题发给我，怎么说都行，用哪种语言都可以。\n\n"
        "我最多给出三段原文，加粗的是最贴切的一句；点标题可以打开文章接着读。\n\n"
        "我只引用原文。文章里没有答案时，我会照实说。\n\n"
        "在群里，请用 /ask 加上问题，或者 @我，或者回复我的消息。"
    ),
    ask_command="提一个问题",
    help_command="怎么提问",
    nothing="没有找到能回答这个问题的段落。换个说法，或者加上人名、地名再试试？",
    empty="想知道什么？把问题写给我吧。",
    too_long="问题太长了，请控制在 {limit} 字以内。",
    busy="现在提问的人有点多，请过一会儿再问。",
    trouble="抱歉，我这边出了点问题，请稍后再问一次。",
    closed="抱歉，我不能在这里回答问题。",
    also_in="另见：",
    between="、",
)
