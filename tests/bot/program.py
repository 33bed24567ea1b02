"""The real program on a fake index: what `article-bot` is, but for the retriever."""

import sys

from fake_retriever import FakeRetriever

from bot.app import main

sys.exit(main(opener=FakeRetriever.open))
