"""What --check tells a site owner."""

from __future__ import annotations

from pathlib import Path

from retrieval.commands.check import to_text
from retrieval.reading.links.site import detect, from_settings
from retrieval.reading.survey import survey

TEXT = "北汀港的潮汐表从三月四日起每天早上六点贴在灯塔的门上。"


def test_everything_an_owner_may_want_to_mend_is_listed(tmp_path: Path) -> None:
    posts = {
        "good.md": f"---\ntitle: 潮汐\ndate: 2021-03-04\n---\n{TEXT}",
        "copy.md": f"---\ntitle: 潮汐\ndate: 2021-03-05\n---\n{TEXT}",
        "quoted.md": '---\ntitle: """\'灯塔\'"""\ndate: 2021-03-04\nauthor: 岸\ntags: [港]\n---\n夜里值守人叫林舟。',
        "nameless-post.md": "码头有四十个泊位。",
        "picture.md": "---\ntitle: 照片\ndate: 2021-03-04\n---\n<p><img src='x'></p>",
        "draft.md": "---\ntitle: x\ndraft: true\n---\n草稿",
        "binary.md": "\0\1\2" * 99,
    }
    for name, text in posts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = survey(tmp_path)
    assert (found.articles, found.passages, found.drafts) == (5, 4, 1)
    assert [note.path for note in found.skipped] == ["binary.md"]
    assert [(note.path, note.text) for note in found.without_title] == [("nameless-post.md", "nameless post")]
    assert [note.path for note in found.without_date] == ["nameless-post.md"]
    assert [note.path for note in found.without_text] == ["picture.md"]
    assert [(note.path, note.text) for note in found.duplicates] == [("good.md", "copy.md")]
    (broken,) = found.broken_front_matter
    assert broken.path == "quoted.md"
    assert broken.text.endswith("read as '灯塔' · 2021-03-04 · 岸 · #港")
    assert len(found.without_url) == 5
    assert found.lengths is not None
    assert found.lengths.shortest == len("码头有四十个泊位。")
    for heading in ("skipped: 1", "broken front matter: 1", "the same text twice: 1", "1 drafts left out"):
        assert heading in to_text(found)


def test_a_site_gives_urls(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(f"---\ntitle: 潮汐\ndate: 2021-03-04\n---\n{TEXT}", encoding="utf-8")
    site = from_settings("https://news.example.org", ":year/:title/")
    assert survey(tmp_path, site).without_url == ()


def test_what_a_site_does_not_show_today_counts_as_a_draft(tmp_path: Path) -> None:
    (tmp_path / "2021-03-04-good.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "2999-03-04-ahead.md").write_text(f"{TEXT}也贴在码头。", encoding="utf-8")
    found = survey(tmp_path, from_settings("https://news.example.org", ":title", generator="jekyll"))
    assert (found.articles, found.passages, found.drafts) == (1, 1, 1)
    assert found.without_url == ()
    assert survey(tmp_path).articles == 2


def test_newlines_break_lines_on_a_hexo_site_unless_its_settings_say_otherwise(tmp_path: Path) -> None:
    posts = tmp_path / "source" / "_posts"
    posts.mkdir(parents=True)
    (posts / "tide.md").write_text(f"{TEXT * 2}\n{TEXT}", encoding="utf-8")
    longest = []
    for settings in ("", "marked:\n  breaks: false\n"):
        (tmp_path / "_config.yml").write_text(f"url: https://tide.example\n{settings}", encoding="utf-8")
        lengths = survey(posts, detect(tmp_path, posts)).lengths
        assert lengths is not None
        longest.append(lengths.longest)
    assert longest == [3 * len(TEXT) + 1, 3 * len(TEXT)]
