"""The evaluation as one page with plots, complete in itself."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from retrieval.commands.evaluation import DEPTH, Figures, Outcome, UnusableQuestions
from retrieval.records import Hit

WORST = 20
"""Misses shown."""
EXCERPT = 240
"""Characters of a passage shown."""
_RIGHT, _WRONG, _NONE, _INK = "#2a7f62", "#d1603d", "#9aa5b1", "#4a5560"

_NAME = "index.html"
_TITLE = "<title>Retrieval evaluation</title>"
"""By which a page is known for a report."""

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
{title}
<style>
:root {{ color-scheme: light }}
body {{ font: 16px/1.55 system-ui, sans-serif; margin: 0; background: #f4f5f3; color: #232a31 }}
main {{ max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }}
h1 {{ font-size: 1.6rem; margin: 0 }} h2 {{ font-size: 1.15rem; margin: 2.5rem 0 .25rem }}
p {{ margin: .25rem 0 1rem; color: #5b6670 }}
section {{ display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(13.5rem, 1fr)); margin: 1.5rem 0 }}
.plots {{ grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)) }}
section > *, li {{ background: #fff; border: 1px solid #e2e5e1; border-radius: .6rem; padding: .9rem 1.1rem }}
b {{ display: block; font-size: 1.7rem; font-weight: 600; line-height: 1.2 }}
small {{ color: #5b6670; font-size: .85rem }}
img {{ width: 100%; box-sizing: border-box; padding: .6rem }}
ol {{ list-style: none; padding: 0; display: grid; gap: .75rem }}
h3 {{ font-size: 1rem; margin: 0 0 .4rem; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem }}
h3, dd {{ overflow-wrap: anywhere }}
dl {{ display: grid; grid-template-columns: 5.5rem 1fr; gap: .25rem .75rem; margin: 0; font-size: .93rem }}
dt {{ color: #5b6670 }} dd {{ margin: 0 }}
mark {{ background: #ffe9b8; color: inherit }} .right {{ color: #2a7f62 }} .wrong {{ color: #b4492a }}
</style>
<main>
<h1>Retrieval evaluation</h1>
<p>{summary}</p>
<section>{figures}</section>
<section class="plots">{plots}</section>
<h2>Worst misses</h2>
<p>{misses_note}</p>
<ol>{misses}</ol>
</main>
</html>
"""


def check_place(folder: Path) -> None:
    """Make `folder`, to have a report in. Raises UnusableQuestions if it cannot be, or has a page of another kind."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        page = folder / _NAME
        if page.exists() and _TITLE not in page.read_text(encoding="utf-8", errors="replace"):
            raise UnusableQuestions(f"{page} is no report, and would be lost; give another folder")


def write_report(folder: Path, figures: Figures, outcomes: Sequence[Outcome]) -> Path:
    """Write `index.html` into `folder`, and give its path. Raises UnusableQuestions if it cannot be written."""
    page, file = _page(figures, outcomes), folder / _NAME
    with _writing(folder):
        part = file.with_suffix(".part")
        part.write_text(page, encoding="utf-8", errors="replace")
        # The last report stays until this one is whole.
        part.replace(file)
    return file


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise UnusableQuestions(f"{folder}: the report cannot be written ({exc.strerror})") from exc


def _page(figures: Figures, outcomes: Sequence[Outcome]) -> str:
    mpl.rcParams["font.family"] = "sans-serif"
    missed = [outcome for outcome in outcomes if outcome.expected.answers and outcome.rank != 1]
    missed.sort(key=lambda outcome: -outcome.answer.confidence)
    without = figures.questions - figures.answerable
    return _PAGE.format(
        title=_TITLE,
        summary=f"{figures.questions:,} questions, {without:,} of them without an answer in the articles.",
        figures="".join(f"<div><b>{value}</b><small>{name}</small></div>" for name, value in _cards(figures)),
        plots="".join(_plot(draw, outcomes) for draw in (_hits, _confidence, _latency)),
        misses_note=_note(len(missed)),
        misses="".join(_miss(outcome) for outcome in missed[:WORST]),
    )


def _cards(figures: Figures) -> list[tuple[str, str]]:
    length = figures.median_passage_length
    return [
        ("answered by the first passage (hit@1)", _percent(figures.hit_at_1)),
        ("answered by one of the first five (hit@5)", _percent(figures.hit_at_5)),
        ("mean reciprocal rank (MRR@10)", "–" if figures.mrr_at_10 is None else f"{figures.mrr_at_10:.3f}"),
        ("right passages with the answer highlighted", _percent(figures.highlighted)),
        ("of the declined had no answer (precision)", _percent(figures.abstention_precision)),
        ("without an answer were declined (recall)", _percent(figures.abstention_recall)),
        ("characters in a median first passage", "–" if length is None else f"{length:.0f}"),
        (f"median time; 95%: {figures.milliseconds_p95} ms", f"{figures.milliseconds_p50} ms"),
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _note(missed: int) -> str:
    if not missed:
        return "None: every answer was the first passage."
    shown = f"the {WORST} most confident ones of {missed:,}" if missed > WORST else "the most confident ones first"
    return f"Questions with an answer that was not the first passage, {shown}."


def _plot(draw: Callable[[Any, Sequence[Outcome]], None], outcomes: Sequence[Outcome]) -> str:
    figure = Figure(figsize=(4.6, 3.4), layout="constrained")
    axes = figure.add_subplot()
    draw(axes, outcomes)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_NONE)
    axes.tick_params(colors=_INK)
    axes.title.set_fontweight("bold")
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=200)
    image = base64.b64encode(stream.getvalue()).decode()
    return f'<img alt="{axes.get_title()}" src="data:image/png;base64,{image}">'


def _hits(axes: Any, outcomes: Sequence[Outcome]) -> None:
    ranks = [outcome.rank for outcome in outcomes if outcome.expected.answers]
    depths = range(1, DEPTH + 1)
    shares = [100 * sum(rank is not None and rank <= k for rank in ranks) / max(1, len(ranks)) for k in depths]
    axes.fill_between(depths, shares, color=_RIGHT, alpha=0.12)
    axes.plot(depths, shares, marker="o", color=_RIGHT)
    axes.annotate(f"{shares[0]:.1f}", (1, shares[0]), xytext=(6, -14), textcoords="offset points", color=_RIGHT)
    axes.set(title="Answer among the first k passages", xlabel="k", ylabel="% of questions", ylim=(0, 104))
    axes.set_xticks(list(depths))
    axes.grid(axis="y", alpha=0.25)


def _confidence(axes: Any, outcomes: Sequence[Outcome]) -> None:
    groups = (
        ("first passage right", _RIGHT, [o for o in outcomes if o.rank == 1]),
        ("first passage wrong", _WRONG, [o for o in outcomes if o.expected.answers and o.rank != 1]),
        ("no answer exists", _NONE, [o for o in outcomes if not o.expected.answers]),
    )
    axes.hist(
        [[outcome.answer.confidence for outcome in group] for _, _, group in groups],
        bins=20,
        range=(0, 1),
        stacked=True,
        color=[colour for _, colour, _ in groups],
        label=[name for name, _, _ in groups],
    )
    axes.axvline(0.5, color=_INK, linestyle=":", linewidth=1)
    axes.set(title="Confidence, right and wrong", xlabel="confidence (answered from .5 on)", ylabel="questions")
    axes.legend(frameon=False, fontsize="small", loc="upper center")


def _latency(axes: Any, outcomes: Sequence[Outcome]) -> None:
    axes.hist([outcome.milliseconds for outcome in outcomes], bins=40, color=_NONE)
    axes.set(title="Time to answer", xlabel="milliseconds", ylabel="questions")


def _miss(outcome: Outcome) -> str:
    expected, hits = outcome.expected, outcome.answer.hits
    place = f"found at rank {outcome.rank}" if outcome.rank else f"not among the first {DEPTH}"
    found = f"{html.escape(hits[0].article.path)}<br>{_excerpt(hits[0])}" if hits else "nothing"
    return (
        f"<li><h3>{html.escape(expected.question)}<small>confidence {outcome.answer.confidence:.2f}</small></h3><dl>"
        f'<dt class="right">expected<dd>{html.escape(expected.path or "")} <small>({place})</small>'
        f"<br>{html.escape(' / '.join(expected.answers))}"
        f'<dt class="wrong">found<dd>{found}</dl></li>'
    )


def _excerpt(hit: Hit) -> str:
    """The passage around its highlighted sentence."""
    start, end = hit.highlight or (0, 0)
    first = max(0, min(start - EXCERPT // 4, len(hit.text) - EXCERPT))
    last = max(end, first + EXCERPT)
    before, marked, after = hit.text[first:start], hit.text[start:end], hit.text[end:last]
    more = ("…" if first else "", "…" if last < len(hit.text) else "")
    return f"{more[0]}{html.escape(before)}<mark>{html.escape(marked)}</mark>{html.escape(after)}{more[1]}"
