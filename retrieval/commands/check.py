"""rebuild-embeddings --check: what a site owner wants to know before an index is made."""

from __future__ import annotations

from dataclasses import asdict

from retrieval.commands.run import legible
from retrieval.reading.survey import Dropped, Note, Survey

WIDE = 60
"""Characters shown of a text."""
SHOWN = 20
"""Articles listed under each heading; --json lists all."""


def to_text(survey: Survey) -> str:
    """The survey as a person reads it."""
    drafts = f", {survey.drafts:,} drafts left out" if survey.drafts else ""
    lines = [f"{survey.articles:,} articles, {survey.passages:,} passages{drafts}"]
    if survey.lengths is not None:
        lengths = asdict(survey.lengths)
        lines.append("passage length in characters: " + ", ".join(f"{name} {n:,}" for name, n in lengths.items()))
    lines += _section("skipped", [Note(each.path, each.reason) for each in survey.skipped])
    lines += _section("broken front matter", survey.broken_front_matter)
    lines += _section("without a title", survey.without_title, "named ")
    lines += _section("without a date", survey.without_date)
    lines += _section("without text", survey.without_text)
    lines += _without_url(survey.without_url)
    lines += _section("the same text twice", survey.duplicates, "as in ")
    lines += _section("boilerplate left out", [_dropped(each) for each in survey.boilerplate])
    return "\n".join(map(legible, lines))


def _dropped(each: Dropped) -> Note:
    places = each.path if each.articles == 1 else f"{each.articles:,} articles"
    text = " ".join(each.text.split())
    return Note(places, f"{text if len(text) <= WIDE else text[: WIDE - 1] + '…'} ({each.rule})")


def _without_url(notes: tuple[Note, ...]) -> list[str]:
    """Listed, unless all have the same reason, as where no site is given."""
    reasons = {note.text for note in notes}
    if len(notes) > 1 and len(reasons) == 1:
        return ["", f"without a URL: {len(notes):,}; {reasons.pop()}"]
    return _section("without a URL", notes)


def _section(heading: str, notes: tuple[Note, ...] | list[Note], before: str = "") -> list[str]:
    if not notes:
        return []
    listed = [f"  {note.path}" + (f": {before}{note.text}" if note.text else "") for note in notes[:SHOWN]]
    more = [f"  and {len(notes) - SHOWN:,} more"] if len(notes) > SHOWN else []
    return ["", f"{heading}: {len(notes):,}", *listed, *more]
