"""Cleaning, measuring and cutting text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import clean, head, one_line, shortened, tail, units

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x1bc\x9fd", "a b c d"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("tab\tand\nline stay", "tab\tand\nline stay"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("turned \u202eround", "turned round"),
        ("para\u2029graph", "para\ngraph"),
        ("full　width\u00a0kept", "full　width\u00a0kept"),
    ],
)
def test_clean_makes_harmless_and_keeps_the_rest(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(ANY_TEXT)
def test_cleaned_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode().decode() == clean(cleaned)


def test_one_line_joins_lines_and_runs_of_blanks() -> None:
    assert one_line(" a\n\n b\u3000c\x00 ") == "a b c"


@given(ANY_TEXT.map(clean))
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2


@given(ANY_TEXT.map(clean), st.integers(0, 50))
def test_cuts_fit_and_come_from_the_ends(text: str, limit: int) -> None:
    assert units(head(text, limit)) <= limit
    assert text.startswith(head(text, limit))
    assert units(tail(text, limit)) <= limit
    assert text.endswith(tail(text, limit))


@pytest.mark.parametrize("limit", range(1, units(FAMILY)))
def test_cuts_part_no_visible_character(limit: int) -> None:
    assert head(f"a{FAMILY}", limit + 1) == "a"
    assert tail(f"{FAMILY}b", limit + 1) == "b"
    assert head(f"e\u0301{FAMILY}", 1) == ""


@pytest.mark.parametrize(
    "whole", ["🇨🇳", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "\u1112\u1161\u11ab"]
)
def test_flags_and_syllables_stay_whole(whole: str) -> None:
    for limit in range(1, units(whole)):
        assert head(f"字{whole}", limit + 1) == "字"
        assert tail(f"{whole}字", limit + 1) == "字"
    assert head(f"字{whole}{whole}", 1 + units(whole)) == f"字{whole}"
    assert tail(f"{whole}{whole}字", 1 + units(whole)) == f"{whole}字"


def test_shortened_text_ends_in_an_ellipsis() -> None:
    assert shortened("seven words", 6) == "seven…"
    assert shortened("seven", 5) == "seven"
