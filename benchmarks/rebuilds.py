"""What a rebuild costs where little has changed, against one of everything.

    python -m benchmarks.rebuilds [--articles 10000]

Articles of five passages of ten sentences are generated, and embedded by an encoder that costs next to nothing, so
that what is timed is all but the model.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.generated import CheapEncoder, Writer
from benchmarks.results import save
from retrieval import build_index
from retrieval.records import BuildReport

PASSAGES = 5
ROUNDS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; gives the exit code."""
    parser = argparse.ArgumentParser("benchmarks.rebuilds", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        figures = _measure(Path(scratch), options.articles)
    print(json.dumps(figures, indent=1))
    save("rebuilds", f"python -m benchmarks.rebuilds --articles {options.articles}", figures)
    return 0


def _measure(scratch: Path, articles: int) -> dict[str, object]:
    writer, encoder, folder = Writer(), CheapEncoder(), scratch / "articles"
    writer.write(folder, articles, PASSAGES)

    def rebuild() -> BuildReport:
        return build_index(folder, scratch / "index", encoder=encoder)

    def edit() -> None:
        file = folder / "00000" / f"{len(edited):07}.md"
        file.write_text(file.read_text("utf-8") + writer.sentence(["新的一句"]) + "\n", encoding="utf-8")
        edited.append(file)

    edited: list[Path] = []
    first = rebuild()
    nothing = [rebuild() for _ in range(ROUNDS)]
    one = [_after(edit, rebuild) for _ in range(ROUNDS)]
    writer.write(folder / "new", articles // 10, PASSAGES)
    tenth = rebuild()
    return {
        "articles": articles,
        "passages": first.passages,
        "sentences": first.sentences,
        "everything_seconds": first.seconds,
        "nothing_changed_seconds": median(each.seconds for each in nothing),
        "one_edited_seconds": median(each.seconds for each in one),
        "one_edited_embeds": max(each.embedded for each in one),
        "a_tenth_new_seconds": tenth.seconds,
        "a_tenth_new_embeds": tenth.embedded,
        "share_of_everything": {
            "nothing_changed": round(median(each.seconds for each in nothing) / first.seconds, 4),
            "one_edited": round(median(each.seconds for each in one) / first.seconds, 4),
            "a_tenth_new": round(tenth.seconds / first.seconds, 4),
        },
    }


def _after(change: Callable[[], None], rebuild: Callable[[], BuildReport]) -> BuildReport:
    change()
    return rebuild()


if __name__ == "__main__":
    sys.exit(main())
