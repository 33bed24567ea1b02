"""Files of questions: what is taken, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.commands import evaluation
from retrieval.commands.evaluation import Expected, UnusableQuestions, load_questions

GOOD = '{"question": "潮汐表？", "path": "tide.md", "answers": ["六点"]}'


def test_questions_with_and_without_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f'\ufeff{GOOD}\n\n{{"question": "a\u2028b", "path": null}}\n', encoding="utf-8")
    assert load_questions(file) == [Expected("潮汐表？", "tide.md", ("六点",)), Expected("a\u2028b", None, ())]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not a question"),
        ('{"path": "a.md", "answers": ["b"]}', '"question" is not a text'),
        ('{"question": " ", "path": null}', "the question is empty"),
        ('{"question": "a", "path": 3, "answers": ["b"]}', '"path" is neither'),
        ('{"question": "a", "path": "a.md", "answers": "b"}', '"answers" is not a list'),
        ('{"question": "a", "path": "a.md", "answers": [""]}', '"answers" is not a list'),
        ('{"question": "a", "path": "a.md"}', "go together"),
        ('{"question": "a", "answers": ["b"]}', "go together"),
    ],
)
def test_a_line_that_is_no_question_is_named(line: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(f"{GOOD}\n{line}\n", encoding="utf-8")
    with pytest.raises(UnusableQuestions) as raised:
        load_questions(file)
    assert f"{file}:2: " in str(raised.value)
    assert said in str(raised.value)


def test_a_file_that_is_no_text_and_one_without_questions(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "empty").write_bytes(b"\n")
    for name, said in (("bytes", "not UTF-8"), ("empty", "no question in it"), ("nowhere", "cannot be read")):
        with pytest.raises(UnusableQuestions, match=said):
            load_questions(tmp_path / name)


def test_a_file_that_never_ends_is_not_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "MOST", 1_000)
    with pytest.raises(UnusableQuestions, match="more than 1,000 characters"):
        load_questions(Path("/dev/zero"))
