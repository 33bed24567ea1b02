"""A survey: what reading a folder of articles comes to, before anything is embedded."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from retrieval.reading import files, post
from retrieval.reading.files import UnreadableFile
from retrieval.reading.links.resolve import resolve_all
from retrieval.reading.links.site import Site
from retrieval.reading.post import Post
from retrieval.records import Skipped


@dataclass(frozen=True, slots=True)
class Note:
    """Something about one article that its owner may want to mend."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Lengths:
    """Passage lengths in characters."""

    shortest: int
    p10: int
    median: int
    p90: int
    longest: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What a folder holds, and what is the matter with it."""

    articles: int
    passages: int
    drafts: int
    lengths: Lengths | None
    without_title: tuple[Note, ...]
    """With the title that was made of the file's name."""
    without_date: tuple[Note, ...]
    without_text: tuple[Note, ...]
    without_url: tuple[Note, ...]
    """With the reason why none can be computed."""
    broken_front_matter: tuple[Note, ...]
    """With what was wrong, and the title that was read all the same."""
    duplicates: tuple[Note, ...]
    """With the path of the first article of the same text."""
    skipped: tuple[Skipped, ...]


def survey(folder: Path, site: Site | None = None) -> Survey:
    """Read every article below `folder`. Raises UnusableArticles."""
    posts: list[Post] = []
    skipped: list[Skipped] = []
    for source in files.find(folder):
        try:
            posts.append(post.read(source.path, files.decode(files.read_bytes(source.file))))
        except (UnreadableFile, RecursionError) as exc:
            skipped.append(Skipped(source.path, str(exc)))
    published = [each for each in posts if not each.unpublished]
    return Survey(
        articles=len(published),
        passages=sum(len(each.passages) for each in published),
        drafts=len(posts) - len(published),
        lengths=_lengths([len(passage.text) for each in published for passage in each.passages]),
        without_title=_notes((each, each.article.title) for each in published if not _titled(each.front)),
        without_date=_notes((each, "") for each in published if each.article.date is None),
        without_text=_notes((each, "") for each in published if not each.passages),
        without_url=_without_url(published, site),
        broken_front_matter=_notes(
            (each, f"{each.problem}; read as {each.article.title!r}") for each in published if each.problem
        ),
        duplicates=_duplicates(published),
        skipped=tuple(skipped),
    )


def _notes(found: Iterable[tuple[Post, str]]) -> tuple[Note, ...]:
    return tuple(Note(each.article.path, text) for each, text in found)


def _titled(front: Mapping[str, object]) -> bool:
    return any(key.lower() == "title" and value not in (None, "") for key, value in front.items())


def _without_url(posts: Sequence[Post], site: Site | None) -> tuple[Note, ...]:
    links = resolve_all([(each.article.path, each.front) for each in posts], site)
    return tuple(Note(path, link.reason or "no site is known") for path, link in links.items() if not link.url)


def _duplicates(posts: Sequence[Post]) -> tuple[Note, ...]:
    first: dict[bytes, str] = {}
    notes: list[Note] = []
    for each in posts:
        key = blake2b("\n".join(passage.text for passage in each.passages).encode("utf-8", "replace")).digest()
        path = first.setdefault(key, each.article.path)
        if each.passages and path != each.article.path:
            notes.append(Note(each.article.path, path))
    return tuple(notes)


def _lengths(lengths: Sequence[int]) -> Lengths | None:
    if not lengths:
        return None
    tenths = statistics.quantiles(lengths, n=10, method="inclusive") if len(lengths) > 1 else [lengths[0]] * 9
    return Lengths(min(lengths), round(tenths[0]), round(statistics.median(lengths)), round(tenths[8]), max(lengths))
