"""Embedding on a GPU in 16 bits: passages a second, and the share of what the card multiplies at its best.

    python -m benchmarks.gpu

The peak is measured in the same run, by one large matrix multiplication in the same arithmetic. Work is counted over
real tokens: padding is none. Where there is no GPU it says so and ends with exit code 1.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from benchmarks.arithmetic import Size
from benchmarks.results import save
from benchmarks.texts import corpora
from embeddings.packaged import CARD, TOKENIZER_FILE, unpacked
from embeddings.transformer import TransformerEncoder

ROUNDS = 5
PASSAGES = 20_000
"""Fewer would be over before a large card is warm; the corpus is repeated until there are as many."""
_MATRIX = 8192


def main() -> int:
    """Entry point; gives the exit code."""
    import torch

    if not torch.cuda.is_available():
        print("benchmarks.gpu: no CUDA GPU here; nothing was measured", file=sys.stderr)
        return 1
    folder = unpacked()
    figures = {"card": torch.cuda.get_device_name()} | {
        corpus.name: measure(folder, corpus.passages, "cuda", passages=PASSAGES) for corpus in corpora()
    }
    print(json.dumps(figures, indent=1))
    print(save("gpu", "python -m benchmarks.gpu", figures))
    return 0


def measure(
    folder: Path, texts: Sequence[str], device: str, *, passages: int, rounds: int = ROUNDS, matrix: int = _MATRIX
) -> dict[str, Any]:
    """Medians over interleaved rounds; `device` may be `cpu`, where arithmetic is 32 bits wide."""
    encoder = TransformerEncoder(folder, device=device)
    repeated = [texts[at % len(texts)] for at in range(passages)]
    work = _multiply_adds(folder, repeated)
    encoder.encode_passages(repeated[: max(1, passages // 10)])
    speeds, shares, peaks = [], [], []
    for _ in range(rounds):
        peak = _peak(device, matrix)
        seconds = _seconds(lambda: encoder.encode_passages(repeated))
        speeds.append(passages / seconds)
        shares.append(work / seconds / peak)
        peaks.append(2 * peak / 1e12)
    return {
        "passages": passages,
        "passages_a_second": round(statistics.median(speeds), 1),
        "peak_teraflops": round(statistics.median(peaks), 2),
        "share_of_peak": round(statistics.median(shares), 4),
    }


def _multiply_adds(folder: Path, texts: Sequence[str]) -> int:
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.enable_truncation(CARD.max_tokens)
    lengths = [len(each.ids) for each in tokenizer.encode_batch([CARD.passage_prompt + text for text in texts])]
    size = Size.of(folder)
    return size.linear(lengths) + size.attention(lengths)


def _peak(device: str, matrix: int, repeats: int = 10) -> float:
    """Multiply-adds a second of one square matrix multiplication."""
    import torch

    kind = torch.float32 if device == "cpu" else torch.float16
    left = torch.randn(matrix, matrix, dtype=torch.float32).to(device, kind)

    def multiply() -> None:
        for _ in range(repeats):
            left @ left
        if device != "cpu":
            torch.cuda.synchronize()

    multiply()
    return repeats * matrix**3 / _seconds(multiply)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
