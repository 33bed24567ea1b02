"""Foreign names: 普鲁塔克 for Plutarch, Plutarque, Плутарх, プルターク.

Chinese writes them by ear, a syllable a character, with some hundred characters that stand for little else (Xinhua's
tables of transcription, 译音表). Which of them is chosen differs between places and times, so consonants of a kind are
taken for one another here, and so are near vowels; what is left of them is looked for pair by pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise, product
from typing import TypeAlias

import regex

from retrieval.indexing.analysis import WORD, fold
from retrieval.searching.counterparts.counterpart import NAME, Counterpart
from retrieval.searching.counterparts.readings import readings

Unit: TypeAlias = tuple[str, str]
"""What one character stands for: kinds of consonants, a letter each, and of vowels."""

NEEDED = 0.5
"""Share of a name's pairs that the collection holds: endings are often left out (阿根廷 for Argentina)."""
_NAME = regex.compile(
    r"(?<!^|[.?!¿¡]\s*)(?<!\p{L})(?=\p{Lu})[\p{Latin}\p{Cyrillic}\p{Greek}\p{M}]{3,}|[\p{Katakana}ー]{4,}"
)
"""A capital inside of a sentence, or what Japanese writes by ear, too."""

_ALONE = "-"
"""No vowel: a consonant before another one or at the end, written with a weak vowel (斯, 特, 克)."""
_NONE = "0"
"""No consonant."""
_CHARACTERS = (
    "阿埃艾爱安奥澳亚雅巴白班邦保鲍贝本比彼宾波伯博勃布卜皮庇帕潘庞佩彭平坡珀普蒲朋达大戴丹当道德登邓迪狄蒂第丁顿多杜"
    "敦都特塔泰坦唐陶滕提廷图土托腾汤铁法凡范费菲芬夫弗福佛富丰冯伏加嘉盖甘冈高戈哥格根古瓜圭贵果噶吉杰金京基居卡开凯"
    "坎康考科柯克肯库夸奎昆孔可哈海汉汗豪赫黑亨洪胡华怀霍休惠侯拉莱兰朗劳勒雷累黎里利力立莉丽理列林琳灵隆龙卢鲁路吕伦"
    "洛罗萝娄仑率略廉连良留柳柔马玛麦曼芒毛莫默梅美门蒙米密敏明缪穆姆摩木墨茂娜纳奈南瑙讷内嫩尼年宁纽努诺农尔妮奇齐恰"
    "钱强乔切琴钦青琼丘屈让热日荣茹瑞若萨赛桑扫瑟森僧沙莎山尚绍舍申圣胜施石什史士斯思丝司苏素孙索松舒朔顺策茨慈次察柴昌"
    "查乍詹张章赵兆哲真珍郑芝治朱祝准兹子扎宰赞曾泽佐尊祖宗卓瓦万旺威韦维魏温翁沃乌伍武吴伟文希西夏香肖谢辛欣兴雄许叙逊"
    "雪扬杨耀耶叶伊衣依因印英尤于约云犹友有塞川典挪捷匈牙腊拿牛迈赖柏拜毕薇蕾黛莲茜珊伽迦喀耐贾葛孟慕厄鄂俄敖旦斐朵弥督突铎破"
)
_INITIALS = {
    **dict.fromkeys(("b", "p"), "B"), **dict.fromkeys(("d", "t"), "D"), **dict.fromkeys(("g", "k"), "G"),
    **dict.fromkeys(("zh", "ch", "sh", "z", "c", "s"), "S"), "j": "SG", "q": "SG", "x": "SH", "h": "HG", "r": "LS",
    "m": "M", "f": "F", "n": "N", "l": "L", "w": "W", "y": f"Y{_NONE}", "": _NONE,
}  # fmt: skip
"""Pinyin's initials -> what they are heard for."""
_CONSONANTS = {
    "tsch": "S", "shch": "S", "sch": "S", "ch": "SGH", "sh": "S", "zh": "S", "ts": "S", "tz": "S", "dz": "S", "ph": "F",
    "th": "DS", "kh": "HG", "gh": "G", "ck": "G", "qu": "G", "rh": "L", "wh": "W", "ng": "N", "b": "B", "p": "B",
    "m": "M", "f": "F", "d": "D", "t": "D", "n": "N", "l": "L", "r": "L", "g": "G", "k": "G", "c": "G", "q": "G",
    "h": "H", "j": "SYH", "s": "S", "z": "S", "x": "GS", "v": "FW", "w": "W",
}  # fmt: skip
_SOFT = {"c": "S", "g": "GS"}
"""Before e, i and y."""
_VOWELS = {
    "ai": "ae", "ei": "ae", "ay": "ae", "ey": "ie", "ae": "e", "aw": "ao", "au": "ao", "ow": "ao", "ou": "uo",
    "oy": "uo", "oo": "u", "oa": "o", "oe": "oe", "oi": "o", "ee": "i", "ea": "ie", "ie": "ie", "eu": "uo", "ue": "u",
    "uy": "u", "a": "a", "e": "ie", "i": "i", "y": "i", "o": "o", "u": "u",
}  # fmt: skip
_UNIT = regex.compile(rf"(?P<consonant>{'|'.join(_CONSONANTS)})?(?P<vowel>{'|'.join(_VOWELS)})?")
_SYLLABLE = regex.compile(r"([zcs]h|[bpmfdtnlgkhjqxrzcsyw])?([a-z]+)")
_BLURRED = (("ai", "e"), ("ei", "i"), ("ui", "e"), ("in", "e"), ("ia", "e"), ("un", "o"), ("ong", "u"))
"""Finals of pinyin that are also heard for other vowels than they are spelt with."""


def transcribed(text: str) -> list[Counterpart]:
    """Names in a question that articles may have in Chinese characters."""
    return [Counterpart(ways, WORD, NEEDED, NAME) for found in _NAME.finditer(text) if (ways := _ways(found[0]))]


def _ways(name: str) -> tuple[tuple[frozenset[str], ...], ...]:
    from anyascii import anyascii  # few questions need it

    plain = regex.sub(r"(.)\1", r"\1", fold(anyascii(name)))
    heard = dict.fromkeys(units(plain, final_r=final_r) for final_r in (True, False))
    return tuple(parts for each in heard if (parts := _pairs(each)))


def _pairs(heard: tuple[Unit, ...]) -> tuple[frozenset[str], ...]:
    candidates = [frozenset().union(*(_table().get((c, v), ()) for c in unit[0] for v in unit[1])) for unit in heard]
    return tuple(frozenset(a + b for a in one for b in other) for one, other in pairwise(candidates))


def units(name: str, *, final_r: bool) -> tuple[Unit, ...]:
    """A name in Latin letters, by ear; `final_r`: whether an r behind a vowel is heard."""
    found: list[Unit] = []
    for match in _UNIT.finditer(name):
        consonant, vowel = match["consonant"] or "", match["vowel"] or ""
        if not vowel and (not consonant or _is_mute(consonant, name[match.end() :], found, final_r)):
            continue
        kinds = _SOFT.get(consonant, "") if vowel[:1] in ("e", "i", "y") else ""
        found.append((kinds or _CONSONANTS.get(consonant, _NONE), _VOWELS.get(vowel, _ALONE)))
    return tuple(found)


def _is_mute(consonant: str, rest: str, before: list[Unit], final_r: bool) -> bool:
    """Whether a consonant without a vowel gets no character: a nasal is part of the one before it."""
    if not before or before[-1][1] == _ALONE:
        return consonant == "h"
    nasal = consonant in ("n", "ng") or (consonant == "m" and rest[:1] in ("b", "p"))
    return nasal or consonant == "h" or (consonant == "r" and not final_r)


@lru_cache(maxsize=1)
def _table() -> Mapping[Unit, frozenset[str]]:
    """Kind of consonant and kind of vowel -> the characters heard so."""
    table: defaultdict[Unit, set[str]] = defaultdict(set)
    for character in _CHARACTERS:
        for unit in _heard_for(readings().pinyin[character]):
            table[unit].add(character)
    return {unit: frozenset(characters) for unit, characters in table.items()}


def _heard_for(syllable: str) -> Iterator[Unit]:
    if syllable == "er":
        yield "L", _ALONE
        return
    initial, final = _SYLLABLE.fullmatch(syllable).groups(default="")
    vowels = {letter for letter in final if letter in "aeiou"}.union(*(more for end, more in _BLURRED if end in final))
    kinds = _INITIALS[initial] + (_NONE if initial == "w" and final in ("u", "o") else "")
    yield from product(kinds, vowels)
    if initial not in ("", "y", "w") and final in ("u", "e", "i"):
        yield from product(kinds, _ALONE)
