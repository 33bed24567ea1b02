"""Findings: what a search came to, and the hits made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from embeddings.encoder import Vectors
from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.indexing.scripts import script_of
from retrieval.reading.links.fragments import fragment, with_fragment
from retrieval.records import Article, Hit, Mention
from retrieval.searching.candidates import Candidate
from retrieval.searching.confidence import (
    ALIGNED_LEAD,
    ALONE,
    COHESION,
    EXCEEDING,
    FIELD,
    LITTLE,
    UNRELATED,
    Evidence,
)
from retrieval.searching.fusion import matched_weight
from retrieval.searching.highlight import highlight
from retrieval.searching.question import WeightedQuestion
from retrieval.searching.snapshot import Snapshot
from retrieval.searching.stories import Story


@dataclass(frozen=True, slots=True)
class Findings:
    """The stories found for a question in one generation, best first."""

    snapshot: Snapshot
    weighted: WeightedQuestion
    stories: Sequence[Story]

    def evidence(self) -> Evidence:
        """What the ranking shows about the first story."""
        first, *others = [story.best for story in self.stories[: 1 + FIELD]]
        mass = self.weighted.mass
        said = mass / (mass + LITTLE)
        aligned_lead, exceeding = _alignment(first, others)
        return Evidence(
            dense=first.dense,
            lead=first.dense - (mean(other.dense for other in others) if others else UNRELATED),
            gap=first.score - others[0].score if others else ALONE,
            ahead=first.score - mean(other.score for other in others) if others else ALONE,
            cohesion=_cohesion([other.vector for other in others]),
            numbers=_share_of_numbers(first.runs, self.weighted.numbers),
            covered=said * matched_weight(first.runs, self.weighted.patterns) / max(mass, 1e-9),
            said=said,
            aligned_lead=aligned_lead,
            exceeding=exceeding,
            same_language=self.weighted.script == script_of(first.runs) and not self.weighted.foreign,
        )

    def hits(self, k: int) -> tuple[Hit, ...]:
        """The first `k` stories as hits."""
        shown = self.stories[:k]
        generation = self.snapshot.generation
        passages = generation.passages([number for story in shown for number in (story.best.passage, *story.repeats)])
        copies = generation.same_as(passage.article for passage in passages.values())
        numbers = [passage.article for passage in passages.values()]
        articles = generation.articles([*numbers, *(copy for found in copies.values() for copy in found)])
        return tuple(self._hit(story, passages, articles, copies) for story in shown)

    def _hit(
        self,
        story: Story,
        passages: Mapping[int, StoredPassage],
        articles: Mapping[int, Article],
        copies: Mapping[int, list[int]],
    ) -> Hit:
        passage = passages[story.best.passage]
        article = articles[passage.article]
        holders = dict.fromkeys(passages[number].article for number in (passage.number, *story.repeats))
        others = dict.fromkeys(each for holder in holders for each in (holder, *copies.get(holder, ())))
        others.pop(passage.article)
        return Hit(
            text=passage.text,
            score=story.best.score,
            highlight=highlight(passage, story.best, self.weighted),
            article=article,
            url=self._link(article, passage),
            also_in=tuple(_mention(articles[number]) for number in others),
        )

    def _link(self, article: Article, passage: StoredPassage) -> str | None:
        """The article's URL with a text fragment that leads to the passage."""
        if article.url is None:
            return None
        neighbours = self.snapshot.generation.passages_of(passage.article)
        place = next(at for at, each in enumerate(neighbours) if each.number == passage.number)
        return with_fragment(article.url, fragment([each.text for each in neighbours], place, title=article.title))


def _mention(article: Article) -> Mention:
    return Mention(article.title, article.url, article.path)


def _cohesion(vectors: Sequence[Vectors]) -> float:
    """Mean cosine of two of n (d,) vectors."""
    if len(vectors) < 2:
        return COHESION
    found = np.array(vectors, dtype=np.float64)
    alone, together = np.square(found).sum(), np.square(found.sum(axis=0)).sum()
    return float(together - alone) / (len(vectors) * (len(vectors) - 1))


def _alignment(first: Candidate, others: Sequence[Candidate]) -> tuple[float, float]:
    """How much nearer the question's tokens come to the first than to the others: on average, and at the nearest."""
    field = [other.aligned for other in others if other.aligned is not None]
    if first.aligned is None or not field:
        return ALIGNED_LEAD, EXCEEDING
    nearness = float(first.aligned.sum())
    return nearness - float(np.mean(field, axis=0).sum()), nearness - float(np.max(field, axis=0).sum())


def _share_of_numbers(runs: str, numbers: Sequence[str]) -> float:
    """-.5 where `runs` holds none of the patterns, .5 where all, 0 where there are none."""
    return sum(number in runs for number in numbers) / len(numbers) - 0.5 if numbers else 0.0
