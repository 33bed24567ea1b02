"""What words of a question are in articles in another language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pypinyin import Style, pinyin_dict
from pypinyin.style import convert

from retrieval.indexing.analysis import fold
from retrieval.indexing.build import build_index
from retrieval.indexing.scripts import Script
from retrieval.searching.counterparts.counterpart import NAME, Counterpart
from retrieval.searching.counterparts.korean import heard_in_korean
from retrieval.searching.counterparts.mandarin import spelt, written
from retrieval.searching.counterparts.places import places
from retrieval.searching.counterparts.readings import readings
from retrieval.searching.counterparts.sought import sought, with_counterparts
from retrieval.searching.counterparts.transcribed import transcribed, units
from retrieval.searching.counterparts.translated import EMPHASIS, from_chinese, to_chinese
from retrieval.searching.question import parse, weigh
from retrieval.searching.retriever import Retriever


def _holds(name: Counterpart, *parts: str) -> bool:
    return any(
        len(way) >= len(parts) and all(token in part for token, part in zip(parts, way, strict=False))
        for way in name.ways
    )


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("How old is the bridge of Luoyang?", ["洛阳"]),
        ("how old is the bridge of luoyang", ["洛阳"]),
        ("How old is the bridge of Loyang?", ["洛阳"]),
        ("Сколько лет мосту Лояна?", ["洛阳"]),
        ("Who lives in Kaohsiung?", ["高雄"]),
        ("Wann fährt der Bus nach Zhongnanhai?", ["中南", "南海"]),
        ("Where did Li Bai drink?", ["李白"]),
        ("the walls of Huai'an", ["淮安"]),
        ("the walls of Xi’an", ["西安"]),
        ("What did Mao Zedong eat?", ["毛泽", "泽东"]),
        ("Qui gouverne Xiamen ?", ["厦门"]),
        ("Что такое Гуандун?", ["广东"]),
    ],
)
def test_a_chinese_name_is_looked_for_in_its_characters(question: str, parts: Sequence[str]) -> None:
    assert any(_holds(name, *parts) for name in spelt(question))


@pytest.mark.parametrize("character", ["洛", "高", "雄", "绿", "女", "行", "尔", "嗯", "重", "西"])
def test_characters_are_read_as_pypinyin_reads_them(character: str) -> None:
    known = pinyin_dict.pinyin_dict[ord(character)].split(",")
    plain, wade_giles, cyrillic = (
        [fold(convert(reading, style, strict=True)).translate(str.maketrans("v", "u", "'’012345")) for reading in known]
        for style in (Style.NORMAL, Style.WADEGILES, Style.CYRILLIC)
    )
    assert readings().pinyin[character] == plain[0]
    assert readings().latin[character] == {*plain, *wade_giles}
    assert all(character in readings().characters[syllable] for syllable in (*plain, *wade_giles, *cyrillic))


def test_all_characters_of_simplified_chinese_have_readings() -> None:
    two_bytes = (
        bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
    )
    assert set(filter(None, two_bytes)) == readings().latin.keys() == readings().pinyin.keys()


@pytest.mark.parametrize(
    "question",
    ["I like to take the lake home", "a date and a piano", "¿De qué año es?", "Wie viel?", "", "明天下雨吗", "12"],
)
def test_short_words_that_could_be_cut_into_syllables_are_no_names(question: str) -> None:
    assert not spelt(question)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What did Plutarch write?", ["普鲁", "鲁塔", "塔克"]),
        ("Qu'a écrit Plutarque ?", ["普鲁", "鲁塔", "塔克"]),
        ("Что написал Плутарх?", ["普鲁", "鲁塔", "塔克"]),
        ("Τι έγραψε ο Πλούταρχος;", ["普鲁", "鲁塔"]),
        ("Τι έγραψε ο Αριστοτέλης;", ["亚里", "里士", "士多", "多德"]),
        ("プルタークは何を書きましたか", ["普鲁", "鲁塔"]),
        ("How large is Indiana?", ["印第", "第安", "安纳"]),
        ("When was Churchill born?", ["丘吉", "吉尔"]),
        ("When was Napoleon born?", ["拿破"]),
        ("¿Quién fue Martin Luther?", ["路德"]),
        ("Who was Henry Luce?", ["卢斯"]),
        ("Who repaired the car of Tesla?", ["特斯", "斯拉"]),
        ("Wo liegt Bristol?", ["布里", "里斯", "斯托", "托尔"]),
    ],
)
def test_a_foreign_name_is_looked_for_as_chinese_writes_it(question: str, parts: Sequence[str]) -> None:
    assert any(_holds(name, *parts) for name in transcribed(question)), transcribed(question)


@pytest.mark.parametrize(
    "question", ["Which is it? Where is it?", "who was it", "¿Dónde está?", "Где это?", "谁", "ゲーム", ""]
)
def test_the_first_word_of_a_sentence_and_what_has_no_capital_are_no_foreign_names(question: str) -> None:
    assert not transcribed(question)


def test_a_name_is_heard_unit_by_unit() -> None:
    assert units("bern", final_r=False) == (("B", "ie"),)
    assert units("berg", final_r=True) == (("B", "ie"), ("L", "-"), ("G", "-"))
    assert units("cicero", final_r=False) == (("S", "i"), ("S", "ie"), ("L", "o"))
    assert units("hohn", final_r=False) == (("H", "o"),)
    assert units("", final_r=True) == ()


def test_what_is_written_in_characters_is_looked_for_as_it_is_spelt() -> None:
    tokens = {token for name in written("洛陽的橋，1951") for way in name.ways for part in way for token in part}
    assert {"luoyang", "loyang"} <= tokens


def test_what_would_be_spelt_as_a_short_word_is_not_looked_for() -> None:
    assert all("name" not in part for name in written("那么") for way in name.ways for part in way)


def _weighed(
    question: str, names: Sequence[Counterpart], held: Mapping[str, int], passages: int = 100
) -> tuple[Mapping[str, float], float, float]:
    frequency: Callable[[str], int] = lambda token: held.get(token, 0)  # noqa: E731
    before = weigh(parse(question), frequency, passages)
    after = with_counterparts(before, names, frequency, passages)
    return after.weights, before.mass, after.mass


def test_a_name_that_the_collection_holds_weighs_more_than_a_word_and_is_part_of_the_mass() -> None:
    names = [Counterpart(((frozenset({"洛阳", "落阳"}),),), 2.0, emphasis=NAME)]
    weights, before, after = _weighed("bridge of Luoyang", names, {"洛阳": 3})
    assert set(weights) == {"洛阳"}
    assert after == pytest.approx(before + weights["洛阳"] - before / 3)


def test_the_more_tokens_sound_alike_the_less_each_proves() -> None:
    names = [Counterpart(((frozenset({"洛阳", "落阳"}),),), 2.0, emphasis=NAME)]
    rare, _, _ = _weighed("Luoyang", names, {"洛阳": 3})
    common, _, _ = _weighed("Luoyang", names, {"洛阳": 3, "落阳": 60})
    assert rare["洛阳"] > common["洛阳"] == common["落阳"]


def test_a_name_of_which_too_little_is_held_is_none_and_of_two_ways_the_one_held_counts() -> None:
    parts = tuple(frozenset({token}) for token in ("阿根", "根廷", "廷纳"))
    held = {"阿根": 2, "根廷": 2, "卢斯": 1}
    assert set(_weighed("Argentina", [Counterpart((parts,), 2.0, 0.5, NAME)], held)[0]) == {"阿根", "根廷"}
    assert not _weighed("Argentina", [Counterpart((parts,), 2.0)], held)[0]
    two = Counterpart(((frozenset({"卢尔"}), frozenset({"尔斯"})), (frozenset({"卢斯"}),)), 2.0)
    assert set(_weighed("Luce", [two], held)[0]) == {"卢斯"}


def test_a_question_put_together_from_syllables_has_no_more_names_than_are_looked_for() -> None:
    asked: set[str] = set()
    generation: Any = SimpleNamespace(
        means=SimpleNamespace(counts=np.bincount([Script.CHINESE], minlength=len(Script))),
        manifest=SimpleNamespace(rows=100),
        frequencies=lambda tokens: asked.update(tokens) or dict.fromkeys(tokens, 0),
    )
    cities = ["Luoyang", *(one + other for one in ("Ban", "Chang", "Dong", "Gang") for other in SYLLABLES)]
    text = "who " + " ".join(cities)
    sought(weigh(parse(text), lambda _: 0, 100), text, generation)
    assert "洛阳" in asked
    assert "港洞" not in asked


def _tokens(counterparts: Iterable[Counterpart]) -> set[str]:
    return {token for each in counterparts for way in each.ways for part in way for token in part}


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who looks after the lighthouse?", ["灯塔"]),
        ("Who looks after the LIGHTHOUSES?", ["灯塔"]),
        ("Where was the parliament dissolved?", ["解散"]),
        ("How many power plants are there?", ["发电", "电厂"]),
        ("When was New Taipei City founded?", ["新北", "北市"]),
    ],
)
def test_english_words_are_looked_for_as_the_glossary_has_them(question: str, parts: Sequence[str]) -> None:
    assert any(_holds(each, *parts) for each in to_chinese(question)), list(to_chinese(question))


@pytest.mark.parametrize("question", ["Who was it?", "谁", "Кто это?", "xyzzyx", "1912", ""])
def test_what_only_asks_and_what_no_glossary_has_is_not_translated(question: str) -> None:
    assert not list(to_chinese(question))


def test_the_longest_row_of_words_in_the_glossary_is_translated_and_weighs_as_many_words() -> None:
    (plant,) = to_chinese("power plant")
    assert plant.weight == pytest.approx(4.0)
    assert "植物" not in _tokens([plant])


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("灯塔谁在守？", ["lighthouse"]),
        ("燈塔誰在守？", ["lighthouse"]),
        ("新北市的人口", ["new", "taipei", "city"]),
    ],
)
def test_chinese_words_are_looked_for_as_the_glossary_has_them(question: str, parts: Sequence[str]) -> None:
    assert any(_holds(each, *parts) for each in from_chinese(question)), list(from_chinese(question))


def test_of_what_is_not_chinese_nothing_is_looked_for_in_english() -> None:
    assert not [*from_chinese("where is the lighthouse"), *from_chinese("灯"), *from_chinese("")]


@pytest.mark.parametrize(
    ("question", "pairs"),
    [
        ("의회는 언제 해산되었습니까?", {"议会", "解散"}),
        ("도서관", {"图书", "书馆"}),
        ("대학교", {"大学", "学校"}),
    ],
)
def test_korean_words_are_looked_for_in_the_characters_that_are_read_so(question: str, pairs: set[str]) -> None:
    assert pairs <= _tokens(heard_in_korean(question))


@pytest.mark.parametrize("question", ["책", "灯塔", "where", ""])
def test_a_syllable_alone_and_other_scripts_are_not_heard_in_korean(question: str) -> None:
    assert not list(heard_in_korean(question))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Какова столица Сербии?", ["塞尔", "尔维", "维亚"]),
        ("ما هي عاصمة صربيا؟", ["塞尔", "尔维", "维亚"]),
        ("متى فتحت وموسكو؟", ["莫斯", "斯科"]),
        ("सर्बिया की राजधानी क्या है", ["塞尔", "尔维", "维亚"]),
        ("เมืองหลวงของเซอร์เบียคืออะไร", ["塞尔", "尔维", "维亚"]),
        ("세르비아의 수도는 어디인가요?", ["塞尔", "尔维", "维亚"]),
        ("セルビアの首都はどこ？", ["塞尔", "尔维", "维亚"]),
        ("Когда он приехал в Новую Зеландию?", ["新西", "西兰"]),
        ("Πότε πήγε στη Γερμανία;", ["德国"]),
    ],
)
def test_places_are_looked_for_as_chinese_calls_them(question: str, parts: Sequence[str]) -> None:
    assert any(_holds(each, *parts) for each in places(question)), list(places(question))


@pytest.mark.parametrize("question", ["Quelle est la Serbie ?", "он сербский", "灯塔谁在守？", "1912", ""])
def test_what_has_no_capital_and_what_is_in_latin_letters_is_no_place(question: str) -> None:
    assert not list(places(question))


def test_each_way_that_is_held_counts_and_the_mass_grows_by_one() -> None:
    plant = Counterpart(((frozenset({"电站"}),), (frozenset({"发电"}), frozenset({"电厂"}))), 2.0, emphasis=EMPHASIS)
    held = {"电站": 3, "发电": 3, "电厂": 3}
    weights, before, after = _weighed("plant", [plant], held)
    assert weights["电站"] == pytest.approx(2 * weights["发电"])
    assert weights["发电"] == pytest.approx(weights["电厂"])
    # The word itself, which no passage has, is no longer missing.
    assert after == pytest.approx(max(before, weights["电站"]))


SYLLABLES = ("fang", "guang", "dong", "zhang", "lang", "meng", "nang", "tong")
CHINESE = {
    "a.md": "洛阳的石桥建于一九一二年，桥上有四十座石狮，每年春天都有人来数一遍，数目从来没有对上过。",
    "b.md": "开封的石桥建于一九三五年，桥上有二十座石狮，去年秋天修过一次，修桥的石匠姓秦，今年七十岁。",
    "c.md": "普鲁塔克的手稿存在海边的图书馆里，馆员每个星期擦一次灰，擦的时候要戴两双手套，谁也不许说话。",
}
COUNTRIES = {
    "a.md": "希腊的这座灯塔建于一九一二年，塔身用白色的石头砌成，每天傍晚由守塔人的女儿点灯，风再大也没有停过一天。",
    "b.md": "冰岛的这座灯塔建于一九三五年，塔身用红色的砖头砌成，每天傍晚由守塔人的儿子点灯，雪再大也没有停过一天。",
    "c.md": "智利的这座灯塔建于一九五八年，塔身用灰色的木头搭成，每天傍晚由守塔人的妻子点灯，雾再大也没有停过一天。",
}
ENGLISH = {
    "a.md": "The stone bridge of Luoyang was built in 1912 and carries forty lions, which children count each spring.",
    "b.md": "The stone bridge of Kaifeng was built in 1935 and carries twenty lions; a mason repaired it last autumn.",
}


@pytest.mark.parametrize(
    ("articles", "question", "expected"),
    [
        (CHINESE, "Quando foi construída a ponte de Luoyang?", "a.md"),
        (CHINESE, "Quando foi construída a ponte de Kaifeng?", "b.md"),
        (CHINESE, "Когда построили мост Кайфэна?", "b.md"),
        (CHINESE, "Where is the manuscript of Plutarch kept?", "c.md"),
        (CHINESE, "What is the surname of the stonemason?", "b.md"),
        (CHINESE, "도서관에서 누가 일합니까?", "c.md"),
        (COUNTRIES, "في أي عام بنيت منارة أيسلندا؟", "b.md"),
        (COUNTRIES, "ประภาคารของกรีซสร้างขึ้นในปีใด", "a.md"),
        (COUNTRIES, "В каком году построили маяк Исландии?", "b.md"),
        (ENGLISH, "秋天的事", "b.md"),
        (ENGLISH, "洛陽的橋是什麼時候建的？", "a.md"),
        (ENGLISH, "开封的桥是什么时候建的？", "b.md"),
    ],
)
def test_a_word_finds_its_passage_in_another_script(
    tmp_path: Path, encoder: object, articles: Mapping[str, str], question: str, expected: str
) -> None:
    (tmp_path / "articles").mkdir()
    for name, text in articles.items():
        (tmp_path / "articles" / name).write_text(f"---\ntitle: {name[0]}\n---\n\n{text}\n", encoding="utf-8")
    build_index(tmp_path / "articles", tmp_path / "index", encoder=encoder)  # type: ignore[arg-type]
    with Retriever.open(str(tmp_path / "index"), encoder=encoder) as retriever:  # type: ignore[arg-type]
        assert retriever.search(question)[0].article.path == expected


def test_words_that_only_ask_have_no_counterpart() -> None:
    assert not [*from_chinese("多少？"), *from_chinese("这是什么？"), *written("为什么？")]
