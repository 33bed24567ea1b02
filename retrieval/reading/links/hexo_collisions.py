"""Posts of a Hexo site whose abbrlink may not be the one that their title gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.reading.links import abbrlink
from retrieval.reading.links.hexo import TOKEN, Hexo


def moved(articles: Sequence[tuple[str, Mapping[str, object]]], site: Hexo) -> set[str]:
    """Paths of the posts (path below the site's folder, front matter) that may have been given the next number."""
    plugin = site.abbrlink
    if plugin is None or not plugin.probes or "abbrlink" not in TOKEN.findall(site.permalink):
        return set()
    posts = site.source_dir.strip("/") + "/_posts/"
    numbers = {
        path: number
        for path, front in articles
        if path.startswith(posts) and (number := abbrlink.number(front, plugin)) is not None
    }
    contested = abbrlink.contested(numbers.values())
    settled = {path for path, front in articles if front.get("permalink") or abbrlink.is_written(front, plugin)}
    return {path for path, number in numbers.items() if number in contested} - settled
