"""Courtesy: what people say before and after a question, as in `你好，想请教一下，…？谢谢！`.

It says nothing of what they ask, and among few words it weighs: of 75 questions to the sample articles 64% are answered
rightly; in 150 wrappings 50% with it, 61% without. Names and titles begin like some of them (`Hello Kitty`, `问天`), so
those must be followed by a sign; and what a bracket or a quotation mark encloses is never cut.
"""

from __future__ import annotations

import regex

from retrieval.searching.smalltalk import asks_nothing

MOST = 8
"""Courtesies looked for at each end; nobody says more, and a text of nothing else would take long."""
_SIGNS = r"[\s,，、:：;；.。!！~～…—-]"
_BREAK = r"(?:[,:!]|\.\s)"
"""Signs in Latin letters; a full stop in `hi.md` is none."""
_BEFORE = r"[^\p{L}\p{N}\p{Ps}\p{Pi}\"']*+"
"""What may stand before it: no bracket or quotation mark, for that opens a title, or what somebody said."""
_I = (
    r"(?:所以|因此|那么?|另外|还有|還有)?(?:我们?|我們|俺)?"
    r"(?:[就只也还還是来來再很要能]|想要?|顺便|順便|冒昧|弱弱地?|麻烦|麻煩|可以|能不能){0,4}"
)
_ASK = r"(?:请教|請教|请问|請問|问问|問問|问|問|咨询|諮詢|打听|打聽|打扰|打擾|了解|查)"
_NEXT = "[下一个個周週月午次班年季届集期面方列图圖述载載水山楼樓车車雨雪落]"
"""Behind 下 it is part of a word that is asked about: 下周, 下一班, 下午, 下载."""
_BRIEFLY = rf"(?:(?:一?下)?下(?!{_NEXT})|一下(?![午子次])|一句)"
_MATTER = r"(?:一?[个個件]?(?:小|简单的|簡單的)?(?:问题|問題|事情?|疑问|疑問)(?!的))"
_FOLK = r"(?:老师|老師|小编|小編|楼主|樓主|博主|机器人|機器人|大佬|大神|大大|高手|小?[伙夥]伴|朋友|同学|同學)[们們]?"
_YOU = rf"(?:(?:大家|各位|你们|你們|你|您)(?:{_FOLK})?)"
_ANYBODY = rf"(?:有(?:没有|沒有)?(?:人|谁|誰|哪位|{_FOLK})|谁|誰|哪位|{_YOU})"
_PLEASE = r"(?:能不能|可不可以|可以|能|麻烦|麻煩|请|請|想)"
_KNOWS = r"(?:知不知道|晓不晓得|曉不曉得|晓得|曉得|知道)"
_SOMEBODY = "(?:you|any ?one|any ?body|some ?one|some ?body)"

_OPENINGS = (
    # Chinese, in both kinds of characters
    rf"{_I}{_ASK}{_YOU}?(?:{_BRIEFLY}{_YOU}?{_MATTER}?|(?=[一个個件]){_MATTER}|{_MATTER}(?={_SIGNS}))[哈呀啊哦喔]?",
    rf"{_I}(?:请教|請教|请问|請問|问问|問問|咨询|諮詢|打听|打聽)(?:{_YOU}|{_FOLK})?{_BRIEFLY}?(?={_SIGNS})",
    rf"(?:请问|請問)(?:(?:各位|你们|你們)(?:{_FOLK})?)?",
    rf"(?:(?:不好意思|抱歉|冒昧|[对對]不起)[，,]?)?(?:打扰|打擾)(?:了|一下|{_YOU})*(?={_SIGNS})",
    rf"{_I}(?:想(?:问问?|問問?)(?![题題]|的是)|想知道)|我?(?:[很挺]|比较|比較)?好奇(?={_SIGNS})|[提问問][个個]{_MATTER}",
    rf"{_I}有{_MATTER}(?:(?:想|要)?{_ASK}{_YOU}?{_BRIEFLY}?|(?={_SIGNS}))",
    r"我(?:想[问問]的|的(?:问题|問題))是|(?:问题|問題|问|問|Q|请回答|請回答|搜索|查询|查詢)(?=[:：])",
    rf"{_ANYBODY}{_KNOWS}(?![的吗嗎嘛])",
    rf"(?:{_ANYBODY}|{_PLEASE})*(?:(?:告诉|告訴)我(?!的){_BRIEFLY}?|(?:介绍|介紹|解释|解釋|说明|說明)一下)",
    rf"(?:{_ANYBODY}|{_PLEASE})*(?:帮|幫)(?:我|忙)(?:看看|看|查查|查|问问|問問|问|問|找|搜){_BRIEFLY}?",
    rf"(?:小白|新手|萌新)?(?:求助|求问|求問|求教|提问|提問)(?={_SIGNS})",
    rf"(?:{_FOLK}|亲)(?:[你您]?好(?={_SIGNS})|(?=[,，:：!！。~～]))",
    rf"(?:那个|那個|就是|嗯+|呃+|额|诶|哎)(?={_SIGNS})",
    r"(?:大家|各位|老师|老師|[你您])好(?=[请請]|我?(?:想|要)|麻[烦煩])",
    # Japanese, Korean
    r"(?:ちょっと)?(?:お聞き|質問|お尋ね|お伺い)(?:し?たい|させて)[^、。,]{0,12}[、。,]",
    r"質問(?:です|があります)が?(?=[、。,\s])",
    r"(?:突然|いきなり)?(?:すみません|失礼します|恐れ入ります)が?(?=[、。,\s])",
    r"どなたか[^。]{0,20}。",
    r"혹시(?=\s)|질문 ?(?:있습니다|있어요|이요)|궁금한 ?게 ?있는데요?",
    # English
    r"(?:hi|hello|hey)(?: there)? (?=(?:who|what|when|where|why|how|which|is|are|do|does|did|can|could)\b)",
    rf"(?:hi|hello|hey|please|pls|plz)(?: (?:there|all|every ?one|every ?body|bot|guys|help))?(?={_SIGNS}*{_BREAK})",
    r"(?:(?:i have|i['’]ve(?: got)?|i had|just) )?(?:(?:an?|one(?: more)?|another|my) )?(?:quick |small )?question"
    rf"(?: for you| is)?(?={_BREAK})",
    rf"(?:i['’]d appreciate it if |is there )?(?:(?:who )?(?:can|could|would|will) |{_SOMEBODY} )+"
    r"(?:please |kindly |who can )?(?:mind )?(?:tell|telling|explain to) me\b",
    rf"(?:(?:do|does|did|any chance) {_SOMEBODY}|any ?(?:one|body))(?: here| happen to)? (?:know|have any idea)\b",
    r"(?:can|could|may) i (?:please )?ask(?: you)?\b|could you help me(?: with this)?(?=:)|my question is\b",
    r"(?:excuse me|(?:just |i['’]?m )+curious|(?:just )?wondering|by the way|btw|also|well|(?:okay |ok )?so)"
    rf"(?={_SIGNS}*{_BREAK})",
    r"i(?: would|['’]d)?(?: just| really)? (?:like|want|wanted|need|love) to (?:know|ask(?: you)?|find out)\b",
    r"(?:i(?:['’]m| am| was) )?just wondering\b|i(?:['’]m| am| was) wondering\b",
    r"(?:so )?let me ask(?: you)?\b|any idea\b|(?:please )?tell me\b",
    r"sorry to (?:bother|disturb)(?: you)?\b",
    # French, German, Spanish, Russian
    r"(?:pou(?:vez|rriez)-vous|peux-tu|pourrais-tu) me dire|je voudrais savoir|j['’]aimerais savoir|savez-vous",
    r"(?:kannst du|könnt?en sie) mir (?:bitte )?sagen\b|wei(?:ß|ss) (?:jemand|einer)\b",
    r"ich (?:habe|hätte) eine frage\b",
    r"(?:me )?(?:puedes?|podr[íi]as?) decirme\b|quisiera saber\b|alguien sabe\b|¿?sab[eé]s?(?: usted)?\b(?= )",
    r"подскажите,? ?(?:пожалуйста)?|скажите,? пожалуйста|кто-нибудь знает|хотел[аи]? бы узнать",
)
_OPENING = regex.compile(rf"{_BEFORE}(?:{'|'.join(_OPENINGS)}){_SIGNS}*", regex.IGNORECASE)
_PARTING = "再见|再見|拜拜|晚安|加油|我爱你|我愛你|[对對]不起|さようなら|さよなら|おやすみ|ごめん|good ?bye|good night"
"""What begins no question: a title does with it (`再见，列宁`), or no question is asked (`对不起，打错了`)."""
_GREETING = regex.compile(
    rf"{_BEFORE}(?!{_PARTING})\p{{L}}.{{,60}}?"
    # With a blank only behind words that are nothing else: keywords are written with blanks too (`没有 密码`).
    r"(?:[,，、!！?？。~～…]+|\.(?=[\s.\p{Han}])|(?<=\p{Han}好|意思|抱歉|谢|謝|扰了|擾了|好的|にちは|ません)(?=\s))\s*",
    regex.IGNORECASE,
)
_CLOSINGS = (
    r"(?:先|非常|十分|万分|太)?(?:谢谢|謝謝|感谢|感謝|多谢|多謝|谢|謝)"
    rf"(?:了|啦|哈|大家|各位|您|你|的|帮助|幫助|解答|回答|回复|{_FOLK})*",
    r"(?:挺|很|非常|比较)?急的?|十万火急|(?:在线|在線)等(?![级級]).*|拜托了?|拜託了?|感激不[尽盡]|不[胜勝]感激|打[扰擾]了",
    rf"跪?求(?:{_YOU}|{_FOLK})?(?:解答|解|告知|指教|指点|指點)|跪求|{_ANYBODY}{_KNOWS}[吗嗎么啊呀]*|你?能告[诉訴]我[吗嗎]",
    r"(?:麻烦|麻煩)?(?:知道的)?(?:人|朋友)?(?:请|請)?(?:(?:告诉|告訴)我?|[说說吱]一)(?:一?[声聲下])?",
    r"(?:麻烦|麻煩|请|請|帮忙|幫忙)+(?:详细|詳細|简单|簡單)?(?:回答|解答|说明|說明|解释|解釋|指教|看看)(?:一下)?",
    r"(?:よろしく|宜しく)?お願い(?:し|いたし|致し)ます|教えて.*|알려 ?주세요|가르쳐 ?주세요|(?:미리 )?감사합니다",
    r"(?:many )?(?:thanks?|thx|tia|ty)(?: you)?(?: so much| a lot| very much| in advance| again| for your .*)?|cheers",
    r"please|pl[sz]|(?:please )?(?:let me know|answer)|(?:i )?appreciate it|(?:best |kind )?regards(?:,.*)?",
    rf"any help (?:is|would be) .*|(?:(?:do|does) )?{_SOMEBODY}(?: know)?|(?:just )?(?:i['’]?m )?curious|just asking",
    r"merci(?: d['’]avance| beaucoup)?|(?:vielen |besten )?danke?(?: im voraus)?",
    r"(?:muchas )?gracias|(?:заранее )?спасибо",
)
_CLOSING = regex.compile(rf"(?:{'|'.join(_CLOSINGS)})[^\p{{L}}]*", regex.IGNORECASE)
_END = ",，、!！?？。~～…."
# Backwards, for the time; a closing quotation mark ends a title.
_LAST = regex.compile(rf"(?r)(?<=[{_END}\s])[^{_END}》」』”\"]+[{_END}\s]*\Z")


def without_courtesy(text: str) -> str:
    """`text` without it; all of it where nothing else is said."""
    if asks_nothing(text):
        return text
    rest = text
    for _ in range(MOST):
        said = _said_first(rest)
        if not said or not rest[said:].strip():
            break
        rest = rest[said:]
    for _ in range(MOST):
        last = _LAST.search(rest)
        if last is None or not _is_closing(last):
            break
        rest = rest[: last.start()].rstrip()
    return text if asks_nothing(rest) else rest.strip()


def _said_first(text: str) -> int:
    """How many characters at the beginning are courtesy."""
    opening = _OPENING.match(text)
    if opening is None:
        opening = _GREETING.match(text)
        if opening is None or not asks_nothing(opening.group()):
            return 0
    return int(opening.end())


def _is_closing(last: regex.Match[str]) -> bool:
    clause = last.group()
    if last.string[last.start() - 1].isspace():
        # No sign before it: a question may end with any other word (`韩语 你好`, `does anyone know`).
        return not clause.isascii() and _CLOSING.fullmatch(clause.strip()) is not None
    if _CLOSING.fullmatch(clause.strip()):
        return True
    # Numbers and signs ask nothing by themselves, but a question may end with them.
    return any(map(str.isalpha, clause)) and not any(map(str.isdecimal, clause)) and asks_nothing(clause)
