"""The formulas of ranking, by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from retrieval.indexing.forward import Terms, units_of
from retrieval.indexing.scripts import COUNT, Script
from retrieval.indexing.vectors.index import ScriptMeans
from retrieval.searching import fusion, languages
from retrieval.searching.confidence import FEATURES, confidence, log_odds
from retrieval.searching.evidence import Evidence
from retrieval.searching.question import parse, weigh
from retrieval.searching.stories import same, shingles


def test_bm25_is_lucenes_without_the_constant() -> None:
    norm = fusion.K1 * (1 - fusion.B + fusion.B * 8 / 4)
    patterns = [("潮汐", 1.0), (" tide ", 3.0), (" gone ", 9.0)]
    scores = fusion.bm25(_terms({" 潮汐潮汐 tide \n tide ": 8, " 潮 汐 ": 4}), patterns, 4)
    assert scores.tolist() == [pytest.approx(2 / (2 + norm) + 3 * 2 / (2 + norm)), 0]
    assert fusion.bm25(_terms({" 潮汐 ": 2}), [], 4).tolist() == [0]


def _terms(lengths: dict[str, float]) -> Terms:
    units = [units_of(runs) for runs in lengths]
    ends = np.cumsum([len(each) for each in units])
    return Terms(np.concatenate(units), ends, np.array(list(lengths.values()), np.float32))


def test_matched_weight_counts_each_pattern_once() -> None:
    assert fusion.matched_weight(" 潮汐潮汐 \n", [("潮汐", 1.0), (" tide ", 3.0)]) == 1.0


def test_a_passage_is_worth_its_best_sentence_and_itself() -> None:
    passages = np.array([0.8, 0.9], dtype=np.float32)
    sentences = np.array([0.7, 0.95, 0.85], dtype=np.float32)
    dense = fusion.dense_scores(passages, sentences, np.array([2, 1]))
    best, whole = fusion.BEST_SENTENCE, fusion.WHOLE_PASSAGE
    assert dense == pytest.approx([best * 0.95 + whole * 0.8, best * 0.85 + whole * 0.9])


def test_fusion_is_a_convex_combination() -> None:
    scores = fusion.fuse(np.array([1.0, 0.7], dtype=np.float32), np.array([1.0, 0.0], dtype=np.float32))
    assert scores == pytest.approx([1.0, 0.0])


def _means(counts: dict[Script, int], vectors: dict[Script, list[float]]) -> ScriptMeans:
    table = np.zeros((COUNT, 3), dtype=np.float32)
    for script, vector in vectors.items():
        table[script] = vector
    return ScriptMeans(np.array([counts.get(script, 0) for script in Script]), table)


def test_a_collection_in_one_language_leaves_questions_as_they_are() -> None:
    means = _means({Script.CHINESE: 500, Script.LATIN: 5}, {Script.CHINESE: [1, 0, 0], Script.LATIN: [0, 1, 0]})
    assert languages.directions(means).shape == (0, 3)
    question = np.array([0.6, 0.0, 0.8], dtype=np.float32)
    neutral = languages.neutral(question, Script.CHINESE, means, languages.directions(means))
    assert neutral.vector == pytest.approx(question)
    assert neutral.offset == 0


def test_the_language_of_a_passage_no_longer_counts() -> None:
    means = _means({Script.CHINESE: 500, Script.LATIN: 500}, {Script.CHINESE: [0.8, 0, 0], Script.LATIN: [0, 0.8, 0]})
    question = np.array([0.6, 0.0, 0.8], dtype=np.float32)
    neutral = languages.neutral(question, Script.CHINESE, means, languages.directions(means))
    chinese, english = np.array([0.6, 0, 0.8]), np.array([0, 0.6, 0.8])
    assert neutral.vector @ chinese == pytest.approx(neutral.vector @ english)
    own = np.array([0.8, 0, 0])
    assert neutral.vector @ own + neutral.offset == pytest.approx(question @ own)


def test_a_question_from_abroad_loses_half_of_what_all_questions_share() -> None:
    means = _means({Script.CHINESE: 500}, {Script.CHINESE: [0.6, 0.4, 0]})
    question, usual = np.array([0.6, 0.0, 0.8], dtype=np.float32), np.array([0.8, 0.2, 0.0], dtype=np.float32)
    found = languages.abroad(question, usual, Script.CYRILLIC, means, languages.directions(means))
    assert found.vector == pytest.approx(question - usual / 2)
    average = means.sentences[Script.CHINESE]
    assert found.vector @ average + found.offset == pytest.approx(question @ average)


@pytest.mark.parametrize(
    ("question", "known", "expected"),
    [
        ("桥是哪一年建成的？", 1, False),
        ("В каком году построен мост?", 1, True),
        ("When was the bridge built?", 1, False),
        ("Wann wurde die Brücke gebaut?", 0, True),
    ],
)
def test_a_question_is_from_abroad_where_nothing_is_in_its_language(question: str, known: int, expected: bool) -> None:
    means = _means({Script.CHINESE: 500, Script.LATIN: 100, Script.CYRILLIC: 20}, {})
    assert languages.is_abroad(weigh(parse(question), lambda _: known, 100), means) is expected


@pytest.mark.parametrize(
    ("latin", "chinese", "expected"), [(30, 50_000, False), (29, 50_000, True), (4, 60, False), (2, 60, True)]
)
def test_a_language_is_known_by_thirty_sentences_or_by_its_share_of_few(
    latin: int, chinese: int, expected: bool
) -> None:
    means = _means({Script.CHINESE: chinese, Script.LATIN: latin}, {})
    weighted = weigh(parse("When was the bridge built?"), lambda _: 1, 100)
    assert languages.is_abroad(weighted, means) is expected


def test_texts_give_or_take_an_edit_are_one_story() -> None:
    text = "三柳镇的石桥在七月二十八日重新通车维修用了九个月花费三百万元桥面加宽了两米"
    assert same(shingles(f" {text} \n x "), shingles(f" {text.replace('花费', '耗资')} \n y "))
    shared = "转载请注明出处未经许可不得使用"
    assert not same(shingles(text + shared), shingles("木桥在八月关闭维修要用三个月行人请走石桥车辆绕行" + shared))


def test_confidence_is_a_probability_that_grows_with_the_evidence() -> None:
    for compared, same_language in product((True, False), repeat=2):
        weak = confidence(Evidence(0.80, 0.0, 0.0, 0.0, 0.85, -0.5, 0.05, 0.6, 0.2, 0.0, -0.1, compared, same_language))
        strong = confidence(Evidence(0.92, 0.09, 0.2, 0.3, 0.85, 0.5, 0.7, 0.8, 0.6, 0.2, 0.1, compared, same_language))
        assert 0 <= weak < 0.5 < strong <= 1
    assert confidence(Evidence(1e9, 1e9, 1e9, 1e9, 1, 1, 1e9, 1, 1, 1, 1, True, True)) == 1.0


def test_where_the_first_regression_leaves_no_doubts_no_other_is_asked() -> None:
    fits = {
        "same_language": dict.fromkeys(FEATURES["same_language"], 0.0) | {"dense": 1.0, "intercept": 0.0},
        "compared": dict.fromkeys(FEATURES["compared"], 0.0) | {"exceeding": 1.0, "intercept": 0.0},
    }
    nothing = Evidence(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -7.0, True, True)
    assert log_odds(nothing, fits) == -7.0
    assert log_odds(replace(nothing, compared=False), fits) == 0.0
    assert log_odds(replace(nothing, dense=5.0), fits) == 5.0
