"""hexo-abbrlink: the codes that both of its versions gave."""

from __future__ import annotations

import pytest

from retrieval.reading.links.abbrlink import Abbrlink, code, contested, crc16, number
from retrieval.reading.links.link import NoAddress

DATE = "Thu, 28 Jul 2022 11:50:54 GMT"
GOLDEN = [
    # title; crc16 hex, crc16 dec and crc32 hex of 2.2.1; crc16 hex of the unreleased 2.2.2
    ("Hello World", "3eeb", "16107", "4a17b156", "b365"),
    ("派早报：苹果发布 iOS 16 测试版", "b55c", "46428", "3eb6dde2", "b34b"),
    ("深度学习入门", "5735", "22325", "54ae0472", "3510"),
    ("C++ & Rust: 100%?", "62f8", "25336", "d685f4d1", "6da8"),
    ("「一周」😀 emoji", "eff", "3839", "663d609f", "6814"),
]
FORMS = ("crc16-hex", "crc16-dec", "crc32-hex", "crc16-hex-dated")


@pytest.mark.parametrize(("title", "codes"), [(title, codes) for title, *codes in GOLDEN])
def test_codes_are_those_of_the_plugin(title: str, codes: list[str]) -> None:
    front = {"title": title, "date": DATE}
    assert [code(front, Abbrlink.named(form)) for form in FORMS] == codes


def test_crc16_is_the_arc_variant() -> None:
    assert crc16(b"123456789") == 0xBB3D


def test_unnamed_settings_are_crc16_in_decimal() -> None:
    assert code({"title": "Hello World"}, Abbrlink()) == "16107"


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ({"abbrlink": "0123", "title": "x"}, "0123"),
        ({"abbrlink": 46428, "title": "x"}, "46428"),
        ({"abbrlink": "", "title": "Hello World"}, "3eeb"),
        ({"abbrlink": 0, "title": "Hello World"}, "3eeb"),
        ({"title": None}, "0"),
        ({}, "0"),
        ({"title": ["a", "b"]}, code({"title": "a,b"}, Abbrlink.named("crc16-hex"))),
        ({"title": 1.1}, code({"title": "1.1"}, Abbrlink.named("crc16-hex"))),
    ],
)
def test_what_stands_in_the_front_matter(front: dict[str, object], expected: str) -> None:
    assert code(front, Abbrlink.named("crc16-hex")) == expected


def test_force_replaces_a_written_value() -> None:
    assert code({"abbrlink": "abc", "title": "Hello World"}, Abbrlink(force=True)) == "16107"


@pytest.mark.parametrize("title", [80, True, {"a": 1}])
def test_title_that_yaml_readers_type_differently_gives_no_code(title: object) -> None:
    with pytest.raises(NoAddress, match="quotes"):
        code({"title": title}, Abbrlink())
    assert number({"title": title}, Abbrlink()) is None


@pytest.mark.parametrize("name", ["crc16", "md5-hex", "crc16-oct", "crc16-hex-x"])
def test_unknown_form_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="choose"):
        Abbrlink.named(name)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1, 5, 9], set()),
        ([5, 5], {5}),
        ([5, 5, 6, 8], {5, 6}),  # 5 and 6 are taken by the fives, so the post at 6 may move to 7
        ([5, 5, 5, 7, 8], {5, 7, 8}),
        ([5, 5, 7], {5}),
    ],
)
def test_contested_numbers_are_those_that_a_neighbour_may_push_on(numbers: list[int], expected: set[int]) -> None:
    assert contested(numbers) == expected
