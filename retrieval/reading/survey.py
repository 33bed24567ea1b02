"""A survey: what reading a folder of articles comes to, before anything is embedded."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from retrieval.reading import files, post
from retrieval.reading.customs import USUAL
from retrieval.reading.files import Source, UnreadableFile
from retrieval.reading.lines import LeftOut
from retrieval.reading.links.resolve import resolve_all
from retrieval.reading.links.site import Site
from retrieval.reading.post import Post
from retrieval.reading.repeats import Repeated, Repeats, feed_of
from retrieval.records import Article, Skipped


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
class Dropped:
    """Text that stands on pages and in no passage, because it is boilerplate."""

    rule: str
    text: str
    articles: int
    path: str
    """The first article that has it."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a folder holds, and what is the matter with it."""

    articles: int
    passages: int
    drafts: int
    """With the posts that the site does not show today, because of their dates."""
    lengths: Lengths | None
    without_title: tuple[Note, ...]
    """With the title that was made of the file's name."""
    without_date: tuple[Note, ...]
    without_text: tuple[Note, ...]
    without_url: tuple[Note, ...]
    """With the reason why none can be computed."""
    broken_front_matter: tuple[Note, ...]
    """With what was wrong, and what was read all the same."""
    duplicates: tuple[Note, ...]
    """With the path of the first article of the same text."""
    boilerplate: tuple[Dropped, ...]
    skipped: tuple[Skipped, ...]


def survey(folder: Path, site: Site | None = None) -> Survey:
    """Read every article below `folder`. Raises UnusableArticles."""
    posts, skipped = _read(files.find(folder), site, {})
    repeats = Repeats()
    for each in (each for each in posts if _is_public(each, site)):
        repeats.add(feed_of(each.article), each.ends, each.digest)
    if repeated := repeats.found():
        posts, skipped = _read(files.find(folder), site, repeated)
    published = [each for each in posts if _is_public(each, site)]
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
            (each, f"{each.problem}; read as {_as_read(each.article)}") for each in published if each.problem
        ),
        duplicates=_duplicates(published),
        boilerplate=_boilerplate(published),
        skipped=tuple(skipped),
    )


def _read(sources: Iterable[Source], site: Site | None, repeated: Repeated) -> tuple[list[Post], list[Skipped]]:
    customs = site.customs if site else USUAL
    posts: list[Post] = []
    skipped: list[Skipped] = []
    for source in sources:
        try:
            text = files.decode(files.read_bytes(source.file))
            posts.append(post.read(source.path, text, customs=customs, repeated=repeated))
        except (UnreadableFile, RecursionError) as exc:
            skipped.append(Skipped(source.path, str(exc)))
    return posts, skipped


def _is_public(found: Post, site: Site | None) -> bool:
    return not found.unpublished and (site is None or site.withheld(found.article.path, found.front) is None)


def _boilerplate(posts: Sequence[Post]) -> tuple[Dropped, ...]:
    """What is left out of `posts`, the most frequent first."""
    places: defaultdict[LeftOut, list[str]] = defaultdict(list)
    for each in posts:
        for dropped in dict.fromkeys(each.left_out):
            places[dropped].append(each.article.path)
    found = (Dropped(what.rule, what.text, len(paths), paths[0]) for what, paths in places.items())
    return tuple(sorted(found, key=lambda each: (-each.articles, each.path)))


def _notes(found: Iterable[tuple[Post, str]]) -> tuple[Note, ...]:
    return tuple(Note(each.article.path, text) for each, text in found)


def _as_read(article: Article) -> str:
    day = article.date.isoformat() if article.date else "no date"
    names = [name for name in (article.author, *article.categories, *(f"#{tag}" for tag in article.tags)) if name]
    return " · ".join([repr(article.title), day, *names])


def _titled(front: Mapping[str, object]) -> bool:
    return any(key.lower() == "title" and value not in (None, "") for key, value in front.items())


def _without_url(posts: Sequence[Post], site: Site | None) -> tuple[Note, ...]:
    fronts = [(each.article.path, each.front) for each in posts]
    unread = {each.article.path: reason for each in posts if site and (reason := site.unread(each.front_matter))}
    links = resolve_all(fronts, site, unread=unread)
    return tuple(Note(path, link.reason or "no site is known") for path, link in links.items() if not link.url)


def _duplicates(posts: Sequence[Post]) -> tuple[Note, ...]:
    first: dict[bytes, str] = {}
    notes: list[Note] = []
    for each in posts:
        key = blake2b(each.text.encode("utf-8", "surrogatepass")).digest()
        path = first.setdefault(key, each.article.path)
        if each.passages and path != each.article.path:
            notes.append(Note(each.article.path, path))
    return tuple(notes)


def _lengths(lengths: Sequence[int]) -> Lengths | None:
    if not lengths:
        return None
    tenths = statistics.quantiles(lengths, n=10, method="inclusive") if len(lengths) > 1 else [lengths[0]] * 9
    return Lengths(min(lengths), round(tenths[0]), round(statistics.median(lengths)), round(tenths[8]), max(lengths))
