"""DRCD's questions asked otherwise: with typing errors, in two words, at length, in simplified characters.

    python -m benchmarks.variants

Each of 600 questions about DRCD's paragraphs, which are in traditional Chinese, is asked as it is and in each of the
ways below, all derived from it by rule. What is found first, among the first five, and what is called an answer.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import opencc
from tqdm import tqdm

from benchmarks.drcd import DATA, write_articles
from benchmarks.results import save
from embeddings.model import load_encoder
from retrieval import Retriever, build_index
from retrieval.commands.evaluation import Expected, ask
from retrieval.searching.question import content_runs

ASKED = 600
PREAMBLE = (
    "你好，我最近在幫孩子準備學校的報告，老師要我們每個人挑一個題目，自己去找資料，下星期就要交了。"
    "我在圖書館裡找了一個下午，借回來的幾本書都沒有寫到，網路上的說法又互相矛盾，所以想請你幫忙看看。"
    "如果你手邊的文章裡剛好有提到，麻煩把那一段給我看，我會註明出處。謝謝！我想知道的是這個："
)
"""What a person may write before the question itself."""
LETTERS = 5
"""Characters that are left of a question of a word or two."""

Change = Callable[[str, random.Random], str]


def _swapped(question: str, choice: random.Random) -> str:
    at = choice.randrange(len(question) - 2)
    return question[:at] + question[at + 1] + question[at] + question[at + 2 :]


def _dropped(question: str, choice: random.Random) -> str:
    at = choice.randrange(len(question) - 1)
    return question[:at] + question[at + 1 :]


def _mistaken(question: str, choice: random.Random) -> str:
    """With one character replaced by one of another question's, as a wrong choice of an input method's would be."""
    at = choice.randrange(len(question) - 1)
    return question[:at] + choice.choice(PREAMBLE[:40]) + question[at + 1 :]


def _words(question: str, _: random.Random) -> str:
    """The first characters of its longest part without asking words."""
    return max(content_runs(question), key=len)[:LETTERS]


CHANGES: Mapping[str, Change] = {
    "as it is": lambda question, _: question,
    "simplified": lambda question, _: opencc.OpenCC("t2s").convert(question),
    "two characters swapped": _swapped,
    "one character left out": _dropped,
    "one character mistaken": _mistaken,
    "a word or two": _words,
    "after a preamble": lambda question, _: PREAMBLE + question,
}


def main() -> int:
    """Entry point; gives the exit code."""
    if not DATA.exists():
        print(f"skipped: {DATA.name} is not here", file=sys.stderr)
        return 0
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as scratch:
        questions = write_articles(json.loads(DATA.read_text(encoding="utf-8")), Path(scratch, "articles"))
        build_index(Path(scratch, "articles"), Path(scratch, "index"), encoder=encoder, progress=True)
        with Retriever.open(Path(scratch, "index"), encoder=encoder) as retriever:
            chosen = random.Random(ASKED).sample(questions, ASKED)
            figures = {name: _figures(retriever, chosen, change) for name, change in CHANGES.items()}
    print(json.dumps(figures, indent=1))
    save("variants", "python -m benchmarks.variants", figures)
    return 0


def _figures(retriever: Retriever, questions: Sequence[Expected], change: Change) -> dict[str, float]:
    choice = random.Random(len(questions))
    changed = [Expected(change(each.question, choice), each.path, each.answers) for each in questions]
    outcomes = [ask(retriever, each) for each in tqdm(changed, disable=None)]
    return {
        "hit_at_1": round(sum(each.rank == 1 for each in outcomes) / len(outcomes), 4),
        "hit_at_5": round(sum(each.rank is not None and each.rank <= 5 for each in outcomes) / len(outcomes), 4),
        "answered": round(sum(each.answer.answered for each in outcomes) / len(outcomes), 4),
    }


if __name__ == "__main__":
    sys.exit(main())
