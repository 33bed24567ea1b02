"""The evaluation as one page with plots, complete in itself."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from retrieval.commands.evaluation import DEPTH, Figures, Outcome, UnusableQuestions

WORST = 20
"""Misses shown."""
_RIGHT, _WRONG, _NONE = "#2a7f62", "#c8553d", "#8d99ae"

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Retrieval evaluation</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
table {{ border-collapse: collapse }}
td, th {{ padding: .25rem .75rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top }}
img {{ max-width: 100% }} q {{ quotes: none; color: #555 }}
</style>
<h1>Retrieval evaluation</h1>
<table>{figures}</table>
{plots}
<h2>Worst misses</h2>
<p>Questions with an answer that was not the first hit, the most confident ones first.</p>
<table><tr><th>question<th>expected<th>found instead<th>confidence</tr>{misses}</table>
</html>
"""


def write_report(folder: Path, figures: Figures, outcomes: Sequence[Outcome]) -> Path:
    """Write `index.html` into `folder`, and give its path. Raises UnusableQuestions if it cannot be written."""
    mpl.rcParams["font.family"] = "sans-serif"
    plots = [_plot(draw, outcomes) for draw in (_hits, _confidence, _latency)]
    page = _PAGE.format(figures=_rows(figures), plots="\n".join(plots), misses="\n".join(_misses(outcomes)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "index.html"
        file.write_text(page, encoding="utf-8", errors="replace")
    except OSError as exc:
        raise UnusableQuestions(f"{folder}: the report cannot be written ({exc.strerror})") from exc
    return file


def _rows(figures: Figures) -> str:
    cells = asdict(figures).items()
    return "".join(
        f"<tr><th>{name.replace('_', ' ')}<td>{'–' if value is None else value}</tr>" for name, value in cells
    )


def _plot(draw: Callable[[Any, Sequence[Outcome]], None], outcomes: Sequence[Outcome]) -> str:
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.add_subplot()
    draw(axes, outcomes)
    axes.spines[["top", "right"]].set_visible(False)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=130)
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}">'


def _hits(axes: Any, outcomes: Sequence[Outcome]) -> None:
    ranks = [outcome.rank for outcome in outcomes if outcome.expected.answers]
    depths = range(1, DEPTH + 1)
    shares = [sum(rank is not None and rank <= k for rank in ranks) / max(1, len(ranks)) for k in depths]
    axes.plot(depths, shares, marker="o", color=_RIGHT)
    axes.set(title="Answer among the first k passages", xlabel="k", ylabel="share of questions", ylim=(0, 1.02))
    axes.set_xticks(list(depths))


def _confidence(axes: Any, outcomes: Sequence[Outcome]) -> None:
    groups = (
        ("first hit right", _RIGHT, [o for o in outcomes if o.rank == 1]),
        ("first hit wrong", _WRONG, [o for o in outcomes if o.expected.answers and o.rank != 1]),
        ("no answer exists", _NONE, [o for o in outcomes if not o.expected.answers]),
    )
    values = [[outcome.answer.confidence for outcome in group] for _, _, group in groups]
    axes.hist(
        values,
        bins=20,
        range=(0, 1),
        stacked=True,
        color=[colour for _, colour, _ in groups],
        label=[name for name, _, _ in groups],
    )
    axes.set(title="Confidence", xlabel="confidence", ylabel="questions")
    axes.legend(frameon=False)


def _latency(axes: Any, outcomes: Sequence[Outcome]) -> None:
    axes.hist([outcome.milliseconds for outcome in outcomes], bins=40, color=_NONE)
    axes.set(title="Time to answer", xlabel="milliseconds", ylabel="questions")


def _misses(outcomes: Sequence[Outcome]) -> list[str]:
    missed = [outcome for outcome in outcomes if outcome.expected.answers and outcome.rank != 1]
    missed.sort(key=lambda outcome: -outcome.answer.confidence)
    return [_miss(outcome) for outcome in missed[:WORST]]


def _miss(outcome: Outcome) -> str:
    expected, hits = outcome.expected, outcome.answer.hits
    found = f"{hits[0].article.path}<br><q>{html.escape(hits[0].text[:160])}</q>" if hits else "nothing"
    where = f"{html.escape(expected.path or '')}<br><q>{html.escape(', '.join(expected.answers))}</q>"
    place = f" (rank {outcome.rank})" if outcome.rank else ""
    return (
        f"<tr><td>{html.escape(expected.question)}<td>{where}{place}<td>{found}<td>{outcome.answer.confidence:.2f}</tr>"
    )
