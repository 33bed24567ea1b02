"""Tags of the site generators: what each leaves on the page."""

from __future__ import annotations

from retrieval.reading.tags import left_by_shortcode


def test_a_figure_shows_its_source_behind_its_caption() -> None:
    written = 'figure src="x.png" attr="来源" caption="灯塔" attrlink="https://ex.com"'
    assert left_by_shortcode(written, own_line=True) == "<br><br>灯塔<br>来源<br><br>"


def test_another_shortcode_shows_no_source() -> None:
    assert left_by_shortcode('card attr="x" title="灯塔"', own_line=False) == "灯塔"
