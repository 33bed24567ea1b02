"""The real default model, unpacked once a machine into the user's own cache."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embeddings.encoder import Encoder
from embeddings.errors import NoPackagedModel
from embeddings.model import load_encoder
from embeddings.packaged import unpacked

if TYPE_CHECKING:
    from embeddings.transformer import TransformerEncoder


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """The unpacked model's folder."""
    try:
        return unpacked()
    except NoPackagedModel as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def encoder(model_cache: Path) -> Encoder:
    """The default encoder."""
    return load_encoder()


@pytest.fixture(scope="session")
def transformer(model_cache: Path) -> TransformerEncoder:
    """The same model in float32, by sentence-transformers."""
    from embeddings.transformer import TransformerEncoder

    return TransformerEncoder(model_cache, device="cpu")


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """Twenty texts in each of ten scripts."""
    scripts = json.loads(Path(__file__).with_name("texts.json").read_text(encoding="utf-8"))
    return [text for script in scripts.values() for text in script]
