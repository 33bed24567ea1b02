"""The ledger: what files held, and front matter as it was parsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from retrieval.errors import DamagedIndex
from retrieval.indexing import fronts
from retrieval.indexing.ledger import Entry, Ledger

FRONTS = (
    {},
    {"title": "灯塔", "tags": ["海", 3, None, True, 2.5]},
    {"date": datetime(2021, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=8))), "day": date(2021, 3, 4)},
    {"at": time(5, 6), 2021: "a key that is a number", "nested": {"deep": [{"deeper": date(2021, 1, 1)}]}},
    {"$": "date", "value": "not a date"},
    {"nested": {"$": "datetime", "value": 3}},
)


@pytest.mark.parametrize("front", FRONTS)
def test_front_matter_comes_back_as_it_was(front: dict[object, object]) -> None:
    assert fronts.unpack(fronts.pack(front)) == front  # type: ignore[arg-type]


def test_what_files_held_is_kept_and_forgotten(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path / "one.sqlite")
    one = Entry("a.md", b"1", article=0, text=b"t", marks=b"m", feed="港口日报", front={"title": "一"}, unread="broken")
    ledger.put(one)
    ledger.put(Entry("b.md", b"2", article=1, text=b"t", marks=b"m", feed="港口日报", ahead=True, front={}))
    ledger.put(Entry("c.md", b"3", reason="binary data, not text"))
    ledger.put(Entry("d.md", b"4", ahead=True, front={"date": date(2999, 1, 1)}))
    ledger.close()
    again = Ledger.create(tmp_path / "two.sqlite", tmp_path / "one.sqlite")
    assert again.digests() == {"a.md": b"1", "b.md": b"2", "c.md": b"3", "d.md": b"4"}
    assert again.paths() == {"a.md", "b.md"}
    assert again.article_like(one) == 0
    assert again.article_like(replace(one, text=b"none")) is None
    assert again.article_like(replace(one, marks=b"none")) is None
    assert again.unread() == {"a.md": "broken"}
    assert again.dated_ahead()
    assert list(again.fronts_ahead()) == [("b.md", {}), ("d.md", {"date": date(2999, 1, 1)})]
    assert [path for path, _ in again.fronts()] == ["a.md", "b.md"]
    assert [each.path for each in again.skipped()] == ["c.md"]
    again.remove(["a.md", "c.md"])
    assert again.article_like(one) == 1
    assert again.unread() == {}
    assert again.skipped() == []
    again.close()
    assert Ledger.open(tmp_path / "one.sqlite").paths() == {"a.md", "b.md"}


def test_lines_are_repeated_over_all_files(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path / "ledger.sqlite")
    for number in range(6):
        feed = "港口日报" if number else "海岸线周刊"
        ledger.put(Entry(f"{number}.md", b"", article=number, feed=feed, ends=frozenset({"关注我们", f"{number}"})))
    assert ledger.repeats() == {"港口日报": {"关注我们"}}
    assert ledger.holding({"港口日报": {"关注我们"}}) == {f"{number}.md" for number in range(1, 6)}
    ledger.leave_out(ledger.repeats())
    assert ledger.left_out() == ledger.repeats()
    ledger.close()


def test_what_is_no_ledger_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"nothing of the kind" * 99)
    with pytest.raises(DamagedIndex, match=r"ledger\.sqlite"):
        Ledger.open(tmp_path / "ledger.sqlite").digests()
