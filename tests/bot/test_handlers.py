"""The conversation in Telegram, with the real program over loopback HTTP."""

import time
from typing import Any

import pytest
from api_server import BOT, GROUP, OLD_POLL, PERSON, PRIVATE, ApiServer, Call
from fake_retriever import BEST, FERRY
from running import Program
from tdlib import Parsed, found_entities

from bot.albums import TOGETHER
from bot.application import READ_SECONDS
from bot.languages.language import language_for
from bot.rate_limiter import PRIVATE_SECONDS
from bot.searches import WAITING, WORKERS

ENGLISH = language_for("en")
HELP = f"{ENGLISH.help}\n{ENGLISH.help_in_telegram}"
NAME = f"@{BOT['username']}"
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
STRANGER = {"id": 666, "type": "private", "first_name": "Mo"}


@pytest.fixture
def server(talk: ApiServer) -> ApiServer:
    """A server with a bot at work, and somebody new."""
    return talk


def answer(server: ApiServer, text: str, **fields: Any) -> Parsed:
    server.say(text, **fields)
    (call,) = server.wait("sendMessage")
    assert call.parsed
    return call.parsed


def is_silent(server: ApiServer) -> bool:
    """Whether nothing is answered before a question that comes later is."""
    time.sleep(0.3)
    server.meet_somebody()
    server.say("/help")
    calls = server.wait("sendMessage")
    server.calls.clear()
    return [call.parsed.text for call in calls if call.parsed] == [HELP]


def speaking(server: ApiServer, tag: str | None) -> dict[str, Any]:
    return {**server.person, "language_code": tag}


@pytest.mark.parametrize("tag", ["en", "zh-hans", "zh-hant", "ja", "pt-br", None])
def test_it_speaks_the_persons_language(server: ApiServer, tag: str | None) -> None:
    assert answer(server, "/start", **{"from": speaking(server, tag)}).text == language_for(tag).greeting


def test_help_says_how_to_ask(server: ApiServer) -> None:
    assert answer(server, "/help").text == HELP


def test_unknown_commands_get_help(server: ApiServer) -> None:
    assert answer(server, "/nonsense").text == HELP


@pytest.mark.parametrize(
    "text",
    [
        "When was it lit?",
        "/ask When was it lit?",
        f"/ask{NAME}\nWhen was it lit?",
        "/ask，灯塔什么时候点亮？",
        f"/ask{NAME}：灯塔什么时候点亮？",
    ],
)
def test_a_question_is_answered_without_quoting_it_or_previewing_pages(server: ApiServer, text: str) -> None:
    message = answer(server, text)
    assert BEST in message.shown("Bold")
    arguments = server.sent()[0].arguments
    assert "reply_parameters" not in arguments
    assert arguments["link_preview_options"] == {"is_disabled": True}


def test_when_nothing_fits_it_says_so(server: ApiServer) -> None:
    assert answer(server, "nothing", **{"from": speaking(server, "ja")}).text == language_for("ja").nothing


@pytest.mark.parametrize(("text", "words"), [("/ask", ENGLISH.empty), ("x" * 2001, "2,000"), (" \n", ENGLISH.empty)])
def test_what_is_no_question_gets_a_word_of_help(server: ApiServer, text: str, words: str) -> None:
    assert words in answer(server, text).text


def test_a_sticker_gets_a_word_of_help(server: ApiServer) -> None:
    sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 9, "height": 9}
    message = answer(server, "", sticker={**sticker, "is_animated": False, "is_video": False})
    assert message.text == ENGLISH.empty


def test_a_caption_is_a_question(server: ApiServer) -> None:
    assert BEST in answer(server, "", photo=PHOTO, caption="When was it lit?").text


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("/ask unheard", ENGLISH.nothing),
        ("/ask", ENGLISH.empty),
        ("/search", ENGLISH.search_usage),
        ("/search unheard category:交通", ENGLISH.no_articles),
        (f"/nonsense{NAME}", HELP),
    ],
)
@pytest.mark.parametrize("place", ["chat", "group"])
def test_a_command_in_a_caption_is_one(server: ApiServer, caption: str, words: str, place: str) -> None:
    fields = {"caption": caption, "caption_entities": found_entities(caption), "chat": getattr(server, place)}
    assert answer(server, "", photo=PHOTO, **fields).text == words


def test_an_edited_command_in_a_caption_is_answered_anew(server: ApiServer) -> None:
    first, later = "/ask When was it lit?", "/ask nothing"
    asked = server.say("", photo=PHOTO, caption=first, caption_entities=found_entities(first))
    server.wait("sendMessage")
    time.sleep(0.2)
    server.say("", **asked | {"caption": later, "caption_entities": found_entities(later)}, kind="edited_message")
    (edit,) = server.wait("editMessageText")
    assert edit.parsed
    assert edit.parsed.text == ENGLISH.nothing


def test_a_reaction_to_a_question_which_comes_as_an_edit_leaves_its_answer_as_it_is(server: ApiServer) -> None:
    asked = server.say("When was it lit?")
    (shown,) = server.wait("sendMessage")
    server.press(shown.buttons()["Next (2/2) ›"], server.message(shown))
    server.wait("editMessageText")
    server.edit(asked, "When was it lit?")
    time.sleep(PRIVATE_SECONDS + 0.5)
    assert FERRY.text in server.message(shown)["text"]


@pytest.mark.parametrize("content", [{"text": "x"}, {"poll": OLD_POLL}])
def test_pinning_a_message_is_no_question(server: ApiServer, content: dict[str, Any]) -> None:
    server.say("", pinned_message={"message_id": 1, "date": 1, "chat": PRIVATE, **content})
    assert is_silent(server)


@pytest.mark.parametrize("quoted", ["reply_to_message", "external_reply"])
def test_a_question_about_what_cannot_be_read_is_answered(server: ApiServer, quoted: str) -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Mo"}
    poll = {"message_id": 1, "date": 1, "chat": PRIVATE, "origin": origin, "poll": OLD_POLL}
    assert BEST in answer(server, "When was it lit?", **{quoted: poll}).text


@pytest.mark.parametrize("kind", ["edited_message", "channel_post", "edited_channel_post"])
def test_edits_of_what_was_not_answered_and_channel_posts_are_not_answered(server: ApiServer, kind: str) -> None:
    server.say("When was it lit?", kind=kind)
    assert is_silent(server)


def test_an_edited_command_is_not_answered(server: ApiServer) -> None:
    server.say("/start", kind="edited_message")
    assert is_silent(server)


# In a group

FROM_BOT = {"message_id": 1, "date": 1, "chat": GROUP, "from": BOT, "text": "earlier"}
FROM_PERSON = {**FROM_BOT, "from": PERSON}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
OTHER_BOT = {"id": 99, "is_bot": True, "first_name": "Echo", "username": "echo_bot"}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (f"{NAME} When was it lit?", {}),
        (f"Tell me, {NAME.upper()}, when was it lit?", {}),
        (f"🌊🌊 {NAME} when?", {}),
        ("When was it lit?", {"reply_to_message": FROM_BOT}),
        ("/ask When was it lit?", {}),
        (
            "Wenda, when?",
            {"entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": BOT}]},
        ),
    ],
)
def test_in_a_group_it_answers_when_addressed(server: ApiServer, text: str, fields: dict[str, Any]) -> None:
    asked = server.say(text, chat=server.group, **fields)
    (call,) = server.wait("sendMessage")
    assert call.parsed
    assert BEST in call.parsed.text
    assert call.arguments["reply_parameters"]["message_id"] == asked["message_id"]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("When was it lit?", {}),
        ("@someone_else When was it lit?", {}),
        ("When was it lit?", {"reply_to_message": FROM_PERSON}),
        ("Thanks!", {"reply_to_message": FROM_BOT}),
        ("/nonsense", {}),
        ("/ask@echo_bot When?", {}),
        ("", {"caption": "/ask@echo_bot When?", "caption_entities": found_entities("/ask@echo_bot When?")}),
        (f"{NAME} When?", {"from": OTHER_BOT}),
        ("/ask When?", {"from": OTHER_BOT}),
        ("/subscribe lighthouse", {"from": OTHER_BOT}),
        (f"Ask {NAME} about it!", {"from": TELEGRAM, "is_automatic_forward": True}),
        ("/ask When?", {"from": TELEGRAM, "is_automatic_forward": True}),
        ("", {"new_chat_title": "Readers and writers"}),
    ],
)
def test_in_a_group_it_is_silent_otherwise(server: ApiServer, text: str, fields: dict[str, Any]) -> None:
    server.say(text, chat=server.group, **fields)
    assert is_silent(server)


def test_in_a_group_an_unknown_command_for_it_gets_help(server: ApiServer) -> None:
    assert answer(server, f"/nonsense{NAME}", chat=server.group).text == HELP


def test_a_mention_alone_gets_a_word_of_help(server: ApiServer) -> None:
    assert answer(server, NAME, chat=server.group).text == ENGLISH.empty


def test_in_a_group_the_greeting_says_how_to_ask_there(server: ApiServer) -> None:
    words = answer(server, f"/start{NAME} added", chat=server.group).text
    assert words == f"{ENGLISH.greeting}\n\n{ENGLISH.help_in_telegram}"


@pytest.mark.parametrize("text", ["/ask", NAME])
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"text": "When was it lit?"}, BEST),
        ({"caption": "When was it lit?", "photo": PHOTO}, BEST),
        ({"text": "nothing"}, ENGLISH.nothing),
        ({"photo": PHOTO}, ENGLISH.empty),
        ({"text": "When was it lit?", "from": BOT}, ENGLISH.empty),
    ],
)
def test_asked_in_reply_to_somebody_elses_words_it_answers_those(
    server: ApiServer, text: str, said: dict[str, Any], words: str
) -> None:
    original = {"message_id": 1, "date": 1, "chat": server.group, "from": PERSON, **said}
    assert words in answer(server, text, chat=server.group, reply_to_message=original).text


def test_of_what_it_replies_to_the_quoted_part_is_asked(server: ApiServer) -> None:
    quoted = {**FROM_PERSON, "text": "When was it lit? nothing"}
    quote = {"text": "nothing", "position": 17}
    assert answer(server, "/ask", chat=server.group, reply_to_message=quoted, quote=quote).text == ENGLISH.nothing


def test_somebody_who_writes_as_a_channel_is_answered(server: ApiServer) -> None:
    channel = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    fields = {"from": channel, "sender_chat": {"id": -1009, "type": "channel", "title": "News"}}
    assert BEST in answer(server, f"{NAME} When?", chat=server.group, **fields).text


# Chats that are not served


@pytest.mark.parametrize("text", ["/start", "When was it lit?", "/nonsense"])
def test_a_stranger_gets_one_polite_line(server: ApiServer, text: str) -> None:
    assert answer(server, text, chat=STRANGER).text == ENGLISH.closed


def test_a_stranger_who_cannot_be_told_so_is_not_answered_instead(server: ApiServer) -> None:
    server.fail_once("sendMessage", 403, "Forbidden: bot was blocked by the user")
    stranger = {"id": 668, "is_bot": False, "first_name": "Mo", "language_code": "en"}
    server.say("When was it lit?", chat={**STRANGER, "id": 668}, **{"from": stranger})
    assert is_silent(server)


def test_a_strangers_press_is_told_so_and_his_inline_queries_find_nothing(server: ApiServer) -> None:
    known, stranger = server.person, {"id": 669, "is_bot": False, "first_name": "Mo", "language_code": "en"}
    message = {"message_id": 1, "date": 1, "chat": {**STRANGER, "id": 669}, "from": BOT, "text": "?"}
    server.press("l::1", message, **{"from": stranger})
    assert server.wait("answerCallbackQuery")[-1].arguments["text"] == ENGLISH.closed
    server.person = stranger
    server.ask_inline("When was it lit?")
    server.person = known
    assert server.wait("answerInlineQuery")[-1].arguments["results"] == []


def test_a_strange_group_gets_silence(server: ApiServer) -> None:
    server.say("/start", chat={**GROUP, "id": -100666})
    assert is_silent(server)


# Messages that come again


def test_a_message_with_the_number_of_an_answered_one_is_answered_where_it_is_another(server: ApiServer) -> None:
    """As of another bot with the same data, or of a server that began anew."""
    asked = server.say("When was it lit?", date=1_700_000_000)
    server.wait("sendMessage")
    for date in (1_700_000_000, 1_700_000_060):
        server.say("When was it lit?", message_id=asked["message_id"], date=date)
    server.wait("sendMessage", 2)
    server.calls.clear()
    assert is_silent(server)


# When something goes wrong


def test_a_failing_index_is_apologised_for_and_logged_in_one_line(
    server: ApiServer, world: tuple[ApiServer, Program]
) -> None:
    assert answer(server, "broken").text == ENGLISH.trouble
    assert "a message could not be answered: the index went away" in world[1].log.read_text("utf-8")
    assert "Traceback" not in world[1].log.read_text("utf-8")


@pytest.mark.parametrize(("status", "description"), [(504, "Gateway Timeout"), (400, "Bad Request: unlucky")])
def test_an_answer_that_could_not_be_sent_is_apologised_for(server: ApiServer, status: int, description: str) -> None:
    server.fail_once("sendMessage", status, description)
    assert answer(server, "When was it lit?").text == ENGLISH.trouble


@pytest.mark.parametrize("status", [500, 502, 503])
def test_what_telegram_did_not_take_is_sent_again(server: ApiServer, status: int) -> None:
    server.fail_once("sendMessage", status, "Bad Gateway")
    assert BEST in answer(server, "When was it lit?").text
    server.calls.clear()
    assert is_silent(server)


def test_what_is_refused_again_is_not_said_once_more(server: ApiServer) -> None:
    for _ in range(2):
        server.fail_once("sendMessage", 400, "Bad Request: TOPIC_CLOSED")
    server.say("When was it lit?")
    time.sleep(PRIVATE_SECONDS + 1)
    assert is_silent(server)


def test_a_chat_that_is_to_wait_for_long_is_left_alone(server: ApiServer) -> None:
    server.fail_once("sendMessage", 429, "Too Many Requests: retry after 120", retry_after=120)
    server.say("When was it lit?")
    time.sleep(0.5)
    server.say("When was it lit?")
    assert is_silent(server)


def test_a_connection_that_breaks_is_apologised_for(server: ApiServer) -> None:
    server.drop_once("sendMessage", done=False)
    assert answer(server, "When was it lit?").text == ENGLISH.trouble


def test_an_answer_whose_receipt_comes_late_is_not_sent_again(server: ApiServer) -> None:
    server.delay_once("sendMessage", READ_SECONDS + 1)
    assert BEST in answer(server, "When was it lit?").text
    time.sleep(READ_SECONDS + 1.5)
    assert len(server.sent()) == 1


def test_asked_to_wait_in_one_chat_it_goes_on_in_others(server: ApiServer) -> None:
    server.fail_once("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)
    first = server.say("When was it lit?")
    time.sleep(0.5)
    started = time.monotonic()
    assert BEST in answer_after(server, "When was it lit?")
    assert time.monotonic() - started < 2
    later = server.wait("sendMessage", 2)[-1]
    assert int(later.arguments["chat_id"]) == first["chat"]["id"]


def test_somebody_who_blocked_the_bot_is_left_alone(server: ApiServer) -> None:
    server.fail_once("sendMessage", 403, "Forbidden: bot was blocked by the user")
    server.say("When was it lit?")
    assert is_silent(server)


def test_a_second_program_with_the_same_token_is_named_in_the_log(
    server: ApiServer, world: tuple[ApiServer, Program]
) -> None:
    server.fail_once("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    assert answer(server, "/start").text == ENGLISH.greeting
    assert BEST in answer_after(server, "When was it lit?")
    assert "another program fetches this bot's messages" in world[1].log.read_text("utf-8")


def answer_after(server: ApiServer, text: str) -> str:
    """The next answer, to somebody else."""
    before = len(server.sent())
    server.meet_somebody()
    server.say(text)
    call: Call = server.wait("sendMessage", before + 1)[-1]
    return call.parsed.text if call.parsed else ""


def test_while_one_waits_others_are_answered_and_the_one_sees_it_typing(server: ApiServer) -> None:
    server.say("slow")
    server.meet_somebody()
    server.say("/help")
    first, second = server.wait("sendMessage", 2)
    assert first.parsed
    assert first.parsed.text == HELP
    assert second.parsed
    assert BEST in second.parsed.text
    order = [call.method for call in server.calls]
    assert order.index("sendChatAction") < len(order) - 1


PEOPLE = 140


def test_when_too_many_wait_the_rest_are_told_so(server: ApiServer) -> None:
    for _ in range(PEOPLE):
        server.meet_somebody()
        server.say("brief")
    told = [call.parsed.text for call in server.wait("sendMessage", PEOPLE, 40) if call.parsed]
    assert 0 < told.count(ENGLISH.busy) <= PEOPLE - (WORKERS + WAITING)
    assert sum(BEST in text for text in told) == PEOPLE - told.count(ENGLISH.busy)


# Things that are no questions


@pytest.mark.parametrize(
    "fields",
    [
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}},
        {"location": {"latitude": 1.0, "longitude": 2.0}},
        {"photo": PHOTO},
        {"contact": {"phone_number": "1", "first_name": "Lin"}},
        {"poll": OLD_POLL},
    ],
)
def test_what_holds_no_words_gets_a_word_of_help_in_private_and_silence_in_a_group(
    server: ApiServer, fields: dict[str, Any]
) -> None:
    assert answer(server, "", **fields).text == ENGLISH.empty
    server.calls.clear()
    server.say("", chat=server.group, **fields)
    assert is_silent(server)


@pytest.mark.parametrize(
    ("captions", "words"),
    [
        (["When was it lit?", "", ""], BEST),
        (["", "", "When was it lit?"], BEST),
        (["", "/ask When was it lit?", ""], BEST),
        (["", "", ""], ENGLISH.empty),
    ],
)
def test_an_album_is_answered_once(server: ApiServer, captions: list[str], words: str) -> None:
    album = str(server.person["id"])
    for caption in captions:
        more = {"caption": caption, "caption_entities": found_entities(caption)} if caption else {}
        server.say("", photo=PHOTO, media_group_id=album, **more)
    (call,) = server.wait("sendMessage")
    assert call.parsed
    assert words in call.parsed.text
    server.calls.clear()
    time.sleep(TOGETHER)
    assert is_silent(server)


def test_its_own_inline_results_are_no_questions(server: ApiServer) -> None:
    server.say("A passage that somebody sent.", via_bot=BOT)
    assert is_silent(server)


def test_which_inline_result_was_chosen_is_no_question(server: ApiServer) -> None:
    server.update(chosen_inline_result={"result_id": "x", "from": server.person, "query": "When?"})
    assert is_silent(server)


def test_a_reply_in_a_group_without_topics_names_no_topic(server: ApiServer) -> None:
    server.say("/ask When?", chat=server.group, message_thread_id=77)
    (call,) = server.wait("sendMessage")
    assert "message_thread_id" not in call.arguments


def test_a_stranger_who_goes_on_is_told_once(server: ApiServer) -> None:
    stranger = {"id": 667, "is_bot": False, "first_name": "Mo", "language_code": "en"}
    for _ in range(3):
        server.say("/start", chat={**STRANGER, "id": 667}, **{"from": stranger})
    assert server.wait("sendMessage")
    server.calls.clear()
    assert is_silent(server)
