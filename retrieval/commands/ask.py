"""ask-articles: questions in, passages out, in the terminal or as JSON."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

from embeddings.model import load_encoder
from retrieval.commands.dates import first_day, last_day
from retrieval.commands.rendering import to_json, to_text
from retrieval.commands.run import Parser, as_json, complain, legible, run
from retrieval.commands.settings import INDEX_HELP, embedding_model, index_dir, index_option
from retrieval.errors import BadQuestion
from retrieval.records import Filter
from retrieval.searching.question import parse
from retrieval.searching.retriever import Retriever

_COMMAND = "ask-articles"
_PROMPT = "\n? "


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    return run(_COMMAND, lambda: _ask(_options(arguments)))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.question is not None:
        try:
            parse(options.question)
        except BadQuestion as exc:
            parser.error(str(exc))
    return options


def _parser() -> Parser:
    parser = Parser(
        _COMMAND,
        description="Find the passages that answer a question, word for word.",
        epilog="Without QUESTION, each line of standard input is one.",
    )
    parser.add_argument("question", nargs="?", metavar="QUESTION")
    parser.add_argument("--index", type=index_option, metavar="DIR", help=INDEX_HELP)
    parser.add_argument("-k", type=_count, default=3, metavar="N", help="passages to show; default: 3")
    parser.add_argument("--category", metavar="C", help="only articles of this category")
    parser.add_argument("--author", metavar="A", help="only articles by this author")
    parser.add_argument("--after", type=first_day, metavar="DATE", help="not before 2022, 2022-07, 2022-07-28")
    parser.add_argument("--before", type=last_day, metavar="DATE", help="not after this date")
    parser.add_argument("--language", type=_language, metavar="CODE", help="only articles in this language: zh, en, ja")
    parser.add_argument("--json", action="store_true", help="one JSON object a question")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of passages from 1 to 1000")
    return int(text)


def _language(text: str) -> str:
    if len(text) != 2 or not (text.isascii() and text.isalpha()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a language's code of two letters, such as zh, en or ja")
    return text


def _ask(options: argparse.Namespace) -> int:
    where = Filter(options.category, options.author, options.after, options.before, options.language)
    with Retriever.open(index_dir(options.index), encoder=load_encoder(embedding_model())) as retriever:
        if options.question is not None:
            _answer(retriever, options.question, options, where)
            return 0
        return _answer_all(retriever, options, where)


def _answer_all(retriever: Retriever, options: argparse.Namespace, where: Filter) -> int:
    """Answer every line; one that cannot be asked is reported, and the others still answered."""
    code = 0
    for line in _lines():
        if not line.strip():
            continue
        if not (options.json or sys.stdin.isatty()):
            print(legible(f"? {' '.join(line.split())}"))  # noqa: T201
        try:
            _answer(retriever, line, options, where)
        except BadQuestion as exc:
            complain(_COMMAND, str(exc))
            code = 1
    return code


def _answer(retriever: Retriever, question: str, options: argparse.Namespace, where: Filter) -> None:
    started = time.perf_counter()
    answer = retriever.answer(question.strip(), options.k, where)
    milliseconds = 1000 * (time.perf_counter() - started)
    if options.json:
        text = as_json(to_json(answer, milliseconds))
        # A lone surrogate, which an odd terminal may send, has no UTF-8 form.
        print(text.encode("utf-8", "replace").decode(), flush=True)  # noqa: T201
    else:
        text = to_text(answer, colour=_colour())
        print(text.encode("utf-8", "replace").decode(), flush=True)  # noqa: T201


def _colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _lines() -> Iterator[str]:
    """Lines of standard input; from a person, with a prompt."""
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    with suppress(ImportError):
        import readline  # noqa: F401  - gives the prompt its history and line editing
    print("Ask about the articles, in any language. Ctrl-D ends.", file=sys.stderr)  # noqa: T201
    while True:
        try:
            yield _typed()
        except EOFError:
            print(file=sys.stderr)  # noqa: T201
            return


def _typed() -> str:
    """A line from a person; where answers go to a file, the prompt does not."""
    if sys.stdout.isatty():
        return input(_PROMPT)
    print(_PROMPT, end="", file=sys.stderr, flush=True)  # noqa: T201
    return input()


if __name__ == "__main__":
    sys.exit(main())
