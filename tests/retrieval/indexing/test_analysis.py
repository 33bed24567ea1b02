"""Text to tokens, the same for index and question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.indexing.analysis import fold, pack_runs, runs, tokens, weight
from retrieval.indexing.scripts import Script, script_of


def analyse(text: str) -> list[str]:
    return [token for run in runs(text) for token in tokens(run)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("臺北捷運", "台北捷运"),
        ("ＡＢＣ１２３", "abc123"),
        ("Café Núñez", "cafe nunez"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("ﬁle", "file"),
        ("Ελλάς Ёлка", "ελλας елка"),
        ("مُحَمَّد أحمد آسيا كـــتاب", "محمد احمد اسيا كتاب"),
        ("שָׁלוֹם", "שלום"),
        ("١٩٦٢ ۱۹۶۲ १९६२ ๑๙๖๒", "1962 1962 1962 1962"),
        ("Đà Nẵng Łódź Øresund IŞIK", "da nang lodz oresund isik"),
        ("Straße Cœur Ærø ışık", "STRASSE coeur aero isik"),
    ],
)
def test_what_a_searcher_does_not_distinguish_is_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_marks_that_are_letters_stay() -> None:
    assert fold("がんばる") != fold("かんはる")
    assert runs("हिन्दी भाषा") == ["हिन्दी", "भाषा"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("潮汐表", ["潮", "汐", "表", "潮汐", "汐表"]),
        ("iPhone 14卖5,999元", ["iphone", "14", "卖", "5999", "元"]),
        ("The tide-table.", ["the", "tide", "table", "tidetable"]),
        ("Привет 서울", ["привет", "서", "울", "서울"]),
        ("😀 …！", []),
    ],
)
def test_every_script_gives_tokens(text: str, expected: list[str]) -> None:
    assert analyse(text) == expected


@pytest.mark.parametrize(
    ("forms", "shared"),
    [
        (["7月28日", "七月二十八日", "2022-07-28", "2022/7/28", "28 July 2022", "July 28th", "7월 28일"], "0728d"),
        (["3000万", "三千万", "30,000,000", "30 million", "3000만"], "30000000"),
        (["12000 people", "12,000, up from 9,000", "共12,000，其中", "١٢٬٠٠٠ 12000"], "12000"),
        (["三亿五千万", "3.5亿", "350 million"], "350000000"),
        (["二〇二二年", "2022年"], "2022"),
        (["十二个月", "12 months"], "12"),
        (["阿兰·图灵", "阿兰图灵", "阿蘭・圖靈"], "兰图"),
        (["sofa-rpc", "SOFARPC", "sofa_rpc"], "sofarpc"),
        (["iOS 16", "iOS16"], "ios"),
        (["C++ 入门", "c++"], "c++"),
        (["Quill 2.4 注意事项", "v2.4", "墨笔2.4版"], "2.4"),
        (["18:40 开", "18点40分", "18时40分", "18시 40분"], "18:40"),
        (["8:30", "08:30", "8点半", "8시 반"], "8:30"),
        (["用 .NET 写", ".net"], ".net"),
        (["policies", "policy"], "policy"),
        (["glasses", "glass"], "glass"),
        (["caches", "cache"], "cache"),
    ],
)
def test_what_is_written_in_several_ways_has_one_form(forms: list[str], shared: str) -> None:
    assert all(shared in analyse(form) for form in forms)


@pytest.mark.parametrize("text", ["万一", "十分", "13月45日", "1,2,3", "2.", "1:2", "bus", "ios", "三三两两", "百百"])
def test_what_only_looks_like_another_form_is_left_alone(text: str) -> None:
    assert runs(text) == _RUN_BY_RUN[text]


_RUN_BY_RUN = {
    "2.": ["2"],
    "1:2": ["1", "2"],
    "万一": ["万一"],
    "十分": ["十分"],
    "13月45日": ["13", "月", "45", "日"],
    "1,2,3": ["1", "2", "3"],
    "bus": ["bus"],
    "ios": ["ios"],
    "三三两两": ["三三两两"],
    "百百": ["百百"],
}


def test_weights_grow_with_what_a_token_tells() -> None:
    assert weight("潮") < weight("潮汐") < weight("tide")


def test_packed_runs_tell_words_from_parts_of_words() -> None:
    packed = pack_runs(runs("cat concat"), runs("catch"))
    assert packed.count(" cat ") == 1
    assert packed.split("\n")[1] == " catch "


@given(st.text(max_size=200))
def test_any_text_is_analysed(text: str) -> None:
    assert all(token and not token.isspace() for token in analyse(text))


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("潮汐表今天贴出来了", Script.CHINESE),
        ("潮汐表を貼りました", Script.JAPANESE),
        ("조석표", Script.KOREAN),
        ("The tide table", Script.LATIN),
        ("在 Spring Boot 里配置 HealthCheck 的方法", Script.CHINESE),
        ("Расписание", Script.CYRILLIC),
        ("12:30 😀", Script.OTHER),
        ("", Script.OTHER),
    ],
)
def test_the_script_most_of_a_text_is_in(text: str, script: Script) -> None:
    assert script_of(text) is script
