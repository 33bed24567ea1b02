"""Findings: what a search came to, and the hits made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.indexing.catalogue.stored import StoredPassage
from retrieval.reading.links.fragments import fragment, with_fragment
from retrieval.records import Article, Hit, Mention
from retrieval.searching.evidence import Evidence
from retrieval.searching.highlight import highlight
from retrieval.searching.question import WeightedQuestion
from retrieval.searching.snapshot import Snapshot
from retrieval.searching.stories import Story


@dataclass(frozen=True, slots=True)
class Findings:
    """The stories found for a question in one generation, best first."""

    snapshot: Snapshot
    question: str
    weighted: WeightedQuestion
    stories: Sequence[Story]
    evidence: Evidence | None
    """Of the first one, where there is any."""

    def hits(self, k: int) -> tuple[Hit, ...]:
        """The first `k` stories as hits."""
        shown = self.stories[:k]
        generation = self.snapshot.generation
        # A passage may repeat several stories.
        passages = generation.passages(list({number for story in shown for number in story.passages}))
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
        holders = dict.fromkeys(passages[number].article for number in story.passages)
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
        texts, headings = [each.text for each in neighbours], [each.headings for each in neighbours]
        return with_fragment(article.url, fragment(texts, place, title=article.title, headings=headings))


def _mention(article: Article) -> Mention:
    return Mention(article.title, article.url, article.path)
