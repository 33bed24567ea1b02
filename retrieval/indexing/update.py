"""Update: a new generation that is the live one but for what changed in the articles folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.changes import Changes
from retrieval.indexing.intake import CATALOGUE, Asked, Intake
from retrieval.indexing.reads import Read
from retrieval.indexing.vectors.index import VectorIndex, VectorWriter
from retrieval.reading.files import Source
from retrieval.reading.repeats import Repeated

MOST = 2_000
"""Changed articles up to which the live generation is gone on from, and"""
SHARE = 0.1
"""share of all articles up to which it is, if they are more."""
HELD = 2_000
"""Articles that are held in memory until all are read; more are read a second time, so that memory has a bound."""
DEAD = 0.25
"""Share of dead passages from which on everything is written anew."""


def worth_it(changes: Changes, articles: int, passages: int, rows: int) -> bool:
    """Whether few enough articles changed to go on from a generation of so many articles, passages and rows."""
    count = len(changes.changed) + len(changes.gone)
    dead = 1 - (passages - count * passages / max(1, articles)) / max(1, rows)
    return count <= max(MOST, SHARE * articles) and dead <= DEAD


class Update:
    """Goes on from the generation in `original`, in the folder `target`."""

    def __init__(self, asked: Asked, target: Path, original: Path) -> None:
        self._asked = asked
        self._sources = {source.path: source for source in asked.sources}
        self._before = Catalogue(original / CATALOGUE)
        self.intake = Intake(asked, target, original)
        self.first_new = self.intake.catalogue.rows
        """Number of the first passage that is not in `original`."""
        self._held: dict[str, Read] = {}
        self.removed: list[int] = []
        """Numbers of the passages that are in `original` alone."""

    def take(self, changes: Changes) -> None:
        """Take in what changed."""
        repeated = self.intake.ledger.left_out()
        taken = self._note(changes.changed, changes.gone, repeated)
        found = self.intake.ledger.repeats()
        if found != repeated:
            differing = _difference(found, repeated)
            again = [self._sources[path] for path in sorted(self.intake.ledger.holding(differing))]
            taken |= self._note(again, (), found)
            self.intake.ledger.leave_out(found)
        for each in self._noted(taken, found):
            self.intake.add(each)
        self.intake.resolve(taken)

    def close(self) -> None:
        """Let go of the files, whatever they hold."""
        self._before.close()
        self.intake.discard()

    def _note(self, changed: Iterable[Source], gone: Iterable[str], repeated: Repeated) -> dict[str, Source]:
        """Note what files hold, by their paths; their articles, and others of the same text, are removed."""
        wanted = {source.path: source for source in changed}
        wanted |= self._remove([*wanted, *gone])
        for each in self._asked.read(list(wanted.values()), repeated):
            self.intake.note(each)
            if len(wanted) <= HELD:
                self._held[each.source.path] = each
        return wanted

    def _noted(self, taken: Mapping[str, Source], repeated: Repeated) -> Iterable[Read]:
        """What is in the files that were noted, by path."""
        paths = sorted(taken)
        if taken.keys() <= self._held.keys():
            return (self._held[path] for path in paths)
        self._held.clear()
        return self._asked.read([taken[path] for path in paths], repeated)

    def _remove(self, paths: Iterable[str]) -> dict[str, Source]:
        """Remove the articles at `paths`, and those whose passages they held; give the sources of those that exist."""
        numbers = self.intake.ledger.numbers(paths)
        copies = self._before.same_as(numbers.values())
        others = self._before.articles(number for found in copies.values() for number in found)
        numbers |= self.intake.ledger.numbers(article.path for article in others.values())
        for number in numbers.values():
            self.removed += self.intake.remove(number)
        self.intake.ledger.remove({*paths, *numbers})
        return {path: self._sources[path] for path in numbers if path in self._sources}

    def vectors(self, previous: VectorIndex, target: Path) -> VectorWriter:
        """A writer that has the vectors of all passages but the new ones."""
        writer = VectorWriter.continuing(previous, target)
        writer.remove(previous, [number for number in self.removed if number < self.first_new])
        return writer


def _difference(one: Repeated, other: Repeated) -> Repeated:
    """Lines that only one of both has, by feed."""
    none: frozenset[str] = frozenset()
    return {feed: one.get(feed, none) ^ other.get(feed, none) for feed in {*one, *other}}
