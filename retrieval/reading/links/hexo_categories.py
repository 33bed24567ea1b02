"""The `:category` of a Hexo post. Source: hexo, models/post.ts and models/category.ts."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.reading.links.link import NoAddress
from retrieval.reading.links.scalars import text_of
from retrieval.reading.links.slugs import slugize


def category_path(front: Mapping[str, object], names: Mapping[str, object], case: int) -> str | None:
    """Slugs of the post's deepest category, joined by slashes; None for a post without categories.

    `names` is the site's `category_map`, `case` its `filename_case`. A flat list is one chain.
    Raises NoAddress for several chains: Hexo takes the category that the whole site made last.
    """
    chains = _chains(front.get("categories") or front.get("category") or [])
    longest = max(chains, key=len, default=())
    if any(chain != longest[: len(chain)] for chain in chains):
        raise NoAddress("the address needs :category, and of several categories Hexo takes the one made last")
    return "/".join(slugize(_named(name, names), case) for name in longest) or None


def _chains(value: object) -> list[tuple[str, ...]]:
    items = value if isinstance(value, list) else [value]
    items = [item for item in items if item is not None and item != ""]
    if not any(isinstance(item, list) for item in items):
        return [_chain(items)]
    return [_chain(item if isinstance(item, list) else [item]) for item in items]


def _chain(items: list[object]) -> tuple[str, ...]:
    return tuple(text_of(item, "a category") for item in items if item is not None and item != "")


def _named(name: str, names: Mapping[str, object]) -> str:
    return text_of(names.get(name) or name, "a category")
