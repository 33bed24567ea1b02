"""The bot as `article-bot` runs it, on an index of the cheap encoder: `python -m benchmarks.stress.indexed_bot`."""

from __future__ import annotations

import sys

from benchmarks.stress.world import CheapEncoder
from bot.app import main
from retrieval.searching.retriever import Retriever

if __name__ == "__main__":
    sys.exit(main([], opener=lambda index: Retriever.open(index, encoder=CheapEncoder())))
