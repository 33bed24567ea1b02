"""Answers as messages: what they show, and that Telegram takes every one of them."""

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest
from fake_retriever import ARTICLE, BEST, HIT, TEXT
from hypothesis import given, settings
from hypothesis import strategies as st
from tdlib import Parsed, parse_html

from bot.languages.language import language_for
from bot.markup import Quote
from bot.replies import Reply, refusal, replies
from bot.text import clean
from retrieval.records import Answer, Article, Hit, Mention

ENGLISH = language_for("en")


def answer(*hits: Hit) -> Answer:
    return Answer("question", answered=True, confidence=0.9, hits=hits)


def shown(*hits: Hit) -> list[Parsed]:
    return [parse_html(reply.html) for reply in replies(answer(*hits), ENGLISH)]


def test_a_passage_has_title_date_source_quote_and_best_sentence() -> None:
    (message,) = shown(HIT)
    assert message.text == (f"北角灯塔 <修缮> 完工\n2021-05-04 · 北角晚报\n{TEXT}\nAlso in: 岛上见闻")
    assert message.shown("Bold") == [ARTICLE.title, BEST]
    assert message.shown("BlockQuote") == [TEXT]
    assert message.links() == [HIT.url, "https://other.example.com/1?a=1&b=2"]


def test_three_passages_are_shown_at_most() -> None:
    (message,) = shown(HIT, HIT, HIT, HIT)
    assert message.text.count(TEXT) == 3


def test_what_is_not_known_is_left_out() -> None:
    bare = Hit("Words.", 0.5, None, Article("notes/a.md", " "))
    (message,) = shown(bare)
    assert message.text == "notes/a.md\nWords."
    assert message.links() == []


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (date(2022, 7, 1), "2022-07-01 · Ada"),
        (datetime(2022, 7, 28, 23, 50, tzinfo=timezone.utc), "2022-07-28 · Ada"),
        (None, "Ada"),
    ],
)
def test_the_day_is_the_articles_own(moment: date | None, line: str) -> None:
    (message,) = shown(replace(HIT, article=replace(ARTICLE, date=moment, author="Ada")))
    assert message.text.splitlines()[1] == line


def test_a_category_stands_in_for_an_unknown_author() -> None:
    (message,) = shown(replace(HIT, article=replace(ARTICLE, date=None, author=None, categories=("海岛", "新闻"))))
    assert message.text.splitlines()[1] == "海岛"


def test_a_link_that_is_too_long_leads_to_the_article_instead() -> None:
    (message,) = shown(replace(HIT, url=f"{ARTICLE.url}#:~:text={'%E7' * 1000}", also_in=()))
    assert message.links() == [ARTICLE.url]


def test_more_articles_than_fit_are_counted() -> None:
    (message,) = shown(replace(HIT, also_in=tuple(Mention(f"m{n}", None, f"{n}.md") for n in range(5))))
    assert message.text.endswith("Also in: m0, m1 +3")


@pytest.mark.parametrize("unfit", [Answer("q", False, 0.2, (HIT,)), Answer("q", True, 0.9, ())])
def test_without_an_answer_the_bot_says_so_and_shows_nothing(unfit: Answer) -> None:
    (reply,) = replies(unfit, ENGLISH)
    assert parse_html(reply.html).text == ENGLISH.nothing


def test_long_passages_share_the_message_and_keep_their_best_sentences() -> None:
    text = "岸" * 3000 + BEST + "礁" * 3000
    long = replace(HIT, text=text, highlight=(3000, 3000 + len(BEST)))
    (message,) = shown(long, HIT, long)
    assert message.shown("Bold") == [ARTICLE.title, BEST] * 3
    assert TEXT in message.text
    assert len(message.text) > 4000


def test_best_sentences_too_long_for_one_message_take_several() -> None:
    text = "长" * 3000
    assert [message.shown("Bold")[1] for message in shown(*[replace(HIT, text=text, highlight=(0, 3000))] * 3)] == [
        text
    ] * 3


def test_a_best_sentence_too_long_for_any_message_loses_its_end() -> None:
    (message,) = shown(replace(HIT, text="🌊" * 5000, highlight=(0, 5000)))
    assert message.shown("Bold")[1].endswith("🌊…")


def quote_of(reply: Reply) -> Quote:
    return next(part for part in reply.parts if isinstance(part, Quote))


@pytest.mark.parametrize(("best_at", "folded"), [(0, True), (300, False)])
def test_a_long_quote_is_folded_unless_that_hides_its_best_sentence(best_at: int, folded: bool) -> None:
    (reply,) = replies(answer(replace(HIT, text="岸" * 500, highlight=(best_at, best_at + 20))), ENGLISH)
    assert quote_of(reply).expandable is folded


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
        article=Article("a.md", draw(TITLES), draw(URLS), draw(DATES), draw(st.none() | TITLES), ("c",)),
        url=draw(URLS),
        also_in=tuple(draw(st.lists(mentions, max_size=4))),
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(hits(), min_size=1, max_size=4), st.sampled_from(["en", "zh", "zh-tw", "ja"]))
def test_telegram_takes_whatever_articles_hold_and_shows_the_best_sentences(found: list[Hit], tag: str) -> None:
    pages = [parse_html(reply.html) for reply in replies(answer(*found), language_for(tag))]
    text = "\n".join(page.text for page in pages)
    for hit in found[:3]:
        start, end = hit.highlight or (0, 0)
        assert clean(hit.text[start:end]) in text
