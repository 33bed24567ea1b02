"""The benchmark of a GPU, where there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from embeddings.errors import NoPackagedModel
from embeddings.packaged import unpacked

ROOT = Path(__file__).resolve().parents[2]


def test_without_a_gpu_it_says_so_and_stops() -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    command = [sys.executable, "-m", "benchmarks.gpu"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "benchmarks.gpu: no CUDA GPU here; nothing was measured\n"


def test_what_it_measures_is_measured_on_the_cpu_too() -> None:
    """In 32 bits and few passages; a processor has a peak as a card has."""
    from benchmarks.gpu import measure

    try:
        folder = unpacked()
    except NoPackagedModel as error:
        pytest.skip(str(error))
    texts = ["The ferry leaves at seven, in winter an hour later.", "桥在维修，行人可以走旧桥。"]
    figures = measure(folder, texts, "cpu", passages=8, rounds=1, matrix=256)
    assert figures["passages"] == 8
    assert figures["passages_a_second"] > 0
    assert 0 < figures["share_of_peak"] < 2
