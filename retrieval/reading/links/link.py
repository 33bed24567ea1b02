"""What is known of an article's address, and which addresses may leave the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from retrieval.errors import RetrievalError
from retrieval.reading.links.hosts import is_public

_UNFIT = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


@dataclass(frozen=True, slots=True)
class Link:
    """The address of an article, or why there is none."""

    url: str | None = None
    reason: str | None = None
    """Why the page's address is not known; `url` is then None, or the article's file in a repository."""


class NoAddress(RetrievalError):
    """The rules at hand do not settle an article's address; the message says why."""


class NotPublic(NoAddress):
    """The site does not show the page today, because of its dates."""


def web_url(text: object) -> str | None:
    """The http or https URL that `text` is, percent-encoded; None for whatever a reader must not be sent to.

    Refused: other schemes, relative and scheme-less URLs, hosts of this machine or its network, user names, and hosts
    made to look like others.
    """
    if not isinstance(text, str):
        return None
    text = text.strip().strip("'\"").strip()
    if not is_web_url(text):
        return None
    scheme, rest = text.split("://", 1)
    end = next((at for at, char in enumerate(rest) if char in "/?#"), len(rest))
    return f"{scheme}://{rest[:end]}" + quote(rest[end:], safe="%/:?#[]@!$&'()*+,;=~")


def is_web_url(url: str) -> bool:
    """Whether `url` is an address that a reader may be sent to as it is."""
    if _UNFIT.search(url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return False
    return is_public(host.rstrip("."))
