"""Evaluation: how well an index answers questions whose answers are known."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ir_measures
from ir_measures import RR, Success

from retrieval.errors import BadQuestion, RetrievalError
from retrieval.records import Answer, Hit
from retrieval.searching.question import parse
from retrieval.searching.retriever import Retriever

DEPTH = 10
"""Hits looked at for each question."""
MOST = 100_000_000
"""Characters of a file of questions: what never ends, as a device does not, is no such file."""


class UnusableQuestions(RetrievalError):
    """The questions file cannot be used."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A question and where its answer is: `path` None and no `answers` where nothing answers it."""

    question: str
    path: str | None
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an index made of a question."""

    expected: Expected
    answer: Answer
    milliseconds: float
    rank: int | None
    """Of the first hit that counts, from 1."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The result; shares are between 0 and 1, None where there is nothing to take a share of."""

    questions: int
    answerable: int
    hit_at_1: float | None
    hit_at_5: float | None
    mrr_at_10: float | None
    median_passage_length: float | None
    """Characters of the first hits."""
    highlighted: float | None
    """Of the first hits that count: how many have the answer inside the highlighted sentence."""
    abstention_precision: float | None
    """Of the questions that were declined: how many had no answer."""
    abstention_recall: float | None
    """Of the questions without an answer: how many were declined."""
    milliseconds_p50: float
    milliseconds_p95: float
    milliseconds_p99: float


def load_questions(file: Path) -> list[Expected]:
    """Questions from a file of JSON lines. Raises UnusableQuestions."""
    try:
        # Not splitlines: a JSON string may hold the other characters that it takes for line ends.
        with file.open(encoding="utf-8-sig") as stream:
            lines = stream.read(MOST + 1).split("\n")
    except UnicodeDecodeError as exc:
        raise UnusableQuestions(f"{file}: not UTF-8 text (byte {exc.start}); save it as UTF-8") from exc
    except OSError as exc:
        raise UnusableQuestions(f"{file}: the questions cannot be read ({exc.strerror})") from exc
    if sum(map(len, lines)) + len(lines) > MOST:
        raise UnusableQuestions(f"{file}: more than {MOST:,} characters; ask in several files")
    questions = [_parse(line, f"{file}:{at}") for at, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise UnusableQuestions(f"{file}: no question in it; a line is {_LINE}")
    return questions


_LINE = '{"question": "...", "path": "...", "answers": ["..."]}'


def _parse(line: str, place: str) -> Expected:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise UnusableQuestions(f"{place}: not a question, not JSON ({exc}); a line is {_LINE}") from exc
    if not isinstance(fields, dict):
        raise UnusableQuestions(f"{place}: not a question; a line is {_LINE}")
    question, path, answers = fields.get("question"), fields.get("path"), fields.get("answers") or []
    if wrong := _wrong(question, path, answers):
        raise UnusableQuestions(f"{place}: not a question, {wrong}; a line is {_LINE}")
    return Expected(str(question), path, tuple(answers))


def _wrong(question: object, path: object, answers: object) -> str | None:
    """What is wrong with a line's fields; None where nothing is."""
    if not isinstance(question, str):
        return '"question" is not a text'
    try:
        parse(question)
    except BadQuestion as exc:
        return str(exc)
    if path is not None and not isinstance(path, str):
        return '"path" is neither a text nor null'
    if not isinstance(answers, list) or not all(isinstance(each, str) and each for each in answers):
        return '"answers" is not a list of texts'
    if (path is None) is not (not answers):
        return '"path" and "answers" go together: both, or neither where no article answers'
    return None


def ask(retriever: Retriever, expected: Expected) -> Outcome:
    """Ask one question. Raises BadQuestion."""
    started = time.perf_counter()
    answer = retriever.answer(expected.question, DEPTH)
    milliseconds = 1000 * (time.perf_counter() - started)
    ranks = (rank for rank, hit in enumerate(answer.hits, 1) if counts(hit, expected))
    return Outcome(expected, answer, milliseconds, next(ranks, None))


def counts(hit: Hit, expected: Expected) -> bool:
    """A hit counts when it is of the right article and its text holds one of the answers."""
    paths = {hit.article.path, *(mention.path for mention in hit.also_in)}
    return expected.path in paths and any(answer in hit.text for answer in expected.answers)


def measure(outcomes: Sequence[Outcome]) -> Figures:
    """The figures over all outcomes."""
    answerable = [outcome for outcome in outcomes if outcome.expected.answers]
    ranked = _ranked(answerable)
    declined = [outcome for outcome in outcomes if not outcome.answer.answered]
    unanswerable = [outcome for outcome in outcomes if not outcome.expected.answers]
    first_right = [outcome for outcome in answerable if outcome.rank == 1]
    times = sorted(outcome.milliseconds for outcome in outcomes)
    firsts = [len(outcome.answer.hits[0].text) for outcome in outcomes if outcome.answer.hits]
    return Figures(
        questions=len(outcomes),
        answerable=len(answerable),
        hit_at_1=ranked.get(Success @ 1),
        hit_at_5=ranked.get(Success @ 5),
        mrr_at_10=ranked.get(RR @ 10),
        median_passage_length=statistics.median(firsts) if firsts else None,
        highlighted=_share(highlights_answer(outcome) for outcome in first_right if _answers_in_part(outcome)),
        abstention_precision=_share(not outcome.expected.answers for outcome in declined),
        abstention_recall=_share(not outcome.answer.answered for outcome in unanswerable),
        milliseconds_p50=_percentile(times, 50),
        milliseconds_p95=_percentile(times, 95),
        milliseconds_p99=_percentile(times, 99),
    )


def _answers_in_part(outcome: Outcome) -> bool:
    """Whether the answer is less than the first hit's whole text, as it is where users called a passage right."""
    return outcome.answer.hits[0].text not in outcome.expected.answers


def highlights_answer(outcome: Outcome) -> bool:
    """Whether one of the answers is inside the first hit's highlighted sentence."""
    hit = outcome.answer.hits[0]
    if hit.highlight is None:
        return False
    sentence = hit.text[slice(*hit.highlight)]
    return any(answer in sentence for answer in outcome.expected.answers)


def _ranked(answerable: Sequence[Outcome]) -> dict[object, float]:
    """Success@1, Success@5 and RR@10: each hit is a document, relevant where it counts."""
    if not answerable:
        return {}
    judged = [
        ir_measures.Qrel(str(at), str(rank), int(counts(hit, outcome.expected)))
        for at, outcome in enumerate(answerable)
        for rank, hit in enumerate(outcome.answer.hits, 1)
    ]
    # A question without any hit is still a question that was asked.
    judged += [ir_measures.Qrel(str(at), "none", 1) for at, outcome in enumerate(answerable) if not outcome.rank]
    run = [
        ir_measures.ScoredDoc(str(at), str(rank), -float(rank))
        for at, outcome in enumerate(answerable)
        for rank in range(1, len(outcome.answer.hits) + 1)
    ]
    figures = ir_measures.calc_aggregate([Success @ 1, Success @ 5, RR @ 10], judged, run)
    return {name: round(float(value), 4) for name, value in figures.items()}


def _share(truths: Iterable[bool]) -> float | None:
    values = list(truths)
    return round(sum(values) / len(values), 4) if values else None


def _percentile(ordered: Sequence[float], percent: int) -> float:
    at = min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))
    return round(ordered[at], 1)
