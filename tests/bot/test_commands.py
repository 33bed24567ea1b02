"""Commands, follow-ups, inline queries and the changes of chats, with the real program over loopback HTTP."""

import base64
import time

import pytest
from api_server import BOT, PERSON, ApiServer, Call
from conftest import ADMIN
from fake_retriever import ARTICLE, BEST, FERRY, OTHER
from tdlib import found_entities

from bot.languages.language import language_for

ENGLISH = language_for("en")
HELP = f"{ENGLISH.help}\n{ENGLISH.help_in_telegram}"
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]


def told(talk: ApiServer, text: str, **fields: object) -> str:
    call = call_for(talk, text, **fields)
    return call.parsed.text if call.parsed else ""


def call_for(talk: ApiServer, text: str, **fields: object) -> Call:
    before = len(talk.sent())
    talk.say(text, **fields)
    return talk.wait("sendMessage", before + 1)[-1]


def test_a_search_with_filters_says_how_it_was_understood(talk: ApiServer) -> None:
    words = told(talk, '/search lighthouse after:2021-03 category:"sea news"')
    assert words.startswith('Understood as: lighthouse · after:2021-03 category:"sea news"')
    assert BEST in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/search", ENGLISH.search_usage),
        ("/search x after:yesterday", ENGLISH.bad_filter.format(text="after:yesterday")),
        ("/search category:交通", f"{ENGLISH.latest} 交通\n\n• 渡轮改点 · July 1, 2022"),
        ("/latest category:交通", f"{ENGLISH.latest} 交通\n\n• 渡轮改点 · July 1, 2022"),
        ("/latest category:none", ENGLISH.no_articles),
        ("/search unheard category:交通", ENGLISH.no_articles),
        ("/categories", ENGLISH.categories),
        ("/about", "2 articles, 7 passages.\nIndex as of March 1, 2024."),
        ("/subscribe", ENGLISH.subscribe_usage),
        ("/unsubscribe", ENGLISH.no_topics),
        ("/stats", HELP),
        ("/start help", HELP),
        ("/start ***", ENGLISH.greeting),
        ("/start q-////", ENGLISH.greeting),
    ],
)
def test_commands_are_answered(talk: ApiServer, text: str, words: str) -> None:
    assert told(talk, text) == words


def test_a_list_says_which_end_of_its_days_is_open(talk: ApiServer) -> None:
    assert told(talk, "/latest before:2022-08").startswith(f"{ENGLISH.latest} … – Aug 31, 2022\n")
    assert told(talk, "/latest after:2022-08").startswith(f"{ENGLISH.latest} Aug 1, 2022 – …\n")


def test_the_newest_articles_with_words_are_a_search(talk: ApiServer) -> None:
    assert BEST in told(talk, "/latest lighthouse")


def test_a_link_to_the_bot_may_hold_a_question(talk: ApiServer) -> None:
    payload = base64.urlsafe_b64encode("灯塔？".encode()).decode().rstrip("=")
    assert BEST in told(talk, f"/start q-{payload}")


def test_subscriptions_are_made_and_ended(talk: ApiServer) -> None:
    assert told(talk, "/subscribe 灯塔") == ENGLISH.subscribed.format(topic="灯塔")
    assert told(talk, "/unsubscribe") == ENGLISH.unsubscribed.format(topic="灯塔")


@pytest.mark.parametrize(
    ("text", "words"), [("/stats", "answered: "), ("/reload", "generation: g1"), ("/feedback", "right: ")]
)
def test_administrators_get_figures(talk: ApiServer, text: str, words: str) -> None:
    assert words in told(talk, text, **{"from": {**PERSON, "id": ADMIN}})
    caption = {"photo": PHOTO, "caption": text, "caption_entities": found_entities(text)}
    assert words in told(talk, "", **{"from": {**PERSON, "id": ADMIN}}, **caption)


def test_a_reply_to_an_answer_asks_on(talk: ApiServer) -> None:
    first = call_for(talk, "灯塔什么时候点亮？")
    words = told(talk, "那五月呢？", reply_to_message=talk.message(first))
    assert words.startswith("Understood as: 灯塔什么时候点亮 五月\n\n")


def test_a_reply_that_answers_by_itself_is_taken_by_itself(talk: ApiServer) -> None:
    first = call_for(talk, "灯塔什么时候点亮？")
    assert "Understood" not in told(talk, "When does the ferry leave?", reply_to_message=talk.message(first))


def test_an_edited_question_has_its_answer_edited(talk: ApiServer) -> None:
    question = talk.say("When was it lit?")
    (answer,) = talk.wait("sendMessage")
    time.sleep(0.2)
    talk.edit(question, "nothing")
    (edit,) = talk.wait("editMessageText")
    assert edit.number == answer.number
    assert edit.parsed
    assert edit.parsed.text == ENGLISH.nothing
    talk.press(edit.buttons()[OTHER.title], talk.message(answer))
    talk.wait("editMessageText", 2)
    assert FERRY.text in talk.message(answer)["text"]


def test_an_edited_search_keeps_its_filters(talk: ApiServer) -> None:
    question = talk.say("/search lit category:sea")
    (answer,) = talk.wait("sendMessage")
    time.sleep(0.2)
    talk.edit(question, "/search lit category:land")
    (edit,) = talk.wait("editMessageText")
    assert edit.number == answer.number
    assert edit.parsed
    assert edit.parsed.text.startswith("Understood as: lit · category:land")


def test_in_a_topic_of_a_forum_the_answer_stays_in_it(talk: ApiServer) -> None:
    forum = {**talk.group, "is_forum": True}
    call = call_for(talk, "/ask When?", chat=forum, is_topic_message=True, message_thread_id=5)
    assert call.arguments["message_thread_id"] == "5"


def test_a_group_with_a_new_number_is_still_served(talk: ApiServer) -> None:
    new = talk.group["id"] - 1_000_000
    talk.say("", chat=talk.group, migrate_to_chat_id=new)
    time.sleep(0.3)
    assert BEST in told(talk, "/ask When?", chat={**talk.group, "id": new})


def test_a_group_that_only_its_new_number_tells_of_is_still_served(talk: ApiServer) -> None:
    new = {**talk.group, "id": talk.group["id"] - 2_000_000}
    talk.say("", chat=new, migrate_from_chat_id=talk.group["id"])
    time.sleep(0.3)
    assert BEST in told(talk, "/ask When?", chat=new)


def test_who_asks_too_fast_is_told_so_once(talk: ApiServer) -> None:
    for _ in range(14):
        talk.say("/ask unheard", chat=talk.group)
    texts = [call.parsed.text for call in talk.wait("sendMessage", 9) if call.parsed]
    assert texts == [ENGLISH.nothing] * 8 + [ENGLISH.slower]
    talk.meet_somebody()
    assert BEST in told(talk, "When was it lit?")


# Inline


def offered(talk: ApiServer, text: str) -> Call:
    talk.ask_inline(text)
    return talk.wait("answerInlineQuery")[-1]


def test_inline_the_passages_are_offered_with_snippet_and_picture(talk: ApiServer) -> None:
    call = offered(talk, "When was it lit?")
    first, second = call.arguments["results"]
    assert (first["title"], first["description"]) == (ARTICLE.title, BEST)
    assert (second["title"], second["thumbnail_url"]) == (OTHER.title, OTHER.image)
    assert BEST in first["input_message_content"]["message_text"].replace("&lt;", "<").replace("&gt;", ">").replace(
        "&amp;", "&"
    )
    assert int(call.arguments["cache_time"]) == 300


@pytest.mark.parametrize("text", ["", "nothing", "x" * 256 + " nothing"])
def test_inline_without_an_answer_only_the_way_to_the_bot_is_offered(talk: ApiServer, text: str) -> None:
    call = offered(talk, text)
    assert call.arguments["results"] == []
    assert call.arguments["button"]["start_parameter"] == "help"


@pytest.mark.parametrize("status", [429, 502])
def test_inline_what_telegram_did_not_take_is_offered_again(talk: ApiServer, status: int) -> None:
    talk.fail_once("answerInlineQuery", status, "Not now", **({"retry_after": 1} if status == 429 else {}))
    assert len(offered(talk, "When was it lit?").arguments["results"]) == 2


def test_inline_a_failing_index_is_answered_with_nothing_which_is_not_kept(talk: ApiServer) -> None:
    arguments = offered(talk, "broken").arguments
    assert (arguments["results"], int(arguments["cache_time"])) == ([], 0)


def test_inline_nothing_follows_the_first_results(talk: ApiServer) -> None:
    talk.update(inline_query={"id": "1", "from": talk.person, "query": "When was it lit?", "offset": "2"})
    assert talk.wait("answerInlineQuery")[-1].arguments["results"] == []


def test_inline_strangers_get_nothing(talk: ApiServer) -> None:
    before = talk.person
    talk.person = {**PERSON, "id": 666}
    call = offered(talk, "When was it lit?")
    talk.person = before
    assert call.arguments["results"] == []


def test_a_chat_may_refuse_pictures_and_have_them_back(talk: ApiServer) -> None:
    def preview() -> dict[str, object]:
        answer = call_for(talk, "When was it lit?")
        talk.press(answer.buttons()["Next (2/2) ›"], talk.message(answer))
        done = [call for call in talk.calls if call.method == "editMessageText"]
        edit = talk.wait("editMessageText", len(done) + 1)[-1]
        return dict(edit.arguments["link_preview_options"])

    assert preview()["url"] == OTHER.image
    assert told(talk, "/pictures") == ENGLISH.pictures_off
    assert preview() == {"is_disabled": True}
    assert told(talk, "/pictures") == ENGLISH.pictures_on
    assert preview()["url"] == OTHER.image


def test_categories_lead_to_their_articles_and_back(talk: ApiServer) -> None:
    answer = call_for(talk, "/categories")
    talk.press(answer.buttons()["交通 · 1"], talk.message(answer))
    listed = talk.wait("editMessageText")[-1]
    assert listed.parsed
    assert listed.parsed.links() == [OTHER.url]
    talk.press(listed.buttons()[ENGLISH.back], talk.message(answer))
    assert talk.wait("editMessageText", 2)[-1].buttons() == answer.buttons()


def test_a_question_edited_into_a_search_with_the_same_words_is_searched_with_its_filters(talk: ApiServer) -> None:
    question = talk.say("/ask lit category:land")
    talk.wait("sendMessage")
    time.sleep(0.2)
    talk.edit(question, "/search lit category:land")
    (edit,) = talk.wait("editMessageText")
    assert edit.parsed
    assert edit.parsed.text.startswith("Understood as: lit · category:land")


def test_an_edit_into_another_command_changes_nothing(talk: ApiServer) -> None:
    question = talk.say("When was it lit?")
    talk.wait("sendMessage")
    time.sleep(0.2)
    talk.edit(question, "/subscribe lighthouse")
    time.sleep(0.5)
    assert [call.method for call in talk.calls].count("editMessageText") == 0


@pytest.mark.parametrize("text", ["/ask When?", f"/help@{BOT['username']}"])
def test_an_answer_follows_a_group_that_moves_meanwhile(talk: ApiServer, text: str) -> None:
    new = talk.group["id"] - 500
    talk.open_chat({**talk.group, "id": new})
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    talk.fail_once("sendMessage", 400, words, migrate_to_chat_id=new)
    call = call_for(talk, text, chat=talk.group)
    assert int(call.arguments["chat_id"]) == new


def test_who_writes_as_the_group_is_answered_and_everybody_may_press(talk: ApiServer) -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    answer = call_for(talk, "/ask 灯塔？", chat=talk.group, **{"from": anonymous, "sender_chat": talk.group})
    assert language_for("zh").source in answer.buttons()
    talk.press(answer.buttons()["下一段 (2/2) ›"], talk.message(answer))
    talk.wait("editMessageText")
    assert FERRY.text in talk.message(answer)["text"]


def test_people_who_write_as_their_groups_do_not_use_up_each_others_questions(talk: ApiServer) -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    for _ in range(12):
        fields = {"from": anonymous, "sender_chat": talk.group}
        talk.say("/ask When?", chat=talk.group, **fields)
        talk.meet_somebody()
    texts = [call.parsed.text for call in talk.wait("sendMessage", 12) if call.parsed]
    assert sum(BEST in text for text in texts) == 12
