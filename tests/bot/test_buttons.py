"""Buttons under answers, with the real program over loopback HTTP."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from api_server import TOKEN, ApiServer, Call
from fake_retriever import ARTICLE, BEST, FERRY, OTHER, PARAGRAPHS
from running import started

from bot.buttons import Buttons
from bot.conversation import Asker
from bot.delivery import EDIT_ATTEMPTS, EDIT_SECONDS
from bot.errors import Busy
from bot.languages.language import language_for, languages
from retrieval.errors import RetrievalError

ENGLISH = language_for("en")


def asked(talk: ApiServer, text: str = "When was it lit?", **fields: Any) -> Call:
    before = len(talk.sent())
    talk.say(text, **fields)
    return talk.wait("sendMessage", before + 1)[-1]


def pressed(talk: ApiServer, data: str, message: dict[str, Any]) -> tuple[Call, Call]:
    """The answer to the press, and the edit that follows."""
    edits = len([call for call in talk.calls if call.method == "editMessageText"])
    talk.press(data, message)
    edit = talk.wait("editMessageText", edits + 1)[-1]
    return talk.wait("answerCallbackQuery")[-1], edit


def notice(talk: ApiServer, data: str, message: dict[str, Any]) -> str:
    """What a press that edits nothing is told."""
    before = len([call for call in talk.calls if call.method == "answerCallbackQuery"])
    talk.press(data, message)
    return str(talk.wait("answerCallbackQuery", before + 1)[-1].arguments.get("text", ""))


def test_the_next_passage_is_shown_in_the_same_message_with_its_picture(talk: ApiServer) -> None:
    answer = asked(talk)
    acknowledged, edit = pressed(talk, answer.buttons()["Next (2/2) ›"], talk.message(answer))
    assert edit.parsed
    assert FERRY.text in edit.parsed.text
    assert edit.number == answer.number
    assert edit.arguments["link_preview_options"] == {
        "is_disabled": False,
        "url": OTHER.image,
        "prefer_small_media": True,
    }
    assert talk.calls.index(acknowledged) < talk.calls.index(edit)
    _, back = pressed(talk, edit.buttons()["‹ Previous (1/2)"], talk.message(answer))
    assert back.parsed == answer.parsed


def test_more_from_the_article_shows_the_paragraphs_around(talk: ApiServer) -> None:
    answer = asked(talk)
    _, edit = pressed(talk, answer.buttons()["More from this article"], talk.message(answer))
    assert edit.parsed
    assert edit.parsed.shown("BlockQuote") == PARAGRAPHS[1:4]
    assert edit.buttons()["Source"].startswith(str(ARTICLE.url))


@pytest.mark.parametrize("label", [ENGLISH.right, ENGLISH.wrong])
def test_a_verdict_is_thanked_for_and_changes_nothing(talk: ApiServer, label: str) -> None:
    answer = asked(talk)
    assert notice(talk, answer.buttons()[label], talk.message(answer)) == ENGLISH.thanks
    assert [call.method for call in talk.calls].count("editMessageText") == 0


def test_a_button_pressed_twice_does_no_harm(talk: ApiServer) -> None:
    answer = asked(talk)
    data = answer.buttons()["Next (2/2) ›"]
    pressed(talk, data, talk.message(answer))
    assert notice(talk, data, talk.message(answer)) == ""
    assert FERRY.text in talk.message(answer)["text"]


@pytest.mark.parametrize("data", ["p:AAAAAAAAAAA:0", "p:", "x" * 64, "g:klingon", "p:AAAAAAAAAAA:999999999"])
def test_a_forged_or_expired_button_gets_a_friendly_word(talk: ApiServer, data: str) -> None:
    assert notice(talk, data, talk.message(asked(talk))) == ENGLISH.expired


def test_another_message_and_another_person_are_refused(talk: ApiServer) -> None:
    one = asked(talk, chat=talk.group, text="/ask When?")
    two = asked(talk, chat=talk.group, text="/ask When?")
    data = one.buttons()["Next (2/2) ›"]
    assert notice(talk, data, talk.message(two)) == ENGLISH.not_yours
    talk.meet_somebody()
    assert notice(talk, data, talk.message(one)) == ENGLISH.not_yours


def test_a_place_beyond_the_answer_is_refused(talk: ApiServer) -> None:
    answer = asked(talk)
    data = answer.buttons()["Next (2/2) ›"].rpartition(":")[0] + ":7"
    assert notice(talk, data, talk.message(answer)) == ENGLISH.expired


def test_a_press_too_old_for_telegram_is_carried_out_all_the_same(talk: ApiServer) -> None:
    answer = asked(talk)
    talk.fail_once("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    talk.press(answer.buttons()["Next (2/2) ›"], talk.message(answer))
    (edit,) = talk.wait("editMessageText")
    assert edit.parsed
    assert FERRY.text in edit.parsed.text


def test_a_press_whose_outcome_telegram_refuses_is_apologised_for(talk: ApiServer) -> None:
    answer = asked(talk)
    talk.fail_once("editMessageText", 400, "Bad Request: unlucky")
    talk.press(answer.buttons()["Next (2/2) ›"], talk.message(answer))
    apology = talk.wait("sendMessage", len(talk.sent()) + 1)[-1]
    assert apology.parsed
    assert apology.parsed.text == ENGLISH.trouble


@pytest.mark.parametrize("done", [False, True])
def test_a_page_turn_whose_connection_breaks_is_tried_again_and_nobody_apologises(talk: ApiServer, done: bool) -> None:
    answer = asked(talk)
    talk.drop_once("editMessageText", done=done)
    talk.press(answer.buttons()["Next (2/2) ›"], talk.message(answer))
    talk.wait("editMessageText")
    time.sleep(2 * EDIT_SECONDS)
    assert FERRY.text in talk.message(answer)["text"]
    assert len(talk.sent()) == 1


def test_a_page_turn_that_goes_on_failing_is_apologised_for(talk: ApiServer) -> None:
    answer = asked(talk)
    for _ in range(EDIT_ATTEMPTS):
        talk.fail_once("editMessageText", 504, "Gateway Timeout")
    talk.press(answer.buttons()["Next (2/2) ›"], talk.message(answer))
    apology = talk.wait("sendMessage", 2)[-1]
    assert apology.parsed
    assert apology.parsed.text == ENGLISH.trouble


@pytest.mark.parametrize("status", [429, 502])
def test_a_press_is_acknowledged_again_where_telegram_did_not_take_it(talk: ApiServer, status: int) -> None:
    answer = asked(talk)
    talk.fail_once("answerCallbackQuery", status, "Not now", **({"retry_after": 1} if status == 429 else {}))
    assert notice(talk, answer.buttons()[ENGLISH.right], talk.message(answer)) == ENGLISH.thanks


def test_without_an_answer_the_nearest_titles_lead_to_their_passages_and_back(talk: ApiServer) -> None:
    answer = asked(talk, "nothing")
    assert answer.parsed
    assert answer.parsed.text == ENGLISH.nothing
    assert list(answer.buttons()) == [ARTICLE.title, OTHER.title, ENGLISH.latest_button]
    _, edit = pressed(talk, answer.buttons()[OTHER.title], talk.message(answer))
    assert FERRY.text in talk.message(answer)["text"]
    _, back = pressed(talk, edit.buttons()[ENGLISH.back], talk.message(answer))
    assert back.parsed == answer.parsed


def test_the_newest_articles_are_a_press_away(talk: ApiServer) -> None:
    answer = asked(talk, "unheard")
    _, edit = pressed(talk, answer.buttons()[ENGLISH.latest_button], talk.message(answer))
    assert edit.parsed
    assert edit.parsed.links() == [OTHER.url, ARTICLE.url]


def test_a_language_is_chosen_by_a_button_and_kept(talk: ApiServer) -> None:
    answer = asked(talk, "/language")
    japanese = language_for("ja")
    assert [*answer.buttons()] == [*(language.name for language in languages()), ENGLISH.automatic]
    _, edit = pressed(talk, answer.buttons()[japanese.name], talk.message(answer))
    assert edit.parsed
    assert edit.parsed.text == japanese.language_set
    helped = asked(talk, "/help").parsed
    assert helped
    assert helped.text.startswith(japanese.help)


def test_buttons_and_languages_outlive_a_restart(server: ApiServer, tmp_path: Path) -> None:
    settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": server.base_url}
    with started(tmp_path, settings) as program:
        answer = asked(server)
        program.stop()
    with started(tmp_path, settings) as program:
        _, edit = pressed(server, answer.buttons()["Next (2/2) ›"], server.message(answer))
        ended = program.stop()
    assert edit.parsed
    assert BEST not in edit.parsed.text
    assert ended.code == 0


def test_a_press_that_telegram_cannot_acknowledge_now_is_carried_out(talk: ApiServer) -> None:
    answer = asked(talk)
    talk.fail_once("answerCallbackQuery", 429, "Too Many Requests: retry after 5", retry_after=5)
    talk.press(answer.buttons()["Next (2/2) ›"], talk.message(answer))
    (edit,) = talk.wait("editMessageText")
    assert edit.parsed
    assert FERRY.text in edit.parsed.text
    assert len(talk.sent()) == 1


def test_a_press_under_an_inline_message_gets_a_friendly_word(talk: ApiServer) -> None:
    talk.press(asked(talk).buttons()["Next (2/2) ›"], None, inline_message_id="AAAA")
    assert talk.wait("answerCallbackQuery")[-1].arguments["text"] == ENGLISH.expired


def test_an_answer_that_was_deleted_meanwhile_is_let_go(talk: ApiServer) -> None:
    answer = asked(talk)
    talk.fail_once("editMessageText", 400, "Bad Request: message to edit not found")
    talk.press(answer.buttons()["Next (2/2) ›"], talk.message(answer))
    time.sleep(0.5)
    assert len(talk.sent()) == 1


def test_only_who_asked_may_put_the_newest_articles_in_the_place_of_the_reply(talk: ApiServer) -> None:
    answer = asked(talk, "/ask nothing", chat=talk.group)
    talk.meet_somebody()
    assert notice(talk, answer.buttons()[ENGLISH.latest_button], talk.message(answer)) == ENGLISH.not_yours


def test_in_a_group_the_choice_of_languages_stays_for_the_others(talk: ApiServer) -> None:
    answer = asked(talk, "/language", chat=talk.group)
    japanese = language_for("ja")
    assert notice(talk, answer.buttons()[japanese.name], talk.message(answer)) == japanese.language_set
    assert [call.method for call in talk.calls].count("editMessageText") == 0


@pytest.mark.parametrize(
    ("trouble", "told"), [(Busy("full"), (ENGLISH.busy, True)), (RetrievalError("away"), (None, False))]
)
def test_a_press_is_acknowledged_once_whatever_becomes_of_it(trouble: Exception, told: tuple[str | None, bool]) -> None:
    acknowledged = []

    async def answer(text: str | None = None, *, show_alert: bool = False) -> None:
        acknowledged.append((text, show_alert))

    async def run(*_: object) -> None:
        raise trouble

    service: Any = SimpleNamespace(
        asker=lambda _: Asker(7, 7, ENGLISH),
        searches=SimpleNamespace(run=run),
        conversation=SimpleNamespace(contents=SimpleNamespace()),
    )
    update: Any = SimpleNamespace(callback_query=SimpleNamespace(data="l::1", message=None, answer=answer))
    with suppress(RetrievalError):
        asyncio.run(Buttons(service).press(update, update))
    assert acknowledged == [told]
