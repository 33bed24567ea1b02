"""The encoder for any model."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.encoder import Encoder
from embeddings.errors import UnusableModel
from embeddings.transformer import _checksum, _prompts

if TYPE_CHECKING:
    from embeddings.transformer import TransformerEncoder


def test_it_is_an_encoder(transformer: TransformerEncoder) -> None:
    assert isinstance(transformer, Encoder)
    assert transformer.dimension == 384


def test_vectors_are_unit_float32_in_order(transformer: TransformerEncoder) -> None:
    texts = ["A long sentence about a lighthouse, its keeper and the weather.", "Fish.", "Bread and butter."]
    vectors = transformer.encode_passages(texts)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[1] @ transformer.encode_passages(["Fish."])[0] > 0.9999


def test_nothing_becomes_an_empty_array(transformer: TransformerEncoder) -> None:
    assert transformer.encode_questions([]).shape == (0, 384)


def test_half_a_surrogate_pair_does_no_harm(transformer: TransformerEncoder) -> None:
    assert np.isfinite(transformer.encode_passages(["half a pair: \ud83d"])).all()


def test_threads_may_share_it(transformer: TransformerEncoder) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(transformer.encode_questions, [["Where?"], ["When does it leave?"]] * 4))
    assert all(np.allclose(one, other, atol=1e-5) for one, other in zip(results[:2], results[2:4], strict=True))


@pytest.mark.parametrize(
    ("prompts", "name", "expected"),
    [
        ({"query": "q: ", "passage": "p: "}, "any/model", ("q: ", "p: ")),
        ({"query": "q: ", "document": "d: "}, "any/model", ("q: ", "d: ")),
        ({"query": "ask ", "document": ""}, "intfloat/e5-small", ("ask ", "")),
        ({"query": "", "document": ""}, "intfloat/multilingual-e5-base", ("query: ", "passage: ")),
        ({}, "models/e5-small-v2", ("query: ", "passage: ")),
        ({}, "intfloat/multilingual-e5-large-instruct", ("", "")),
        ({}, "intfloat/e5-mistral-7b-instruct", ("", "")),
        ({}, "BAAI/bge-m3", ("", "")),
    ],
)
def test_prompts_are_the_models_own_or_its_familys(
    prompts: dict[str, str | None], name: str, expected: tuple[str, str]
) -> None:
    assert _prompts(prompts, name) == expected


def test_the_fingerprint_tells_models_apart(transformer: TransformerEncoder, encoder: Encoder) -> None:
    assert len(transformer.fingerprint) == 32
    assert transformer.fingerprint != getattr(encoder, "fingerprint", None)


def test_sixteen_bits_are_the_same_model(transformer: TransformerEncoder, model_cache: Path, texts: list[str]) -> None:
    """What was embedded in 16 bits on a GPU is asked for in 32 on a CPU: the same fingerprint, the same vectors."""
    from embeddings.transformer import TransformerEncoder

    half = TransformerEncoder(model_cache, device="cpu", half=True)
    assert half.fingerprint == transformer.fingerprint
    cosines = (half.encode_passages(texts[:4]) * transformer.encode_passages(texts[:4])).sum(axis=1)
    assert cosines.min() >= 0.9999


def model_folder(folder: Path) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_the_checksum_follows_the_weights(tmp_path: Path) -> None:
    one, other = model_folder(tmp_path / "one"), model_folder(tmp_path / "other")
    assert _checksum(one) == _checksum(other)
    (other / "model.safetensors").write_bytes(b"Weights")
    assert _checksum(one) != _checksum(other)


def test_the_checksum_passes_over_what_makes_no_vector(tmp_path: Path) -> None:
    folder = model_folder(tmp_path / "model")
    before = _checksum(folder)
    for name in ("README.md", "pytorch_model.bin", "onnx/config.json", ".cache/state.json", "manifest.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("other")
    assert _checksum(folder) == before


def test_a_model_that_cannot_be_loaded_is_one_clear_error(tmp_path: Path) -> None:
    from embeddings.transformer import TransformerEncoder

    with pytest.raises(UnusableModel, match="the model cannot be loaded"):
        TransformerEncoder(model_folder(tmp_path / "broken"), device="cpu")
