"""Text fragments: cut at clauses, unique in the article, short."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import unquote

import pytest

from retrieval.reading.links.fragments import MAX_LENGTH, fragment, with_fragment

OPENING = "湖边的茶馆今天重新开门，老板说，往后每天早上七点烧水。"
CHANGED = "湖边的茶馆今天重新开门，客人们坐满了院子，有人从邻镇赶来，还带着自己的杯子；最后一壶茶在黄昏卖完。"
ARTICLE = [OPENING, CHANGED, "茶单", "茶单", "第一行讲的是水温与时间，很要紧。\n第二行讲的是茶叶，也要紧。"]


def terms(passages: list[str], index: int, title: str = "", headings: Sequence[Sequence[str]] = ()) -> str | None:
    found = fragment(passages, index, title=title, headings=headings)
    return None if found is None else unquote(found.removeprefix("text="))


def test_short_passage_is_named_whole_without_the_mark_at_its_end() -> None:
    assert terms(ARTICLE, 0) == OPENING[:-1]


def test_long_passage_is_a_range_of_its_first_and_last_clause() -> None:
    assert terms([CHANGED], 0) == "湖边的茶馆今天重新开门,最后一壶茶在黄昏卖完"


def test_first_term_grows_until_nothing_above_matches_it() -> None:
    assert terms(ARTICLE, 1) == "湖边的茶馆今天重新开门，客人们坐满了院子,最后一壶茶在黄昏卖完"


def test_title_stands_above_the_first_passage() -> None:
    assert terms([CHANGED], 0, "湖边的茶馆今天重新开门") == (
        "湖边的茶馆今天重新开门，客人们坐满了院子,最后一壶茶在黄昏卖完"
    )


def test_repeated_passage_is_told_apart_by_the_end_of_the_one_above() -> None:
    assert terms(ARTICLE, 3) == "茶单-,茶单"


def test_repeat_that_nothing_tells_apart_has_no_fragment() -> None:
    assert fragment(["茶单", "茶单", "茶单"], 2) is None


def test_terms_do_not_cross_lines() -> None:
    assert terms(ARTICLE, 4) == "第一行讲的是水温与时间,也要紧"


def test_last_term_grows_where_the_passage_holds_it_twice() -> None:
    passage = "雨从清晨开始下个不停，路很滑，司机们都放慢了速度，公交车晚点，行人打着伞走，天色很暗，路很滑。"
    found = terms([passage], 0)
    assert found is not None
    first, last = found.split(",")
    rest = passage[len(first) :]
    assert rest.index(last) + len(last) == len(rest) - 1


def test_marks_inside_a_word_or_number_do_not_cut() -> None:
    text = "It didn't stop at 12:30. " + "Version 3.5 came out " * 8 + "and 1,200 people read the notes"
    found = fragment([text], 0)
    assert found is not None
    assert found.startswith("text=It%20didn%27t%20stop%20at%2012%3A30,")


def test_what_means_something_in_a_fragment_is_encoded() -> None:
    found = fragment(["Read-only, black & white; done"], 0)
    assert found == "text=Read%2Donly%2C%20black%20%26%20white%3B%20done"


def test_width_and_case_do_not_make_a_clause_unique() -> None:
    assert terms(["ＡＢＣ ｄｅｆｇｈｉｊ ｋ", "abc defghij k, and more here"], 1) == "abc defghij k, and more here"


def test_clause_with_a_wide_blank_is_left_out() -> None:
    found = terms(["　　第一句讲的是开头的事情，然后\u00a0接着讲"], 0)
    assert found is not None
    assert "\u00a0" not in found
    assert "　" not in found


def test_invisible_characters_are_left_out() -> None:
    found = terms(["\u200b这一段的开头藏着一个看不见的字符，\u200b后面还有一个"], 0)
    assert found == "这一段的开头藏着一个看不见的字符,后面还有一个"


def test_long_sentence_without_marks_is_cut_at_a_blank() -> None:
    found = fragment(["word " * 400], 0)
    assert found is not None
    assert len(found) <= MAX_LENGTH
    assert not unquote(found).endswith(" ")


def test_long_clause_that_cannot_be_cut_has_no_fragment() -> None:
    assert fragment(["长" * 300], 0) is None


@pytest.mark.parametrize("text", ["", "   ", "……", "\n\n"])
def test_text_without_words_has_no_fragment(text: str) -> None:
    assert fragment([text], 0) is None


@pytest.mark.parametrize("index", range(len(ARTICLE)))
def test_fragments_stay_short(index: int) -> None:
    assert len(fragment(ARTICLE, index) or "") <= MAX_LENGTH


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ex.com/p/", "https://ex.com/p/#:~:text=a"),
        ("https://ex.com/p/#part", "https://ex.com/p/#part:~:text=a"),
        ("https://ex.com/p/#:~:text=b", "https://ex.com/p/#:~:text=b"),
        ("https://github.com/o/r/blob/main/a.md", "https://github.com/o/r/blob/main/a.md"),
        ("https://ex.com/raw-milk/", "https://ex.com/raw-milk/#:~:text=a"),
        ("https://ex.com/trees/tree/avl/", "https://ex.com/trees/tree/avl/#:~:text=a"),
        ("https://ex.com/notes.md", "https://ex.com/notes.md"),
    ],
)
def test_fragment_joins_the_address_of_a_page(url: str, expected: str) -> None:
    assert with_fragment(url, "text=a") == expected


def test_address_without_fragment_stays() -> None:
    assert with_fragment("https://ex.com/p/", None) == "https://ex.com/p/"


REPEATED = "湖心岛的渡船从下周起改为每小时一班，" + "票价和座位都不变，老人和孩子仍旧免费乘坐，" * 3
RENEWED = REPEATED + "船长说夜里风大，末班船提前到八点。"


def test_passage_that_begins_like_the_title_is_told_by_what_follows() -> None:
    found = terms([RENEWED], 0, title=REPEATED + "船…")
    assert found is not None
    opening, suffix = found.split(",-")
    assert RENEWED.startswith(opening + suffix)
    assert suffix.endswith("，船长说夜里风大")


def test_repeat_too_long_to_be_told_by_what_follows_is_met_further_on() -> None:
    opening = "湖心岛的渡船从下周起改为每小时一班，" + "票价和座位都不变，老人和孩子仍旧免费乘坐，" * 6
    assert terms([opening + "船长说夜里风大，末班船提前到八点。"], 0, title=opening + "船…") == (
        "船长说夜里风大,末班船提前到八点"
    )


def test_heading_that_stands_elsewhere_is_told_by_the_line_below() -> None:
    passages = ["茶单里有三种茶，都是今年的。", "茶单\n第一种是炒青，产自后山，泡三次还有味道。"]
    assert terms(passages, 1) == "茶单,-第一种是炒青"


HEADED = [
    "山路开放了，来的人比去年多。",
    "登山须知\n先在山门登记，再领一张地图；下山时交回。",
    "收费\n登山须知与票价\n登山须知，写在票的背面，请收好。",
    "须知\n三元",
    "票价\n三元",
    "后记",
]
OUTLINE = [(), ("登山须知",), ("登山须知与票价",), ("须知",), ("票价",), ("后记",)]


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, "山路开放了，来的人比去年多"),
        (1, "先在山门登记，再领一张地图；下山时交回"),
        (2, "登山须知，写在票的背面，请收好"),
        (3, "三元"),
        (4, "票价-,三元"),
        (5, "三元-,后记"),
    ],
)
def test_link_leads_to_the_paragraph_not_to_its_heading_in_a_table_of_contents(index: int, expected: str) -> None:
    assert terms(HEADED, index, headings=OUTLINE) == expected


def test_term_that_a_heading_further_down_holds_is_not_enough() -> None:
    passages = ["取水的地方在山门，早晚都开；其余时间锁着。", "取水的地方在山门\n那里有两口井。"]
    assert terms(passages, 0, headings=[(), ("取水的地方在山门",)]) == "取水的地方在山门，早晚都开；其余时间锁着"


def test_line_like_its_heading_further_down_is_no_heading_of_a_passage_that_goes_on() -> None:
    passages = ["票价\n成人十元，孩子免费。", "老人凭证件半价，周三免费；\n票价\n以当天为准。"]
    assert terms(passages, 1, headings=[("票价",), ("票价",)]) == "老人凭证件半价,以当天为准"


def test_terms_do_not_cross_cells() -> None:
    found = terms(["采茶的时间与地点写在这张表里\n清明以前采的\t后山的茶园\n谷雨以后采的\t湖边的茶园"], 0)
    assert found == "采茶的时间与地点写在这张表里,湖边的茶园"


def test_runs_of_blanks_in_code_are_not_crossed() -> None:
    assert terms(["kettle_minutes = 3    # boil\nsteep_minutes = 5    # wait"], 0) == "kettle_minutes = 3,# wait"


AFTER = "，" + "摊主们把价钱写在小黑板上，字迹被雨水冲得有些模糊，" * 2 + "傍晚才收摊。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("湖边早市卖出10~20元一斤，对岸卖30~40元" + AFTER, "湖边早市卖出,傍晚才收摊"),
        ("湖边早市很热闹--对岸冷清---谁也说不准原因", "湖边早市很热闹,谁也说不准原因"),
        ("湖边早市<<茶与盐>>卖完", "湖边早市,卖完"),
        ("The ferry sells H~2~O to guests", "The ferry sells,to guests"),
        ("The old ferry footnote[1] and the new one", "The old ferry,and the new one"),
        ("The ferry log v1.0.0[4] is kept here", "The ferry log,is kept here"),
        ("早市今天开门！:tada::+1:谢谢大家来", "早市今天开门,谢谢大家来"),
        ("10~20元的茶在湖边卖完了", "元的茶在湖边卖完了"),
        ("早市从12:30:45开门，数组a[1000]也卖", "早市从12:30:45开门，数组a[1000]也卖"),
        ("a well-known ferry :see below", "a well-known ferry :see below"),
        ("设 $x^2$ 为正数，则函数单调递增，证明完毕。", "则函数单调递增,证明完毕"),
        (r"设 \(x^2\) 与 \[\left(a\right)\] 为正数，则函数单调递增", "则函数单调递增"),
        ("渡船的速度是$$v_0$$，比去年快了一成", "渡船的速度是,比去年快了一成"),
        ("The ferry takes the $n$th visitor of the day", "The ferry takes the,visitor of the day"),
        ("The ferry costs $5 a day", "The ferry costs $5 a day"),
    ],
)
def test_terms_do_not_cross_what_generators_rewrite(text: str, expected: str) -> None:
    assert terms([text], 0) == expected


def test_long_term_is_not_cut_behind_what_generators_rewrite() -> None:
    assert terms(["Ferry notes -- " + "word " * 200], 0) == "Ferry notes"


def test_prefix_does_not_cross_what_generators_rewrite() -> None:
    assert terms(["茶单", "今天的茶很好~", "茶单"], 2) is None
    assert terms(["茶单", "今天~茶很好", "茶单"], 2) == "茶很好-,茶单"


@pytest.mark.parametrize("part", ["a", ":a", "~", "a~", "a.", "a[1:", "[1]", "$", "$a", "$a$", "\\(", "\\[a"])
def test_hostile_marks_take_linear_time(part: str) -> None:
    start = time.perf_counter()
    fragment([part * (50_000 // len(part))], 0)
    assert time.perf_counter() - start < 5
