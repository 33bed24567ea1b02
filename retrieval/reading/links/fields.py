"""Front matter fields that hold an article's own or original address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from retrieval.reading.links.link import web_url

TRUSTED = (
    # Where the text was published first, or where it moved.
    "canonical_url",
    "canonicalurl",
    "original_url",
    "originalurl",
    "originallink",
    "origininallink",
    "redirect_to",
    "externalurl",
    "wordpress_url",
    "tumblr_url",
    "blogger_orig_url",
    # What the title points to; the original article in an imported feed.
    "link",
    "external-url",
    "external_url",
    "externallink",
    "source_url",
    "source",
    "copyright_url",
    # Relative in the three generators, and then of no use here; absolute in exports and crawled files.
    "permalink",
    "url",
)
"""Lower-case keys, the best first.

Left out on purpose: `guid` (often a dead `?p=53`), `external_link` (often a placeholder or a repository),
`aliases` and `redirect_from` (old paths), and links to people and pictures.
"""

_PLACEHOLDER = re.compile(r"^(?:www\.)?example\.\w+$")
_REPOSITORY = re.compile(r"^https?://(?:www\.)?(?:github|gitlab|gitee)\.com/[^/]+/[^/]+/?$")


def own_url(front: Mapping[str, object], keys: tuple[str, ...] = TRUSTED) -> str | None:
    """The best trustworthy address in `front`: absolute, public, and of a page rather than a whole site."""
    lowered = {key.lower(): value for key, value in front.items()}
    return next((url for key in keys if (url := _page(lowered.get(key)))), None)


def _page(value: object) -> str | None:
    first = value[0] if isinstance(value, list) and value else value
    url = web_url(first)
    if url is None or _REPOSITORY.match(url):
        return None
    parts = urlsplit(url)
    return url if parts.path.strip("/") and not _PLACEHOLDER.match(parts.hostname or "") else None
