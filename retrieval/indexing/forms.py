"""Forms: numbers, dates and names that are written in several ways, brought to one.

All of it works on folded text (`analysis.fold`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import regex

_THOUSANDS = regex.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?!,?\d)")
_CJK = r"\p{Han}\p{Hiragana}\p{Katakana}ー"
_MIDDLE_DOT = regex.compile(rf"(?<=[{_CJK}])[·•‧・](?=[{_CJK}])")

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10**4, "億": 10**8, "亿": 10**8, "만": 10**4, "억": 10**8}
_WORDS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_SPELT = "零〇一二两三四五六七八九十百千万亿"
_UNIT = rf"[百千]?[万億亿만억]|(?:{'|'.join(_WORDS)})\b"
_NUMBER = regex.compile(rf"(?<![\d.])(?P<digits>\d+(?:\.\d+)?) ?(?P<unit>{_UNIT})|(?P<spelt>[{_SPELT}]{{2,}})")
_LARGEST = 10**16
"""Beyond it, a row of numerals is not a number that anyone states."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATES = {
    regex.compile(
        rf"(?P<month>\d{{1,2}}|[{_SPELT}]{{1,3}}) ?[月월] ?(?P<day>\d{{1,2}}|[{_SPELT}]{{1,3}}) ?[日号일]"
    ): "月월",
    regex.compile(r"(?<!\d)\d{4}[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"): "-/.",
    regex.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}"): _MONTHS,
    regex.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"): _MONTHS,
}
"""Ways of writing a date, and what each of them needs at least one of, which is seen much faster."""


_POINTED = regex.compile(r"(?<![\d.:])\d+(?:\.\d+)+(?!\d)")
_CLOCK = regex.compile(
    r"(?<![\d.:])0?(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?![\d:])|[点时시] ?(?:(?P<minutes>\d{1,2})(?= ?[分분])|(?P<half>[半반])))"
)
_OF_CLOCK = ":点时시"


def unified(folded: str) -> str:
    """`folded` without the commas inside numbers and the middle dots inside names."""
    return str(_MIDDLE_DOT.sub("", _THOUSANDS.sub(lambda found: found[0].replace(",", ""), folded)))


def stated(folded: str) -> Iterator[str]:
    """One word for every date (`0728d`), time (`18:40`), version (`2.4`) and number of more than digits (`30000000`).

    The digits of a version say little by themselves: 2.4 and 4.2 have the same.
    """
    for pattern, needed in _DATES.items():
        if not any(map(folded.__contains__, needed)):
            continue
        yield from filter(None, (_date(found["month"], found["day"]) for found in pattern.finditer(folded)))
    yield from filter(None, map(_number, _NUMBER.finditer(folded)))
    if "." in folded:
        yield from _POINTED.findall(folded)
    if any(map(folded.__contains__, _OF_CLOCK)):
        yield from (_time(**found.groupdict()) for found in _CLOCK.finditer(folded))


def _time(hour: str, minute: str | None, minutes: str | None, half: str | None) -> str:
    return f"{hour}:{'30' if half else minute or f'{minutes:0>2}'}"


def _date(month: str, day: str) -> str | None:
    numbers = (_MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else _count(month)), _count(day)
    return f"{numbers[0]:02}{numbers[1]:02}d" if 1 <= numbers[0] <= 12 and 1 <= numbers[1] <= 31 else None


def _count(written: str) -> int:
    return int(written) if written.isdecimal() else spelt(written) or 0


def _number(found: regex.Match[str]) -> str | None:
    if found["spelt"]:
        value = spelt(found["spelt"])
        return None if value is None else str(value)
    exact = Decimal(found["digits"])
    for character in [found["unit"]] if found["unit"] in _WORDS else found["unit"]:
        exact *= _WORDS.get(character) or _MYRIADS.get(character) or _UNITS[character]
    return str(int(exact)) if exact == int(exact) and exact < _LARGEST else None


def spelt(numerals: str) -> int | None:
    """The number that Chinese numerals spell, as in 三千万 or 二〇二二; None where they spell none."""
    if all(numeral in _DIGITS for numeral in numerals):
        value = int("".join(str(_DIGITS[numeral]) for numeral in numerals))
        return value if len(numerals) == 1 or 1000 <= value <= 2100 else None
    total = section = digit = 0
    last = _LARGEST
    for numeral in numerals:
        if numeral in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[numeral]
        elif numeral in _UNITS:
            if _UNITS[numeral] >= last or not (digit or numeral == "十"):
                return None
            section += (digit or 1) * _UNITS[numeral]
            last, digit = _UNITS[numeral], 0
        else:
            if not total + section + digit:
                return None
            # 三亿五千万 adds the two, 三万亿 multiplies them.
            before = total if numeral == "万" else 0
            total = before + (total - before + section + digit) * _MYRIADS[numeral]
            section, digit, last = 0, 0, _LARGEST
    return total + section + digit
