"""A Bot API server over loopback HTTP, as strict as the real one about what a bot sends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from api_http import DROPPED, HttpServer
from api_rules import check_buttons, check_menu, check_preview, check_results, text_of
from tdlib import Parsed, Refused, found_entities

TOKEN = "4711:LoopbackSecret_0123456789-abcdef"
BOT = {"id": 4711, "is_bot": True, "first_name": "Wenda", "username": "wenda_test_bot"}
PERSON = {"id": 7, "is_bot": False, "first_name": "Lin", "language_code": "en"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Lin"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Readers"}
OLD_POLL = {"id": "1", "question": "When?", "options": [], "is_closed": False, "type": "regular"}
"""As a server tells of it that does not know all of today's fields."""
_CALLBACK_ANSWER = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot."""

    method: str
    arguments: dict[str, Any]
    parsed: Parsed | None = None
    """The text as people see it, where the request carried one."""
    number: int = 0
    """Of the message it sent or edited."""
    at: float = field(default_factory=time.monotonic)

    def buttons(self) -> dict[str, str]:
        """What the buttons say to the bot, or the address they open, by their labels."""
        rows = self.arguments.get("reply_markup", {}).get("inline_keyboard", [])
        return {each["text"]: each.get("callback_data") or each["url"] for row in rows for each in row}


@dataclass(frozen=True, slots=True)
class Failure:
    """An error to be answered with once, instead of the result."""

    status: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)
    done: bool = False
    """The request is carried out all the same, and only its response is lost, or late by `seconds`."""
    seconds: float = 0.0


class ApiServer:
    """Knows one bot; people talk to it with `say`, and what the bot does is in `calls`.

    `sends_everything` makes it ignore which kinds of updates the bot wants, as a careless server may.
    """

    def __init__(self, token: str = TOKEN, *, sends_everything: bool = False) -> None:
        self.token = token
        self._sends_everything = sends_everything
        self.calls: list[Call] = []
        self.refused: list[str] = []
        self._updates: list[dict[str, Any]] = []
        self._messages: dict[tuple[int, int], dict[str, Any]] = {}
        self._failures: dict[str, list[Failure]] = {}
        self._allowed: list[str] = []
        self._webhook = ""
        self._awaited: set[str] = set()
        self._number = 1000
        self.chat: dict[str, Any] = PRIVATE
        self.group: dict[str, Any] = GROUP
        self.person: dict[str, Any] = PERSON
        """Where and by whom things are said, unless a test says otherwise."""
        self._changed = threading.Condition()
        self.stopping = False
        self._http: HttpServer

    @contextmanager
    def running(self, port: int = 0) -> Iterator[ApiServer]:
        """Serve on a loopback port for the duration of the block."""
        self.start(port)
        try:
            yield self
        finally:
            self.stop()

    def start(self, port: int = 0) -> None:
        """Serve on a loopback port, any free one by default."""
        self.stopping = False
        self._http = HttpServer(port, self)
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Go away; what people said and were told is kept for the next start."""
        with self._changed:
            self.stopping = True
            self._changed.notify_all()
        self._http.shutdown()
        self._http.server_close()

    @property
    def base_url(self) -> str:
        """What TELEGRAM_BASE_URL is set to."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def port(self) -> int:
        """The loopback port it serves on."""
        return self._http.server_port

    # What people do

    def say(self, text: str, *, kind: str = "message", **fields: Any) -> dict[str, Any]:
        """A person writes to the bot; `fields` replace or add to those of the message."""
        content = {"text": text, "entities": found_entities(text)} if text else {}
        with self._changed:
            message = {
                "message_id": self._next(),
                "date": int(time.time()),
                "chat": self.chat,
                "from": self.person,
                **content,
                **fields,
            }
            self._messages[message["chat"]["id"], message["message_id"]] = message
            self._updates.append({"update_id": self._next(), kind: message})
            self._changed.notify_all()
        return message

    def open_chat(self, chat: dict[str, Any]) -> None:
        """A chat comes to be in which nothing has been said yet."""
        with self._changed:
            self._messages[chat["id"], 0] = {"chat": chat, "from": self.person}

    def meet_somebody(self) -> None:
        """What is said from now on is said by somebody else: nobody is sent more than a message a second."""
        number = self.person["id"] + 1
        self.person = {**PERSON, "id": number}
        self.chat = {**PRIVATE, "id": number}
        self.group = {**GROUP, "id": -1000 - number}

    def edit(self, message: dict[str, Any], text: str) -> None:
        """A person changes what they wrote."""
        with self._changed:
            entities = found_entities(text)
            changed = {**message, "text": text, "entities": entities, "edit_date": int(time.time())}
            self._messages[message["chat"]["id"], message["message_id"]] = changed
            self._updates.append({"update_id": self._next(), "edited_message": changed})
            self._changed.notify_all()

    def press(self, data: str, message: dict[str, Any] | None, **fields: Any) -> str:
        """A person presses a button under a message; gives the id of the query."""
        with self._changed:
            query = {"id": str(self._next()), "from": self.person, "chat_instance": "1", "data": data}
            query |= {"message": message, **fields} if message else fields
            self._awaited.add(query["id"])
            self._updates.append({"update_id": self._next(), "callback_query": query})
            self._changed.notify_all()
        return str(query["id"])

    def ask_inline(self, text: str) -> None:
        """A person writes `@bot text` in some chat."""
        with self._changed:
            query = {"id": str(self._next()), "from": self.person, "query": text, "offset": ""}
            self._updates.append({"update_id": self._next(), "inline_query": query})
            self._changed.notify_all()

    def update_of(self, happened: dict[str, Any] | str) -> dict[str, Any]:
        """The update that tells of a message, or of the press with this id, as a webhook delivers it."""

        def tells(update: dict[str, Any]) -> bool:
            return happened in update.values() or update.get("callback_query", {}).get("id") == happened

        return next(update for update in reversed(self._updates) if tells(update))

    def forget_presses(self) -> None:
        """Wait no longer for answers to what was pressed."""
        self._awaited.clear()

    def message(self, call: Call) -> dict[str, Any]:
        """The message that a call sent or edited, as it is now."""
        return self._messages[int(call.arguments["chat_id"]), call.number]

    def update(self, **fields: Any) -> None:
        """Anything else that happens."""
        with self._changed:
            self._updates.append({"update_id": self._next(), **fields})
            self._changed.notify_all()

    def fail_once(self, method: str, status: int, description: str, **parameters: Any) -> None:
        """Answer the next call of a method with an error."""
        self._failures.setdefault(method, []).append(Failure(status, description, parameters))

    def drop_once(self, method: str, *, done: bool) -> None:
        """Close the connection on the next call of a method without a response, after it was carried out or not."""
        self._failures.setdefault(method, []).append(Failure(DROPPED, "", done=done))

    def delay_once(self, method: str, seconds: float) -> None:
        """Carry out the next call of a method at once, and respond late."""
        self._failures.setdefault(method, []).append(Failure(200, "", done=True, seconds=seconds))

    def revoke(self) -> None:
        """Make the token invalid from now on."""
        with self._changed:
            self.token = "4711:revoked"
            self._changed.notify_all()

    # What the bot did

    def sent(self) -> list[Call]:
        """The messages it sent."""
        return [call for call in self.calls if call.method == "sendMessage"]

    def wait(self, method: str, count: int = 1, seconds: float = 20) -> list[Call]:
        """The first `count` calls of a method, as soon as there are that many."""
        with self._changed:
            done = self._changed.wait_for(lambda: len(self._of(method)) >= count, seconds)
            assert done, f"{len(self._of(method))} of {count} calls of {method}; refused: {self.refused}"
            return self._of(method)[:count]

    def _of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    # What the server answers

    def handle(self, token: str, method: str, arguments: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The status and body of the response to one request."""
        try:
            return 200, {"ok": True, "result": self._result(token, method, arguments)}
        except _Error as error:
            failure = error.failure
        except Refused as error:
            self.refused.append(f"{method}: {error}")
            failure = Failure(400, str(error))
        body = {"ok": False, "error_code": failure.status, "description": failure.description}
        return failure.status, body | ({"parameters": failure.parameters} if failure.parameters else {})

    def _result(self, token: str, method: str, arguments: dict[str, Any]) -> Any:
        if token != self.token:
            raise _Error(Failure(401, "Unauthorized"))
        answer: Callable[[dict[str, Any]], Any] | None = getattr(self, f"_on_{method}", None)
        if answer is None:
            self.refused.append(f"{method}: unknown")
            raise _Error(Failure(404, "Not Found"))
        failure = self._failures[method].pop(0) if self._failures.get(method) else None
        if failure and not failure.done:
            raise _Error(failure)
        result = answer(arguments)
        if failure:
            time.sleep(failure.seconds)
            if failure.status == DROPPED:
                raise _Error(failure)
        return result

    def _record(self, method: str, arguments: dict[str, Any], parsed: Parsed | None = None, number: int = 0) -> None:
        with self._changed:
            self.calls.append(Call(method, arguments, parsed, number))
            self._changed.notify_all()

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _on_getMe(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._record("getMe", arguments)
        return BOT | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }

    def _on_getUpdates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        if self._webhook:
            raise _Error(Failure(409, "Conflict: can't use getUpdates method while webhook is active"))
        offset = int(arguments.get("offset", 0))
        with self._changed:
            self._allowed = arguments.get("allowed_updates", self._allowed)
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            self._changed.wait_for(self._has_news, float(arguments.get("timeout", 0)))
            if arguments.get("timeout") and self.token == "4711:revoked":
                raise _Error(Failure(401, "Unauthorized"))
            return [update for update in self._updates if self._wanted(update)]

    def _has_news(self) -> bool:
        return self.stopping or "revoked" in self.token or any(map(self._wanted, self._updates))

    def _wanted(self, update: dict[str, Any]) -> bool:
        return self._sends_everything or not self._allowed or any(kind in update for kind in self._allowed)

    def _on_sendMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        parsed = text_of(arguments)
        chat = self._chat(arguments)
        reply = arguments.get("reply_parameters", {"allow_sending_without_reply": True})
        known = (chat["id"], reply.get("message_id")) in self._messages
        if not known and not reply.get("allow_sending_without_reply"):
            raise Refused("Bad Request: message to be replied not found")
        if "message_thread_id" in arguments and not chat.get("is_forum"):
            raise Refused("Bad Request: message thread not found")
        check_buttons(arguments)
        check_preview(arguments)
        message = self._keep(chat, parsed, arguments)
        self._record("sendMessage", arguments, parsed, message["message_id"])
        return message

    def _on_editMessageText(self, arguments: dict[str, Any]) -> dict[str, Any]:
        parsed = text_of(arguments)
        number = int(arguments["message_id"])
        message = self._messages.get((int(arguments["chat_id"]), number))
        if message is None or message["from"]["id"] != BOT["id"]:
            raise Refused("Bad Request: message to edit not found")
        check_buttons(arguments)
        check_preview(arguments)
        changed = {"text": parsed.text, "reply_markup": arguments.get("reply_markup")}
        if all(message.get(name) == value for name, value in changed.items()):
            raise _Error(
                Failure(400, "Bad Request: message is not modified: specified new message content is the same")
            )
        message.update(changed)
        self._record("editMessageText", arguments, parsed, number)
        return message

    def _on_sendChatAction(self, arguments: dict[str, Any]) -> bool:
        self._chat(arguments)
        if arguments.get("action") != "typing":
            raise Refused("Bad Request: wrong parameter action in request")
        self._record("sendChatAction", arguments)
        return True

    def _on_answerCallbackQuery(self, arguments: dict[str, Any]) -> bool:
        if len(arguments.get("text", "")) > _CALLBACK_ANSWER:
            raise Refused("Bad Request: MESSAGE_TOO_LONG")
        if arguments["callback_query_id"] not in self._awaited:
            raise _Error(Failure(400, "Bad Request: query is too old and response timeout expired"))
        self._awaited.remove(arguments["callback_query_id"])
        self._record("answerCallbackQuery", arguments)
        return True

    def _on_answerInlineQuery(self, arguments: dict[str, Any]) -> bool:
        check_results(arguments)
        self._record("answerInlineQuery", arguments)
        return True

    def _on_setMyCommands(self, arguments: dict[str, Any]) -> bool:
        check_menu(arguments)
        self._record("setMyCommands", arguments)
        return True

    def _on_setWebhook(self, arguments: dict[str, Any]) -> bool:
        self._webhook = arguments.get("url", "")
        self._record("setWebhook", arguments)
        return True

    def _on_deleteWebhook(self, arguments: dict[str, Any]) -> bool:
        self._webhook = ""
        self._record("deleteWebhook", arguments)
        return True

    def _chat(self, arguments: dict[str, Any]) -> dict[str, Any]:
        wanted = int(arguments.get("chat_id", 0))
        for message in self._messages.values():
            if message["chat"]["id"] == wanted:
                return dict(message["chat"])
        raise Refused("Bad Request: chat not found")

    def _keep(self, chat: dict[str, Any], parsed: Parsed, arguments: dict[str, Any]) -> dict[str, Any]:
        with self._changed:
            number = self._next()
            message = {
                "message_id": number,
                "date": int(time.time()),
                "chat": chat,
                "from": BOT,
                "text": parsed.text,
                "reply_markup": arguments.get("reply_markup"),
            }
            self._messages[chat["id"], number] = message
            return message


class _Error(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.description)
        self.failure = failure
