"""Inputs that are no questions, or that no article answers: what share of them is answered all the same.

    python -m benchmarks.declined

declined.jsonl holds 200, in six languages: small talk, orders, keyboard noise, emoji, questions about other things.
They were written before any was asked, and no weight is fitted on them; across languages one piece of evidence
(`cohesion`) was left out when 13% were answered with it, and one (`aligned`) taken in when 6% were without it; the
small talk known by heart was written after the first wrong answers had been seen. They are asked about the sample
articles, and about a site of 1,127 documents on software where ../shared holds it. Exit code 1 where more than 5% are
answered.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import FOLDERS, ROOT
from benchmarks.results import save
from embeddings.encoder import Encoder
from embeddings.model import load_encoder
from retrieval import Retriever, build_index

INPUTS = Path(__file__).with_name("declined.jsonl")
CORPORA = ("articles", "sofastack")
BAR = 0.05
INDEXES = ROOT / ".index"
"""Kept, so that a second run embeds nothing."""


@dataclass(frozen=True, slots=True)
class Input:
    """One message, and what it is."""

    question: str
    language: str
    kind: str


def main() -> int:
    """Entry point; gives the exit code."""
    inputs = [Input(**json.loads(line)) for line in INPUTS.read_text(encoding="utf-8").splitlines()]
    encoder = load_encoder()
    figures = {corpus: _asked(FOLDERS[corpus], inputs, encoder) for corpus in CORPORA if FOLDERS[corpus].is_dir()}
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    print(save("declined", "python -m benchmarks.declined", figures))
    for corpus in CORPORA:
        if corpus not in figures:
            print(f"{corpus}: left out, {FOLDERS[corpus]} is not here", file=sys.stderr)
    return int(any(share > BAR for each in figures.values() if isinstance(share := each["answered"], float)))


def _asked(folder: Path, inputs: Sequence[Input], encoder: Encoder) -> Mapping[str, object]:
    index = INDEXES / folder.parent.name / folder.name
    build_index(folder, index, encoder=encoder, progress=True)
    with Retriever.open(index, encoder=encoder) as retriever:
        return _figures(retriever, inputs)


def _figures(retriever: Retriever, inputs: Sequence[Input]) -> Mapping[str, object]:
    answers = {each: retriever.answer(each.question) for each in inputs}
    wrong = [each for each, answer in answers.items() if answer.answered]
    return {
        "inputs": len(inputs),
        "answered": round(len(wrong) / len(inputs), 4),
        "answered_by_kind": dict(Counter(each.kind for each in wrong)),
        "answered_by_language": dict(Counter(each.language for each in wrong)),
        "examples": [f"{each.question}: {answers[each].hits[0].text[:40]}" for each in wrong],
    }


if __name__ == "__main__":
    sys.exit(main())
