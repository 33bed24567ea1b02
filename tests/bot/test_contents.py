"""Lists to leaf through: newest articles and categories, hundreds of them."""

from dataclasses import replace

import pytest
from api_rules import check_buttons
from fake_retriever import OTHER, FakeRetriever
from tdlib import parse_html

from bot import delivery
from bot.contents import Contents
from bot.keyboard import Button, Turn
from bot.languages.language import language_for
from bot.listings import Listings
from bot.replies import Reply
from bot.sheets import KEPT
from bot.sqlite import SqliteDatabase
from retrieval.records import Category, Filter

ENGLISH = language_for("en")
NAMES = ['with "quotes"', "交通", "x" * 300, "\u200b", *(f"c{n}" for n in range(996))]


class Large(FakeRetriever):
    """Twenty-five articles, a thousand categories."""

    def __init__(self) -> None:
        super().__init__()
        self.articles = [replace(OTHER, path=f"{n}.md", title=f"Article {n}") for n in range(25)]

    def categories(self) -> list[Category]:
        """Names of every kind."""
        return [Category(name, 1234) for name in NAMES]


def contents(now: float = 0) -> Contents:
    return Contents(Large(), Listings(lambda schema: SqliteDatabase(None, schema), lambda: now))


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.rows for button in row]


def pressed(of: Contents, reply: Reply, label: str) -> Reply:
    turn = Turn.read(next(button.data for row in reply.rows for button in row if button.label == label))
    assert turn
    again = of.turn(turn, ENGLISH)
    assert again
    return again


def titles(reply: Reply) -> list[str]:
    return [line[2:].split(" · ")[0] for line in parse_html(reply.html).text.splitlines() if line.startswith("• ")]


def test_the_newest_articles_are_leafed_through_ten_at_a_time() -> None:
    of = contents()
    first = of.articles(Filter(), ENGLISH)
    second = pressed(of, first, "2 ›")
    third = pressed(of, second, "3 ›")
    assert titles(first) + titles(second) + titles(third) == [f"Article {n}" for n in range(25)]
    assert [labels(each) for each in (first, second, third)] == [["2 ›"], ["‹ 1", "3 ›"], ["‹ 2"]]
    assert pressed(of, third, "‹ 2") == second


def test_a_filter_outlives_the_turning_of_pages() -> None:
    of = contents()
    first = of.articles(Filter(category="交通"), ENGLISH)
    assert titles(pressed(of, first, "2 ›"))[0] == "Article 10"
    assert of.articles(Filter(category="nothing of the kind"), ENGLISH).html == ENGLISH.no_articles


def test_a_category_leads_to_its_articles_and_back_to_its_page() -> None:
    of = contents()
    first = of.categories(ENGLISH)
    assert labels(first)[:2] == ['with "quotes" · 1,234', "交通 · 1,234"]
    second = pressed(of, first, "2 ›")
    inside = pressed(of, second, "c16 · 1,234")
    assert parse_html(inside.html).text == ENGLISH.no_articles
    assert pressed(of, inside, ENGLISH.back) == second
    assert titles(pressed(of, first, "交通 · 1,234"))


def test_telegram_takes_every_page_of_a_thousand_categories() -> None:
    of = contents()
    for number in range(50):
        page = of.categories(ENGLISH, number)
        parse_html(page.html)
        keyboard = delivery.markup(page.rows)
        assert keyboard
        check_buttons({"reply_markup": keyboard.to_dict()})


def test_a_page_beyond_the_end_does_no_harm() -> None:
    of = contents()
    last = labels(of.categories(ENGLISH, 999))
    assert last == labels(of.categories(ENGLISH, 998))
    assert last[-1].startswith("‹")
    beyond = of.turn(Turn("l", "", 999), ENGLISH)
    assert beyond
    assert labels(beyond) == ["‹ 999"]


def test_a_filter_expires() -> None:
    database = SqliteDatabase(None, "")
    key = Listings(lambda schema: _made(database, schema), lambda: 0).keep([Filter(author="Ada")])[0]
    later = Contents(Large(), Listings(lambda schema: _made(database, schema), lambda: KEPT))
    assert later.turn(Turn("l", key, 0), ENGLISH) is None


def _made(database: SqliteDatabase, schema: str) -> SqliteDatabase:
    database.write((schema, ()))
    return database


@pytest.mark.parametrize("turn", [Turn("l", "A" * 11, 999, 999), Turn("c", "", 0), Turn("l", "", 3)])
def test_what_a_button_says_fits_and_is_read_back(turn: Turn) -> None:
    assert 1 <= len(turn.data.encode()) <= 64
    assert Turn.read(turn.data) == turn


def test_figures_are_counted_in_words() -> None:
    retriever = Large()
    retriever.articles = retriever.articles[:1]
    about = Contents(retriever, Listings(lambda schema: SqliteDatabase(None, schema))).about(ENGLISH)
    assert about.html.startswith("1 article, 7 passages.")


def test_in_the_place_of_another_reply_there_is_a_way_back() -> None:
    back = Button(ENGLISH.back, "t:x:0")
    page = contents().newest(1, str, back, ENGLISH)
    assert page.rows == ((Button("‹ 1", "0"), Button("3 ›", "2")), (back,))
