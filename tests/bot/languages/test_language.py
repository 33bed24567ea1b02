"""Which language a person gets, and that every language is complete."""

import re
from dataclasses import fields
from datetime import date

import pytest
from babel.dates import format_date

from bot.languages.language import Language, language_for, languages
from bot.menus import ADMIN, GROUP


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-hans", "zh"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zh_SG", "zh"),
        ("zh-hant", "zh-hant"),
        ("zh-Hant-HK", "zh-hant"),
        ("zh_TW", "zh-hant"),
        ("zh-hk", "zh-hant"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("en-GB", "en"),
        ("pt-br", "en"),
        ("C", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_closest_language_is_chosen(tag: str | None, expected: str) -> None:
    assert expected in language_for(tag).tags


def test_no_two_languages_claim_a_tag() -> None:
    tags = [tag for language in languages() for tag in language.tags]
    assert len(tags) == len(set(tags)) >= 4


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.tags[0])
def test_every_text_is_there_and_fits(language: Language) -> None:
    texts = {field.name: getattr(language, field.name) for field in fields(language)}
    assert all(text.strip() for text in texts.values() if isinstance(text, str))
    assert "2,000" in language.too_long.format(limit="2,000")
    assert "/ask" in language.help_in_telegram
    assert str(format_date(date(2021, 5, 4), "long", language.locale))
    # https://core.telegram.org/bots/api#answercallbackquery
    notices = (language.thanks, language.expired, language.not_yours)
    assert max(map(len, notices)) <= 200


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.tags[0])
def test_placeholders_are_those_of_english(language: Language) -> None:
    english = language_for("en")
    for field in fields(language):
        ours, theirs = getattr(language, field.name), getattr(english, field.name)
        if isinstance(ours, str):
            assert sorted(re.findall(r"{\w+}", ours)) == sorted(re.findall(r"{\w+}", theirs)), field.name


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.tags[0])
def test_every_command_in_a_menu_is_described(language: Language) -> None:
    assert set(language.menu) == {*GROUP, *ADMIN}
    # https://core.telegram.org/bots/api#botcommand
    assert all(1 <= len(description) <= 256 for description in language.menu.values())
