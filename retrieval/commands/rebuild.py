"""rebuild-embeddings: brings the index up to date with a folder of articles."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from embeddings.cores import core_count
from embeddings.encoder import Encoder
from embeddings.model import load_encoder
from retrieval.commands.check import to_text
from retrieval.commands.run import Parser, as_json, complain, legible, run
from retrieval.commands.settings import (
    INDEX_HELP,
    articles_dir,
    embedding_model,
    folder,
    index_dir,
    index_option,
    setting,
)
from retrieval.commands.watching import watched
from retrieval.errors import RetrievalError
from retrieval.indexing import processes
from retrieval.indexing.build import build_index
from retrieval.indexing.cluster.connection import connected
from retrieval.indexing.engines import engine_at
from retrieval.indexing.reads import Reading
from retrieval.indexing.spread import SpreadEncoder, SpreadReading
from retrieval.reading.links.site import Site, detect, from_settings
from retrieval.reading.survey import survey
from retrieval.records import BuildReport
from retrieval.searching.counterparts import glossary

_COMMAND = "rebuild-embeddings"


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    return run(
        _COMMAND, lambda: _rebuild(_parser().parse_args(arguments)), interrupted="interrupted; nothing was changed"
    )


def _parser() -> Parser:
    parser = Parser(
        _COMMAND,
        description="Bring the index up to date: only new or changed passages are embedded, "
        "and what is gone from the folder goes from the index.",
    )
    parser.add_argument(
        "articles",
        nargs="?",
        type=folder,
        default=articles_dir(),
        metavar="ARTICLES",
        help="default: %(default)s",
    )
    parser.add_argument("--index", type=index_option, metavar="DIR", help=INDEX_HELP)
    parser.add_argument(
        "--site",
        type=folder,
        metavar="DIR",
        help="folder of the Hexo, Jekyll or Hugo site, read for its URL and permalinks",
    )
    parser.add_argument(
        "--site-url", type=_text, metavar="URL", help="where the site is, e.g. https://example.com/blog"
    )
    parser.add_argument(
        "--permalink", type=_text, metavar="PATTERN", help="e.g. :year/:month/:title/ or p/:abbrlink.html"
    )
    parser.add_argument(
        "--generator",
        choices=["hexo", "jekyll", "hugo"],
        default="hexo",
        help="what the tokens of --permalink mean where there is no --site; default: hexo",
    )
    parser.add_argument(
        "--abbrlink", type=_text, metavar="ALGORITHM", help="crc16-hex, crc16-dec, crc32-hex or crc32-dec"
    )
    parser.add_argument(
        "--repo-url", type=_text, metavar="URL", help="where the article files are shown, for a link if no page"
    )
    parser.add_argument("--model", metavar="NAME", help="model folder or hub id; default: the packaged model")
    parser.add_argument("--drafts", action="store_true", help="take drafts in")
    parser.add_argument("--full", action="store_true", help="embed everything anew")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--check", action="store_true", help="only read, and say what is the matter with articles")
    only.add_argument("--verify", action="store_true", help="only compare the index with what was written")
    only.add_argument("--watch", action="store_true", help="stay, and rebuild whenever the folder changes")
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processor cores to use, or with --ray workers; default: all"
    )
    parser.add_argument(
        "--ray",
        metavar="CLUSTER",
        help="read and embed on a Ray cluster: ray://host:10001, or auto for this machine's (pip install 'wenda[ray]')",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise argparse.ArgumentTypeError(f"{text!a} is not UTF-8") from exc
    return text


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_024:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of cores")
    return int(text)


def _rebuild(options: argparse.Namespace) -> int:
    if options.check:
        found = survey(options.articles, _site(options))
        print(as_json(asdict(found)) if options.json else to_text(found))  # noqa: T201
        return 0
    options.index = index_dir(options.index)
    if options.verify:
        _verify(options)
        return 0
    name = options.model or embedding_model()
    encoder, site = load_encoder(name, threads=options.jobs), _site(options)
    with _means(options, encoder, name) as means:
        report = _build(options, means, site, full=options.full)
        glossary.prepare()
        _report(report, options)
        if options.watch:
            _watch(options, means, site, report.generation)
    return 0


@dataclass(frozen=True, slots=True)
class _Means:
    """What articles are read and embedded by."""

    encoder: Encoder
    reading: Reading


@contextmanager
def _means(options: argparse.Namespace, encoder: Encoder, name: str | None) -> Iterator[_Means]:
    if not options.ray:
        yield _Means(encoder, processes.reading(options.jobs or core_count()))
        return
    with connected(options.ray, options.jobs) as cluster:
        yield _Means(SpreadEncoder(cluster, encoder, name), SpreadReading(cluster))


def _verify(options: argparse.Namespace) -> None:
    engine = engine_at(options.index)
    try:
        verified = engine.verify()
    finally:
        engine.close()
    found = {"index": str(options.index), "generation": verified.generation, **verified.counts}
    text = f"{options.index}: generation {verified.generation}, {verified.text}"
    print(as_json(found) if options.json else text)  # noqa: T201


def _build(options: argparse.Namespace, means: _Means, site: Site | None, *, full: bool = False) -> BuildReport:
    return build_index(
        options.articles,
        options.index,
        encoder=means.encoder,
        reading=means.reading,
        site=site,
        full=full,
        drafts=options.drafts,
        progress=True,
    )


def _site(options: argparse.Namespace) -> Site | None:
    if options.site:
        return detect(
            options.site,
            options.articles,
            site_url=options.site_url or setting("SITE_URL"),
            permalink=options.permalink or setting("PERMALINK"),
            abbrlink=options.abbrlink,
            repo_url=options.repo_url,
        )
    return from_settings(
        options.site_url or setting("SITE_URL"),
        options.permalink or setting("PERMALINK"),
        generator=options.generator,
        abbrlink=options.abbrlink,
        repo_url=options.repo_url,
    )


def _watch(options: argparse.Namespace, means: _Means, site: Site | None, generation: str) -> None:
    """Rebuild whenever the folder changes, until interrupted; a failed rebuild is reported and tried again."""
    print(f"watching {options.articles}; Ctrl-C ends", file=sys.stderr)  # noqa: T201
    for begins in watched(options.articles, options.index):
        try:
            report = _build(options, means, site)
        except RetrievalError as exc:
            complain(_COMMAND, str(exc))
            generation = ""
            continue
        if report.generation != generation or not begins:
            _report(report, options)
        generation = report.generation


def _report(report: BuildReport, options: argparse.Namespace) -> None:
    for skipped in report.skipped:
        print(legible(f"skipped {skipped.path}: {skipped.reason}"), file=sys.stderr)  # noqa: T201
    text = as_json(asdict(report)) if options.json else _summary(report)
    print(text, flush=True)  # noqa: T201


def _summary(report: BuildReport) -> str:
    lines = [
        f"{report.articles:,} articles, {report.passages:,} passages, {report.sentences:,} sentences",
        f"{report.embedded:,} texts embedded, {report.reused:,} taken over, {report.removed:,} articles removed, "
        f"{len(report.skipped):,} skipped",
        f"{report.index}: generation {report.generation}, model {report.model}, {report.seconds:.1f} s",
    ]
    return "\n".join(map(legible, lines))


if __name__ == "__main__":
    sys.exit(main())
