"""Front matter that a site's generator does not read gives no address."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.reading import frontmatter
from retrieval.reading.links.site import from_settings
from retrieval.reading.survey import survey

PERMALINKS = {"hexo": ":title/", "jekyll": "/:title/", "hugo": "/:slug/"}


@pytest.mark.parametrize(
    ("text", "readers"),
    [
        ("---\ntitle: Tide\n---\n", "hexo jekyll hugo"),
        ("\n---\ntitle: Tide\n---\n", "hexo hugo"),
        ("\n\n---\ntitle: Tide\n---\n", "hugo"),
        ("  \n---\ntitle: Tide\n---\n", "hugo"),
        ("---\ntitle: Tide\n...\n", "jekyll"),
        ("+++\ntitle = 'Tide'\n+++\n", "hugo"),
        ('{"title": "Tide"}\n', "hugo"),
        (';;;\n"title": "Tide"\n;;;\n', "hexo"),
        ("title: Tide\n---\n", "hexo"),
        ("---\ntitle: ''Tide''\n---\n", ""),
        ("---\ntitle: 'it's'\n---\n", ""),
        ("---\ntitle: Tide: high\n---\n", ""),
        ("---\ntitle: Tide\ntitle: Ebb\n---\n", "jekyll"),
        ("---\ntitle: Tide\n\nno second fence", ""),
        ("no front matter", "hexo jekyll hugo"),
    ],
)
def test_generators_differ_in_what_they_read(text: str, readers: str) -> None:
    front, _ = frontmatter.split(text)
    sites = {name: from_settings("https://tide.example.org", form, generator=name) for name, form in PERMALINKS.items()}
    assert " ".join(name for name, site in sites.items() if site.unread(front) is None) == readers


def test_such_an_article_has_no_address_and_a_line_in_the_survey(tmp_path: Path) -> None:
    (tmp_path / "tide.md").write_text("---\ntitle: Tide: high\n---\nThe tide is high.", encoding="utf-8")
    (note,) = survey(tmp_path, from_settings("https://tide.example.org", ":title/")).without_url
    assert note.text.startswith("its front matter is broken")
    assert note.text.endswith("Hexo makes no page of it")
