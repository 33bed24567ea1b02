"""Token ids by sentencepiece are those of the model's tokenizer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from embeddings.packaged import PIECES_FILE, TOKENIZER_FILE
from embeddings.pieces import Pieces

PROMPT = "passage: "
ODD = [
    "",
    " ",
    "x",
    "  two   spaces\tand\u3000wide ones  ",
    "～🈻①ﬁ½㌔",
    "🙂🙃 \u200b\u00ad\ufeff",
    "ﾊﾝｶｸ 半角",
    "é vs e\u0301",
    "北汀岛" * 400,
    "a" * 5_000,
    "-------|-----",
]


@pytest.fixture(scope="module")
def tokenizer(model_cache: Path) -> Tokenizer:
    return Tokenizer.from_file(str(model_cache / TOKENIZER_FILE))


@pytest.fixture(scope="module")
def pieces(model_cache: Path) -> Pieces:
    return Pieces(model_cache / PIECES_FILE, 512)


def test_ids_equal_the_tokenizers(pieces: Pieces, tokenizer: Tokenizer, texts: list[str]) -> None:
    tokenizer.enable_truncation(512)
    for prompt in (PROMPT, "query: "):
        expected = [encoding.ids for encoding in tokenizer.encode_batch([prompt + text for text in texts + ODD])]
        found = pieces.ids(prompt, texts + ODD)
        # Where two ways to cut a row of one character are equally probable, either may be taken.
        assert [sorted(ids) for ids in found] == [sorted(ids) for ids in expected]
        assert sum(map(list.__eq__, found, expected)) >= 0.999 * len(expected) - 1


def test_a_texts_own_tokens_are_those_that_end_behind_the_prompt(
    pieces: Pieces, tokenizer: Tokenizer, texts: list[str]
) -> None:
    tokenizer.no_truncation()
    for text in filter(str.strip, [*texts, *ODD]):
        encoding = tokenizer.encode(PROMPT + text)
        expected = [token for token, (_, end) in zip(encoding.ids, encoding.offsets, strict=True) if end > len(PROMPT)]
        (ids,) = pieces.ids(PROMPT, [text])
        if len(encoding.ids) <= 512 and ids == encoding.ids:
            (own,) = pieces.own(PROMPT, [ids])
            assert ids[own] == expected, text


def test_halves_of_surrogate_pairs_and_names_of_tokens_are_text(pieces: Pieces) -> None:
    odd, named = pieces.ids(PROMPT, ["half \ud800 a pair", "</s><mask>"])
    assert odd[0] == named[0] == 0
    assert odd[-1] == named[-1] == 2
    assert not {0, 1, 2, 250_001} & set(named[1:-1])


def test_the_tokens_of_a_sentence_are_those_that_the_tokenizer_sees_there(
    pieces: Pieces, tokenizer: Tokenizer, texts: list[str]
) -> None:
    """Sentences of twenty characters, wherever these end; texts that begin with a space share it with the prompt."""
    tokenizer.enable_truncation(512)
    texts = [text for text in [*texts, *ODD] if not text[:1].isspace() and "\u0301" not in text]
    spans = [[(at, min(at + 20, len(text))) for at in range(0, len(text), 21)] for text in texts]
    encodings = tokenizer.encode_batch([PROMPT + text for text in texts])
    for encoding, placed, sentences in zip(encodings, pieces.placed(PROMPT, texts, spans), spans, strict=True):
        if encoding.ids != placed.ids:
            continue
        lasts = [end - len(PROMPT) - 1 for _, end in encoding.offsets[:-1]]
        reach = lasts[-1] + 1 if encoding.overflowing else len(PROMPT) + 10_000
        expected = [[at for at, last in enumerate(lasts) if s <= last < e] if e <= reach else [] for s, e in sentences]
        found = [[at for at, last in enumerate(placed.lasts) if s <= last < e] for s, e in placed.sentences]
        assert found == expected
        assert sum(last < 0 for last in placed.lasts) == sum(last < 0 for last in lasts)


def test_a_sentence_that_ends_amid_a_character_is_told_from_none(pieces: Pieces) -> None:
    (placed,) = pieces.placed(PROMPT, ["cafe\u0301 au lait"], [[(0, 4), (5, 13)]])
    assert placed.sentences == [(0, 0), (0, 0)]


def test_spaces_count_once_wherever_they_stand(pieces: Pieces) -> None:
    (placed,) = pieces.placed(PROMPT, ["  One.   Two."], [[(2, 6), (9, 13)]])
    assert placed.sentences == [(0, 4), (5, 9)]
