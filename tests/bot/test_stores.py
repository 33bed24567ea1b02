"""What the bot keeps, on both databases alike; each test has two of a store, as two processes would."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from fake_retriever import ARTICLE, FERRY, HIT, OTHER

from bot.albums import KEPT as ALBUMS_KEPT
from bot.albums import Albums
from bot.database import Database
from bot.errors import UnusableData
from bot.feedback import Feedback, Tally
from bot.languages.language import language_for
from bot.listings import Listings
from bot.preferences import Preferences
from bot.sheets import KEPT, Sheet, Sheets
from bot.subscriptions import DAY, News, Subscriptions
from retrieval.records import Filter

Making = Callable[[str], Database]
LARGE = 2**52 - 1
"""Numbers of people and chats have up to 52 bits (https://core.telegram.org/bots/api#user)."""
SHEET = Sheet("id", -LARGE, LARGE, "question", "context", True, (HIT, FERRY), "g1", "note", asked=1, message=2)


class Times:
    """A clock that is set by hand."""

    now = 1e9

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Times]:
    return Times()


def test_a_sheet_is_found_by_another_process_word_for_word(database: Making) -> None:
    one, two = Sheets(database), Sheets(database)
    one.save(replace(SHEET, message=None, hits=(replace(HIT, text="half \ud83d pair, \0"),)))
    one.save(SHEET)
    assert two.find("id") == two.shown_in(-LARGE, 2) == two.asked_in(-LARGE, 1) == SHEET
    two.place("id", LARGE)
    assert one.shown_in(-LARGE, LARGE) == replace(SHEET, message=LARGE)
    one.move(-LARGE, 7)
    assert two.find("id") == replace(SHEET, chat=7, message=None, asked=None)


def test_sheets_expire(database: Making, clock: Times) -> None:
    sheets = Sheets(database, clock)
    sheets.save(SHEET)
    clock.now += KEPT
    assert sheets.find("id") is None
    sheets.save(replace(SHEET, id="new"))
    assert len(database("").rows("SELECT 1 FROM sheet")) == 1


def test_a_list_is_turned_by_another_process_for_thirty_days(database: Making, clock: Times) -> None:
    one, two = Listings(database, clock), Listings(database, clock)
    wheres = [Filter(category="交通"), Filter(author="Lin", after=date(2021, 5, 4)), Filter()]
    keys = one.keep(wheres)
    assert one.keep(wheres) == keys
    assert [two.find(key) for key in keys] == wheres
    clock.now += KEPT
    assert two.find(keys[0]) is None


def test_choices_are_seen_by_another_process_when_it_looks(database: Making) -> None:
    one, two = Preferences(database), Preferences(database)
    one.choose(LARGE, "ja")
    one.choose(LARGE, "en")
    one.show_pictures(-LARGE, False)
    one.show_pictures(-LARGE, False)
    one.move(-LARGE, -7)
    two.refresh(LARGE, -7)
    assert two.language(LARGE, "zh") == language_for("en")
    assert not two.wants_pictures(-7)
    assert two.origin(-7) == -LARGE
    two.choose(LARGE, None)
    two.show_pictures(-7, True)
    one.refresh(LARGE, -7)
    assert one.language(LARGE, "zh") == language_for("zh")
    assert one.wants_pictures(-7)


def test_topics_are_shared(database: Making) -> None:
    one, two = Subscriptions(database), Subscriptions(database)
    assert one.add(-LARGE, "渡轮", language="en", thread=3)
    assert one.add(-LARGE, "渡轮", language="en")
    assert two.add(-LARGE, "Lighthouse 100%?", language="zh")
    assert two.topics(-LARGE) == one.topics(-LARGE) == ["Lighthouse 100%?", "渡轮"]
    assert two.remove(-LARGE, "渡轮")
    assert not one.remove(-LARGE, "渡轮")
    assert [(each.chat, each.thread, each.topics) for each in one.due()] == [(-LARGE, None, ("Lighthouse 100%?",))]
    two.forget(-LARGE)
    assert one.due() == []


def test_a_chat_with_a_new_number_keeps_its_topics_and_those_it_has_there_already(database: Making) -> None:
    subscriptions = Subscriptions(database)
    assert subscriptions.add(7, "a", language="en")
    assert subscriptions.add(7, "b", language="en")
    assert subscriptions.add(-8, "A", language="ja")
    assert subscriptions.add(-8, "c", language="ja")
    subscriptions.move(7, -8)
    subscriptions.move(9, -8)
    assert subscriptions.topics(-8) == ["a", "b", "c"]
    assert [(each.chat, each.language) for each in subscriptions.due()] == [(-8, "en")]


def test_news_is_told_by_one_process_and_a_day_later_again(database: Making, clock: Times) -> None:
    one, two = Subscriptions(database, clock), Subscriptions(database, clock)
    one.see("g1", [ARTICLE])
    assert two.has_seen("g1")
    assert two.add(7, "渡轮", language="en")
    clock.now += 1
    two.see("g2", [OTHER, OTHER, ARTICLE])
    (due,) = one.due()
    assert one.has_news(due.since)
    assert two.news([OTHER, ARTICLE], due.since) == [News(OTHER, int(clock.now))]
    until = int(clock.now)
    assert [one.tell(7, until), two.tell(7, until), one.tell(7, until)] == [True, False, False]
    assert one.due() == []
    clock.now += DAY
    assert [two.tell(7, until + 1), one.tell(7, until + 1)] == [True, False]


def test_news_that_concern_a_chat_in_nothing_are_none_any_more_to_any_process(database: Making, clock: Times) -> None:
    one, two = Subscriptions(database, clock), Subscriptions(database, clock)
    assert all(one.add(chat, "渡轮", language="en") for chat in (7, -LARGE))
    since = int(clock.now)
    one.skip([7], since + 5)
    two.skip([7, -LARGE], since + 2)
    two.skip([], since + 9)
    assert {each.chat: each.since for each in two.due()} == {7: since + 5, -LARGE: since + 2}
    assert not two.tell(7, since + 4)


def test_verdicts_are_counted_together(database: Making) -> None:
    one, two = Feedback(database), Feedback(database)
    one.judge(SHEET, 0, right=True)
    two.judge(SHEET, 0, right=False)
    two.judge(replace(SHEET, id="other", question="half \ud83d pair, \0"), 1, right=True)
    assert one.tally() == Tally(right=1, wrong=1)
    two.judge(replace(SHEET, question="Where?"), 1, right=True)
    assert one.tally() == Tally(right=2, wrong=0)


def test_an_album_is_met_once_by_all_processes(database: Making, clock: Times) -> None:
    one, two = Albums(database, clock), Albums(database, clock)
    assert [one.meet("a"), two.meet("a"), one.meet("a"), two.meet("b")] == [True, False, False, True]
    clock.now += ALBUMS_KEPT
    assert two.meet("a")


def test_all_changes_are_made_or_none(database: Making) -> None:
    made = database("CREATE TABLE IF NOT EXISTS number (value INTEGER PRIMARY KEY)")
    one = ("INSERT INTO number VALUES (?)", (1,))
    with pytest.raises(UnusableData):
        made.write(one, ("INSERT INTO number VALUES (?)", (2,)), one)
    assert made.rows("SELECT value FROM number") == []
    assert made.write(one, ("UPDATE number SET value = value + ?", (LARGE,))) == 1
    assert made.rows("SELECT value FROM number") == [(LARGE + 1,)]


def test_several_threads_at_once_lose_nothing(database: Making) -> None:
    made = database("CREATE TABLE IF NOT EXISTS number (value INTEGER PRIMARY KEY)")

    def count(start: int) -> None:
        for value in range(start, start + 20):
            made.write(("INSERT INTO number VALUES (?)", (value,)))

    threads = [threading.Thread(target=count, args=(100 * number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert made.rows("SELECT count(*) FROM number") == [(160,)]
