"""evaluate-retrieval: asks an index questions whose answers are known, and says how well it did."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence, Set
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from embeddings.model import load_encoder
from retrieval.commands.evaluation import Expected, Figures, ask, load_questions, measure
from retrieval.commands.feedback import load_feedback
from retrieval.commands.run import Parser, legible, run
from retrieval.commands.settings import INDEX_HELP, embedding_model, folder, index_dir, index_option
from retrieval.searching.retriever import Retriever

_COMMAND = "evaluate-retrieval"
_ALL = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    return run(_COMMAND, lambda: _evaluate(_parser().parse_args(arguments)))


def _parser() -> Parser:
    parser = Parser(
        _COMMAND,
        description="Ask an index questions whose answers are known, and measure what it finds.",
        epilog='A line of QUESTIONS: {"question": "...", "path": "...", "answers": ["..."]}; '
        "path null and no answers where no article answers.",
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("questions", type=Path, nargs="?", metavar="QUESTIONS", help="file of JSON lines")
    source.add_argument(
        "--feedback", metavar="FILE", help="the bot's feedback.sqlite, or its STATE_URL, instead of QUESTIONS"
    )
    parser.add_argument("--index", type=index_option, metavar="DIR", help=INDEX_HELP)
    parser.add_argument("--report", type=folder, metavar="DIR", help="write a page with plots into this folder")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser


def _evaluate(options: argparse.Namespace) -> int:
    questions = load_feedback(options.feedback) if options.feedback is not None else load_questions(options.questions)
    if options.report:
        from retrieval.commands.report import check_place

        check_place(options.report)
    with Retriever.open(index_dir(options.index), encoder=load_encoder(embedding_model())) as retriever:
        _warn_of_unknown(questions, {article.path for article in retriever.latest(_ALL)})
        asked = tqdm(questions, "asking", unit=" questions", disable=None)
        outcomes = [ask(retriever, expected) for expected in asked]
    figures = measure(outcomes)
    print(json.dumps(asdict(figures)) if options.json else _table(figures))  # noqa: T201
    if options.report:
        from retrieval.commands.report import write_report

        page = write_report(options.report, figures, outcomes)
        print(f"report: {page}", file=sys.stderr)  # noqa: T201
    return 0


def _warn_of_unknown(questions: Sequence[Expected], paths: Set[str]) -> None:
    """Say how many questions are about articles that are not there, as they are where paths are another folder's."""
    unknown = [each.path for each in questions if each.path is not None and each.path not in paths]
    if unknown:
        told = f"{len(unknown):,} of {len(questions):,} questions name an article that the index does not have"
        print(legible(f"{told}, such as {unknown[0]}; they count as not found"), file=sys.stderr)  # noqa: T201


def _table(figures: Figures) -> str:
    rows = asdict(figures).items()
    return "\n".join(f"{name.replace('_', ' '):24} {'-' if value is None else value}" for name, value in rows)


if __name__ == "__main__":
    sys.exit(main())
