"""How fast passages and their sentences become vectors, on the cores there are.

    python -m benchmarks.embedding

Three ratios, each the median of rounds in which everything takes its turn on the same texts:

* passages a second here, over those of sentence-transformers in float32 and batches of 32;
* multiply-adds a second of the model's linear layers, over those of its largest layer alone (MatMulInteger, which
  neither quantises nor scales): over real tokens, and without what attention multiplies, which is given beside it;
* the time of passages with their sentences, over that of passages alone.

And of a whole build of the corpus's articles, the share of its time in which files are read, split and analysed.

Exit code 1 where one of them misses its bar on the sample articles.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from benchmarks.arithmetic import Size, int8_rate
from benchmarks.corpora import FOLDERS
from benchmarks.drcd import DATA, write_articles
from benchmarks.results import save
from benchmarks.texts import Corpus, corpora, cut
from embeddings.encoder import Encoder
from embeddings.model import load_encoder
from embeddings.packaged import CARD, TOKENIZER_FILE, unpacked
from embeddings.together import encode_together
from embeddings.transformer import TransformerEncoder
from retrieval import build_index
from retrieval.indexing.reads import Read, Reader, one_by_one
from retrieval.reading import files
from retrieval.reading.files import Source

ROUNDS = 3
PASSAGES = 64
"""Of each corpus; more change no ratio."""
SPEEDUP, SHARE, TOGETHER, READING = 2.5, 0.6, 1.8, 0.1
"""The bars: at least, at least, at most, less than."""
_BATCH_TOKENS = 640


def main() -> int:
    """Entry point; gives the exit code."""
    folder, encoder = unpacked(), load_encoder()
    peer = TransformerEncoder(folder, device="cpu", batch_size=32)
    figures = {corpus.name: _measure(corpus.first(PASSAGES), folder, encoder, peer) for corpus in corpora()}
    print(json.dumps(figures, indent=1))
    print(save("embedding", "python -m benchmarks.embedding", figures))
    return 0 if _meets_the_bars(figures["articles"]) else 1


def _measure(corpus: Corpus, folder: Path, encoder: Encoder, peer: Encoder) -> dict[str, Any]:
    texts, spans = corpus.passages, corpus.spans()
    singles = cut(texts, spans)
    size, lengths = Size.of(folder), _lengths(folder, texts)
    linear, attention = size.linear(lengths), size.attention(lengths)
    encoder.encode_passages(texts[:32])
    peer.encode_passages(texts[:32])
    rounds = []
    for _ in range(ROUNDS):
        peak = int8_rate(_BATCH_TOKENS, size.hidden, size.intermediate, os.cpu_count() or 1)
        alone = _seconds(lambda: encoder.encode_passages(texts))
        together = _seconds(lambda: encode_together(encoder, texts, spans))
        apart = _seconds(lambda: encoder.encode_passages(list(dict.fromkeys([*texts, *singles]))))
        others = _seconds(lambda: peer.encode_passages(texts))
        rounds.append(
            {
                "passages_a_second": len(texts) / alone,
                "sentence_transformers_passages_a_second": len(texts) / others,
                "speedup": others / alone,
                "largest_layer_gmacs": peak / 1e9,
                "share_of_largest_layer": linear / alone / peak,
                "share_with_attention": (linear + attention) / alone / peak,
                "together": together / alone,
                "sentences_as_texts": apart / alone,
            }
        )
    medians = {name: round(statistics.median(each[name] for each in rounds), 3) for name in rounds[0]}
    reading = {"reading_share_of_a_build": round(_reading_share(corpus.name, encoder), 4)}
    return {"passages": len(texts), "sentences": len(singles), "tokens": sum(lengths), **medians, **reading}


def _reading_share(corpus: str, encoder: Encoder) -> float:
    """Of the seconds of a build of everything, those until files are read, split and analysed.

    What a process loads once, such as the detector of languages, is there before, as the model is.
    """
    spent = 0.0

    def timed(sources: Sequence[Source], reader: Reader) -> Iterator[Read]:
        nonlocal spent
        reads = one_by_one(sources, reader)
        while True:
            started = time.perf_counter()
            read = next(reads, None)
            spent += time.perf_counter() - started
            if read is None:
                return
            yield read

    with tempfile.TemporaryDirectory() as scratch:
        folder = FOLDERS.get(corpus, Path(scratch, "articles"))
        if corpus not in FOLDERS:
            write_articles(json.loads(DATA.read_text(encoding="utf-8")), folder)
        deque(one_by_one(files.find(folder), Reader()), maxlen=0)
        report = build_index(folder, Path(scratch, "index"), encoder=encoder, reading=timed)
    return spent / report.seconds


def _meets_the_bars(figures: dict[str, Any]) -> bool:
    fast = figures["speedup"] >= SPEEDUP and figures["share_of_largest_layer"] >= SHARE
    return fast and bool(figures["together"] <= TOGETHER and figures["reading_share_of_a_build"] < READING)


def _lengths(folder: Path, texts: tuple[str, ...]) -> list[int]:
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.enable_truncation(CARD.max_tokens)
    return [len(encoding.ids) for encoding in tokenizer.encode_batch([CARD.passage_prompt + text for text in texts])]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
