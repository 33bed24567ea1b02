"""The glossary: what is read of the dictionary, and the file in the user's cache."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.indexing.analysis import fold
from retrieval.searching.counterparts import cedict, cldr, glossary

DICTIONARY = """\
# a comment
燈塔 灯塔 [deng1 ta3] /lighthouse/CL:座[zuo4]/
馬 马 [ma3] /horse/
復駛 复驶 [fu4 shi3] /to resume running (of a bus or train); to run again, as before/
怪 怪物 [guai4 wu5] /(old) a thing that nobody who saw it could have described at all/
廠房 厂房 [chang3 fang2] /a building used as a factory 工廠|工厂[gong1 chang3]/variant of 工房[gong1 fang2]/mill/
"""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A glossary of a few words, in a cache of its own."""
    monkeypatch.setattr(cedict, "_text", lambda: DICTIONARY.lower())
    monkeypatch.setattr(cldr, "names", lambda: iter([("сербия", "塞尔维亚"), ("новая зеландия", "新西兰")]))
    monkeypatch.setattr(glossary, "user_cache_path", lambda _: tmp_path / "cache")
    glossary.glossary.cache_clear()
    yield tmp_path / "cache"
    glossary.glossary.cache_clear()


def _files(cache: Path) -> list[Path]:
    return sorted(file for file in cache.iterdir() if file.suffix != ".lock")


def test_what_is_words_for_words_is_read_of_the_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cedict, "_text", lambda: DICTIONARY.lower())
    assert [(each.chinese, " ".join(each.english), each.place) for each in cedict.translations()] == [
        ("灯塔", "lighthouse", 0),
        ("复驶", "resume running", 0),
        ("复驶", "run again", 0),
        ("厂房", "mill", 2),
    ]


def test_the_dictionary_has_more_than_a_hundred_thousand_translations() -> None:
    found = list(cedict.translations())
    assert len(found) > 100_000
    assert ("灯塔", ("lighthouse",)) in {(each.chinese, each.english) for each in found}


def test_words_are_looked_up_by_their_stems_and_back(small: Path) -> None:
    found = glossary.glossary()
    assert glossary.stem("resumed") == glossary.stem("resume")
    assert found.chinese([" ".join(map(glossary.stem, words)) for words in (("resumed", "runs"), ("horse",))]) == {
        "resum run": [("复驶",)]
    }
    assert found.english(["复驶", "马"]) == {"复驶": [("resume", "running"), ("run", "again")]}
    assert found.chinese([]) == {}


def test_names_are_looked_up_by_their_roots(small: Path) -> None:
    asked = [" ".join(map(glossary.root, words)) for words in (["сербии"], ["новую", "зеландию"], ["зеландию"])]
    assert glossary.glossary().places(asked) == {asked[0]: [("塞尔维亚",)], asked[1]: [("新西兰",)]}


@pytest.mark.parametrize(
    ("name", "chinese"),
    [
        ("сербия", "塞尔维亚"),
        ("صربيا", "塞尔维亚"),
        ("เซอร์เบีย", "塞尔维亚"),
        ("न्यूज़ीलैंड", "纽西兰"),
        ("موسكو", "莫斯科"),
        ("немецкий", "德语"),
        ("아프리카", "非洲"),
    ],
)
def test_countries_cities_and_languages_are_named_in_all_languages(name: str, chinese: str) -> None:
    assert (fold(name), chinese) in set(cldr.names())


def test_names_in_latin_letters_are_left_out() -> None:
    assert not [name for name, _ in cldr.names() if "a" in name]


def test_it_is_put_together_once(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    glossary.glossary()
    assert "once" in capsys.readouterr().err
    (file,) = _files(small)
    written = file.stat().st_mtime_ns
    glossary.glossary.cache_clear()
    assert glossary.glossary().chinese(["lighthous"])
    assert file.stat().st_mtime_ns == written
    assert not capsys.readouterr().err


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0", b"no database at all" * 900])
def test_a_damaged_file_is_put_together_again(small: Path, damage: bytes) -> None:
    glossary.glossary()
    (file,) = _files(small)
    whole = file.read_bytes()
    for broken in (damage, whole[: len(whole) // 2], whole[:4096] + b"\xff" * (len(whole) - 4096)):
        file.write_bytes(broken)
        glossary.glossary.cache_clear()
        assert glossary.glossary().chinese(["lighthous"]) == {"lighthous": [("灯塔",)]}
    assert _files(small) == [file]


def test_without_a_cache_it_is_in_memory(small: Path) -> None:
    small.parent.mkdir(exist_ok=True)
    small.write_text("in the way")
    assert glossary.glossary().chinese(["lighthous"]) == {"lighthous": [("灯塔",)]}


def test_it_can_be_prepared_before_it_is_asked(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    glossary.prepare()
    (file,) = _files(small)
    assert f"Preparing the glossary in {file}" in capsys.readouterr().err
    glossary.prepare()
    assert glossary.glossary().chinese(["lighthous"]) == {"lighthous": [("灯塔",)]}
    assert capsys.readouterr().err == ""


def test_what_cannot_be_kept_is_not_prepared(small: Path) -> None:
    small.write_text("no folder", encoding="utf-8")
    glossary.prepare()
    assert small.read_text(encoding="utf-8") == "no folder"


def test_several_threads_ask_it(small: Path) -> None:
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(glossary.glossary().chinese(["lighthous"]))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [{"lighthous": [("灯塔",)]}] * 8
