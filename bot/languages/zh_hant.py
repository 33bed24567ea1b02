"""Traditional Chinese."""

from bot.languages.language import Language

LANGUAGE = Language(
    tags=("zh-hant", "zh-tw", "zh-hk", "zh-mo"),
    greeting="你好！這裡收錄的文章，有什麼想知道的，直接問我就可以了。\n\n我會找出最貼切的段落，一字不改地引給你，並附上原文出處的連結。",
    help=(
        "直接把問題傳給我，怎麼說都行，用哪種語言都可以。\n\n"
        "我最多給出三段原文，粗體的是最貼切的一句；點標題可以打開文章接著讀。\n\n"
        "我只引用原文。文章裡沒有答案時，我會照實說。\n\n"
        "在群組裡，請用 /ask 加上問題，或者 @我，或者回覆我的訊息。"
    ),
    ask_command="提一個問題",
    help_command="怎麼提問",
    nothing="沒有找到能回答這個問題的段落。換個說法，或者加上人名、地名再試試？",
    empty="想知道什麼？把問題寫給我吧。",
    too_long="問題太長了，請控制在 {limit} 字以內。",
    busy="現在提問的人有點多，請過一會兒再問。",
    trouble="抱歉，我這邊出了點狀況，請稍後再問一次。",
    closed="抱歉，我不能在這裡回答問題。",
    also_in="另見：",
    between="、",
)
