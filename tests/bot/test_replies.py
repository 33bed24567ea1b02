"""Answers as messages: what they show, and that Telegram takes every one of them."""

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest
from api_rules import check_buttons, check_preview, check_results
from fake_retriever import ARTICLE, BEST, FERRY, HIT, OTHER, TEXT
from hypothesis import given, settings
from hypothesis import strategies as st
from tdlib import Parsed, parse_html

from bot import delivery, lists
from bot.inline import offers
from bot.keyboard import Turn
from bot.languages.language import language_for
from bot.markup import Quote
from bot.replies import Reply, answer, paragraphs, passage, refusal, titles
from bot.sheets import Sheet
from bot.text import clean
from retrieval.records import Answer, Article, Category, Hit, Mention

ENGLISH = language_for("en")
PARAGRAPHS = ["one", "two", TEXT, "four", "five", "six", "seven"]


def sheet(*hits: Hit, answered: bool = True, note: str = "") -> Sheet:
    return Sheet("Ab3_-x9Zk0Q", 7, 7, "q", "q", answered, hits, "g1", note)


def seen(reply: Reply) -> Parsed:
    return parse_html(reply.html)


def shown(*hits: Hit) -> Parsed:
    return seen(answer(sheet(*hits), ENGLISH))


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.rows]


def test_a_passage_has_title_date_source_quote_and_best_sentence() -> None:
    message = shown(HIT)
    assert message.text == (f"北角灯塔 <修缮> 完工\nMay 4, 2021 · 北角晚报\n{TEXT}\nAlso in: 岛上见闻")
    assert message.shown("Bold") == [ARTICLE.title, BEST]
    assert message.shown("BlockQuote") == [TEXT]
    assert message.links() == [HIT.url, "https://other.example.com/1?a=1&b=2"]


def test_one_passage_is_shown_with_buttons_to_the_others() -> None:
    pages = [passage(sheet(HIT, FERRY, HIT), at, ENGLISH) for at in range(3)]
    assert TEXT in seen(pages[0]).text
    assert FERRY.text in seen(pages[1]).text
    assert [labels(page)[0] for page in pages] == [
        ["Next (2/3) ›"],
        ["‹ Previous (1/3)", "Next (3/3) ›"],
        ["‹ Previous (2/3)"],
    ]
    assert labels(pages[0])[1:] == [["More from this article", "Source"], ["👍 Right", "👎 Not right"]]
    assert pages[0].rows[1][1].url == HIT.url


def test_a_picture_of_the_article_is_previewed_where_it_has_one() -> None:
    pages = [passage(sheet(HIT, FERRY), at, ENGLISH) for at in range(2)]
    assert [page.picture for page in pages] == [None, OTHER.image]


def test_how_a_question_was_understood_is_said_first() -> None:
    message = seen(answer(sheet(HIT, note="lighthouse 2020"), ENGLISH))
    assert message.text.startswith("Understood as: lighthouse 2020\n\n")


def test_the_paragraphs_around_a_passage_are_read_in_steps() -> None:
    first = paragraphs(sheet(HIT), 0, PARAGRAPHS, None, ENGLISH)
    assert seen(first).shown("BlockQuote") == ["two", TEXT, "four"]
    assert BEST in seen(first).shown("Bold")
    assert labels(first) == [["‹ Earlier", "Later ›"], ["Back", "Source"]]
    later = paragraphs(sheet(HIT), 0, PARAGRAPHS, 4, ENGLISH)
    assert seen(later).shown("BlockQuote") == ["five", "six", "seven"]
    assert labels(later)[0] == ["‹ Earlier"]
    assert seen(paragraphs(sheet(HIT), 0, [TEXT], 99, ENGLISH)).shown("BlockQuote") == [TEXT]


def test_what_is_not_known_is_left_out() -> None:
    bare = Hit("Words.", 0.5, None, Article("notes/a.md", " "))
    message = shown(bare)
    assert message.text == "notes/a.md\nWords."
    assert message.links() == []


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (date(2022, 7, 1), "July 1, 2022 · Ada"),
        (datetime(2022, 7, 28, 23, 50, tzinfo=timezone.utc), "July 28, 2022 · Ada"),
        (None, "Ada"),
    ],
)
def test_the_day_is_the_articles_own(moment: date | None, line: str) -> None:
    message = shown(replace(HIT, article=replace(ARTICLE, date=moment, author="Ada")))
    assert message.text.splitlines()[1] == line


def test_a_category_stands_in_for_an_unknown_author() -> None:
    message = shown(replace(HIT, article=replace(ARTICLE, date=None, author=None, categories=("海岛", "新闻"))))
    assert message.text.splitlines()[1] == "海岛"


def test_a_link_that_is_too_long_leads_to_the_article_instead() -> None:
    message = shown(replace(HIT, url=f"{ARTICLE.url}#:~:text={'%E7' * 1000}", also_in=()))
    assert message.links() == [ARTICLE.url]


def test_more_articles_than_fit_are_counted() -> None:
    message = shown(replace(HIT, also_in=tuple(Mention(f"m{n}", None, f"{n}.md") for n in range(5))))
    assert message.text.endswith("Also in: m0, m1 +3")


@pytest.mark.parametrize("unfit", [sheet(HIT, FERRY, HIT, answered=False), sheet()])
def test_without_an_answer_the_bot_says_so_in_a_line_and_offers_the_nearest_titles(unfit: Sheet) -> None:
    reply = answer(unfit, ENGLISH)
    assert seen(reply).text == ENGLISH.nothing
    nearest = [[ARTICLE.title], [OTHER.title]] if unfit.hits else []
    assert labels(reply) == [*nearest, [ENGLISH.latest_button]]
    assert not reply.answered


def test_a_passage_that_does_not_answer_leads_back_to_the_titles() -> None:
    assert labels(passage(sheet(HIT, answered=False), 0, ENGLISH))[0] == ["Back"]


def test_a_passage_too_long_for_a_message_keeps_its_best_sentence() -> None:
    text = "岸" * 5000 + BEST + "礁" * 5000
    message = shown(replace(HIT, text=text, highlight=(5000, 5000 + len(BEST))))
    assert message.shown("Bold") == [ARTICLE.title, BEST]
    assert 4000 < len(message.text) <= 4096


def test_a_best_sentence_too_long_for_any_message_loses_its_end() -> None:
    message = shown(replace(HIT, text="🌊" * 5000, highlight=(0, 5000)))
    assert message.shown("Bold")[1].endswith("🌊…")


def quote_of(reply: Reply) -> Quote:
    return next(part for part in reply.parts if isinstance(part, Quote))


@pytest.mark.parametrize(("best_at", "folded"), [(0, True), (300, False)])
def test_a_long_quote_is_folded_unless_that_hides_its_best_sentence(best_at: int, folded: bool) -> None:
    long = replace(HIT, text="岸" * 500, highlight=(best_at, best_at + 20))
    assert quote_of(answer(sheet(long), ENGLISH)).expandable is folded


def test_questions_that_cannot_be_searched_get_their_own_words() -> None:
    assert "2,000" in parse_html(refusal("x" * 2001, ENGLISH).html).text
    assert parse_html(refusal(" ", ENGLISH).html).text == ENGLISH.empty


WILD = st.text(st.characters(exclude_categories=()), max_size=60)
TITLES = WILD | WILD.map(lambda text: text * 40)
BODIES = st.builds(
    lambda unit, times, tail: (unit + "字") * times + tail + "。",
    WILD,
    st.sampled_from([1, 3, 60, 900]),
    WILD,
)
URLS = st.none() | WILD | WILD.map("https://e.example/".__add__) | st.just("https://e.example/" + "&" * 700)
DATES = st.none() | st.dates() | st.datetimes()


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    text = draw(BODIES)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, min(len(text), start + 1000)))
    mentions = st.builds(Mention, TITLES, URLS, WILD)
    return Hit(
        text=text,
        score=0.5,
        highlight=draw(st.sampled_from([None, (start, end)])),
        article=Article(
            "a.md", draw(TITLES), draw(URLS), draw(DATES), draw(st.none() | TITLES), ("c",), (), draw(URLS)
        ),
        url=draw(URLS),
        also_in=tuple(draw(st.lists(mentions, max_size=4))),
    )


LISTED = st.lists(hits(), min_size=1, max_size=4)
TAGS = st.sampled_from(["en", "zh", "zh-tw", "ja"])


def taken(reply: Reply) -> Parsed:
    check_buttons({"reply_markup": {"inline_keyboard": markup(reply)}})
    check_preview({"link_preview_options": {"url": reply.picture}})
    return seen(reply)


def markup(reply: Reply) -> list[list[dict[str, str]]]:
    keyboard = delivery.markup(reply.rows)
    return keyboard.to_dict()["inline_keyboard"] if keyboard else []


@settings(max_examples=200, deadline=None)
@given(LISTED, TAGS, st.text(st.characters(exclude_categories=()), max_size=500))
def test_telegram_takes_whatever_articles_hold_and_shows_the_best_sentences(
    found: list[Hit], tag: str, note: str
) -> None:
    shown = sheet(*found, note=note)
    for at, hit in enumerate(found):
        start, end = hit.highlight or (0, 0)
        assert clean(hit.text[start:end]) in taken(passage(shown, at, language_for(tag))).text
    taken(titles(shown, language_for(tag)))


@settings(max_examples=100, deadline=None)
@given(LISTED, TAGS, st.integers(0, 9))
def test_telegram_takes_whatever_stands_around_a_passage(found: list[Hit], tag: str, start: int) -> None:
    texts = [hit.text for hit in found]
    taken(paragraphs(sheet(*found), len(found) - 1, texts, start, language_for(tag)))


@settings(max_examples=50, deadline=None)
@given(LISTED, TAGS)
def test_telegram_takes_whatever_articles_are_listed(found: list[Hit], tag: str) -> None:
    articles, language = [hit.article for hit in found] * 10, language_for(tag)
    taken(lists.articles(lists.page_of(articles, 0, 10), language, lambda to: Turn("l", "AAAAAAAAAAA", to, 9).data))
    taken(lists.fresh([(article.title, articles) for article in articles[:10]], language))
    found = [Category(article.title, 3) for article in articles]
    taken(lists.categories(lists.page_of(found, 0, 20), ["AAAAAAAAAAA"] * min(20, len(found)), language))


@settings(max_examples=100, deadline=None)
@given(LISTED, TAGS)
def test_telegram_takes_whatever_is_offered_inline(found: list[Hit], tag: str) -> None:
    offered = offers(Answer("q", True, 0.9, tuple(found)), language_for(tag))
    check_results({"results": [result.to_dict() for result in offered]})
    assert offered
