"""Which language a person gets, and that every language is complete."""

from dataclasses import fields

import pytest

from bot.languages.language import Language, language_for, languages


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
    texts = {field.name: getattr(language, field.name) for field in fields(language) if field.name != "tags"}
    assert all(text.strip() for text in texts.values())
    assert "2,000" in language.too_long.format(limit="2,000")
    assert "/ask" in language.help
    # https://core.telegram.org/bots/api#botcommand
    assert max(len(language.ask_command), len(language.help_command)) <= 256
