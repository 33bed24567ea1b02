"""The journal: what was embedded before a crash is not embedded again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import Vectors
from embeddings.stream import Part
from embeddings.together import Spans, Together
from retrieval.errors import UnusableIndex
from retrieval.indexing.build import build_index
from retrieval.indexing.journal import FILE, Journal

TEXTS = ["灯塔的门", "渡轮改点", "A bakery at three"]


@pytest.fixture
def journal(tmp_path: Path, encoder) -> Journal:
    """A journal that holds TEXTS."""
    journal = Journal(tmp_path, encoder)
    journal.encode_passages(TEXTS)
    journal.close()
    encoder.passages.clear()
    return journal


def _again(folder: Path, encoder, texts: list[str]) -> Vectors:
    with closing(Journal(folder, encoder)) as journal:
        return journal.encode_passages(texts)


def test_what_is_remembered_is_not_encoded_again(journal: Journal, tmp_path: Path, encoder) -> None:
    found = _again(tmp_path, encoder, ["new", *TEXTS])
    assert encoder.passages == ["new"]
    np.testing.assert_allclose(found, type(encoder)().encode_passages(["new", *TEXTS]), atol=1e-3)


def test_a_torn_end_and_damage_are_encoded_again(journal: Journal, tmp_path: Path, encoder) -> None:
    content = bytearray((tmp_path / FILE).read_bytes()[:-5])
    content[30] ^= 1
    (tmp_path / FILE).write_bytes(content)
    _again(tmp_path, encoder, TEXTS)
    assert encoder.passages == [TEXTS[0], TEXTS[2]]


def test_another_encoder_remembers_nothing_of_it(journal: Journal, tmp_path: Path, encoder) -> None:
    encoder.name = "another"
    _again(tmp_path, encoder, TEXTS)
    assert encoder.passages == TEXTS


def test_a_rebuild_goes_on_where_a_failed_one_stopped(articles: Path, tmp_path: Path, encoder, monkeypatch) -> None:
    index = tmp_path / "index"
    with monkeypatch.context() as patch:
        patch.setattr("retrieval.indexing.generations.publish", _full)
        with pytest.raises(UnusableIndex, match="No space left on device"):
            build_index(articles, index, encoder=encoder)
    encoded = len(encoder.passages)
    encoder.passages.clear()
    report = build_index(articles, index, encoder=encoder)
    assert encoder.passages == []
    assert (report.embedded, report.reused) == (0, encoded)
    assert not (index / FILE).exists()


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


class Sharing:
    """Writes down what it is given together."""

    name, dimension = "sharing", 2

    def __init__(self) -> None:
        self.together: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1, 0] for _ in texts], np.float32)

    encode_questions = encode_passages

    def encode_together(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Together:
        self.together += texts
        return Together(self.encode_passages(texts), self.encode_passages([""] * sum(map(len, sentences))))


def test_a_passage_and_its_sentences_are_still_encoded_together(tmp_path: Path) -> None:
    """The journal stands between them and the encoder, and hides nothing."""
    encoder = Sharing()
    with closing(Journal(tmp_path, encoder)) as journal:
        list(journal.encode_stream([Part(["One. Two."], [[(0, 4), (5, 9)]], [])]))
    assert encoder.together == ["One. Two."]


def test_of_a_part_only_what_is_not_remembered_is_encoded(journal: Journal, tmp_path: Path, encoder) -> None:
    """Vectors come in the part's order, remembered or not."""
    text = f"{TEXTS[0]} new."
    part = Part([text], [[(0, len(TEXTS[0])), (len(TEXTS[0]) + 1, len(text))]], [TEXTS[1], "single"])
    with closing(Journal(tmp_path, encoder)) as again:
        (found,) = again.encode_stream([part])
    assert encoder.passages == [text, "new.", "single"]
    expected = type(encoder)().encode_passages([text, TEXTS[0], "new.", TEXTS[1], "single"])
    vectors = np.concatenate([found.texts, found.sentences, found.singles])
    np.testing.assert_allclose(vectors, expected, atol=1e-3)
