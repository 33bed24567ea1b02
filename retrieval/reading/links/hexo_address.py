"""A path on a Hexo site as an address. Source: hexo-util, full_url_for.ts, encode_url.ts and pretty_urls.ts."""

from __future__ import annotations

import re
from urllib.parse import quote

from retrieval.reading.links.link import NoAddress

_NO_PATH = re.compile(r"//|[A-Za-z][A-Za-z0-9+.-]*:")
_UNSAFE = re.compile(r"[?\\\x00-\x1f]|(?:^|/)\.\.?(?:/|$)")


def full_url(base: str, path: str) -> str:
    """The address of `path` on the site at `base`, with non-ASCII characters percent-encoded.

    Raises NoAddress for a path that Hexo, or a browser, would take for something else.
    """
    if _NO_PATH.match(path) or _UNSAFE.search(path):
        raise NoAddress(f"its path {path!r} does not survive as part of an address")
    host = re.match(r"[a-z]+://[^/]*|", base)
    end = host.end() if host else 0
    return base[:end] + encoded(base[end:].rstrip("/") + re.sub("/{2,}", "/", "/" + path))


def encoded(path: str) -> str:
    """`encodeURI(decodeURI(path))` of JavaScript."""
    if re.search("%(?![0-9A-Fa-f]{2})", path):
        raise NoAddress("not published: Hexo drops a post with a lone % in its path")
    return quote(re.sub("(?:%[0-9A-Fa-f]{2})+", _decoded, path), safe=";,/?:@&=+$-_.!~*'()#")


def _decoded(match: re.Match[str]) -> str:
    try:
        text = bytes.fromhex(match[0].replace("%", "")).decode("utf-8")
    except UnicodeDecodeError as exc:
        raise NoAddress("not published: Hexo drops a post whose path holds percent signs that are not UTF-8") from exc
    return "".join(f"%{ord(char):02X}" if char in ";/?:@&=+$,#" else char for char in text)


def pretty(address: str, *, keep_index: bool, keep_html: bool) -> str:
    """`address` after the site's `pretty_urls`."""
    if not keep_index:
        address = address.removesuffix("index.html")
    if not keep_html and not address.endswith("index.html"):
        address = address.removesuffix(".html")
    return address
