"""The bot's settings."""

from pathlib import Path

import pytest

from bot.errors import BadSettings
from bot.settings import TELEGRAM, Settings

TOKEN = "4711:Secret-part_of_it"


def read(**values: str) -> Settings:
    return Settings.read({"TELEGRAM_BOT_TOKEN": TOKEN, **values}.get)


def test_a_token_is_enough() -> None:
    assert read() == Settings(TOKEN, TELEGRAM)


def test_everything_can_be_set() -> None:
    settings = read(TELEGRAM_BASE_URL="http://127.0.0.1:8081/bot/", ALLOWED_CHATS=" 7, -100123，9 ")
    assert settings.base_url == "http://127.0.0.1:8081/bot"
    assert settings.allowed_chats == {7, -100123, 9}


def test_a_server_may_be_named_without_the_path_of_its_bots() -> None:
    assert read(TELEGRAM_BASE_URL="http://127.0.0.1:8081/").base_url == "http://127.0.0.1:8081/bot"


def test_the_folder_may_be_named_from_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/lin")
    assert read(BOT_DATA="~/wenda").data == Path("/home/lin/wenda")
    assert read(BOT_DATA="~nobody-here/wenda").data == Path("~nobody-here/wenda")


def test_running_it_can_be_set() -> None:
    settings = read(
        ADMINS="7",
        BOT_DATA="/var/lib/wenda",
        WEBHOOK_URL="https://bot.example.com/hook",
        WEBHOOK_SECRET="between-us",
        WEBHOOK_PORT="8080",
        METRICS_PORT="9100",
    )
    assert (settings.admins, settings.data) == ({7}, Path("/var/lib/wenda"))
    assert (settings.webhook_url, settings.webhook_secret) == ("https://bot.example.com/hook", "between-us")
    assert (settings.webhook_port, settings.metrics_port) == (8080, 9100)
    assert "between-us" not in repr(settings)


@pytest.mark.parametrize("token", ["", "  ", "4711:se cret", "4711:se/../cret", "４７１１:x"])
def test_a_missing_or_impossible_token_is_explained(token: str) -> None:
    with pytest.raises(BadSettings, match=r"^TELEGRAM_BOT_TOKEN .*@BotFather"):
        read(TELEGRAM_BOT_TOKEN=token)


def test_an_impossible_token_is_not_repeated() -> None:
    with pytest.raises(BadSettings) as error:
        read(TELEGRAM_BOT_TOKEN="4711:Secret part")
    assert "Secret" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_CHATS", "7,@lin"),
        ("ALLOWED_CHATS", ","),
        ("ADMINS", "@lin"),
        ("ADMINS", "9" * 5_000),
        ("WEBHOOK_URL", "http://bot.example.com/hook"),
        ("WEBHOOK_SECRET", "two words"),
        ("WEBHOOK_PORT", "0"),
        ("METRICS_PORT", "99999"),
        ("STATE_URL", "sqlite:///state.sqlite"),
        ("STATE_URL", "127.0.0.1/wenda"),
        ("STATE_URL", "postgresql://[::1/wenda"),
        ("TELEGRAM_BASE_URL", "localhost:8081/bot"),
        ("TELEGRAM_BASE_URL", "http://host:port/bot"),
        ("TELEGRAM_BASE_URL", "http://host/bot\nx"),
    ],
)
def test_other_unusable_settings_are_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=rf"^{name} "):
        read(**{name: value})


def test_the_token_is_not_part_of_what_settings_print() -> None:
    assert "Secret" not in repr(read())


def test_processes_behind_one_webhook_are_told_to_share_its_secret() -> None:
    shared = {
        "STATE_URL": "postgresql://lin:pass-phrase@127.0.0.1/wenda",
        "WEBHOOK_URL": "https://bot.example.com/hook",
    }
    with pytest.raises(BadSettings, match=r"^WEBHOOK_SECRET "):
        read(**shared)
    settings = read(**shared, WEBHOOK_SECRET="between-us")
    assert settings.state_url == shared["STATE_URL"]
    assert "pass-phrase" not in repr(settings)
